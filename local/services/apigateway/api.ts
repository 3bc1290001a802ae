/** The REST APIs of an account, each with all that hangs on it. Shapes are the SDK's own, as they are answered. */
import type * as Gateway from '@aws-sdk/client-api-gateway';
import type { World } from '../../world.ts';
import { notFound } from './errors.ts';

export interface Api extends Definition {
  id: string;
  deployments: Map<string, Deployment>;
  stages: Map<string, Stage>;
}

/** What a deployment freezes. */
export interface Definition {
  settings: Gateway.RestApi & { id: string; name: string; rootResourceId: string };
  /** By id; the root is among them. */
  resources: Map<string, Resource>;
  /** By name. */
  models: Map<string, Gateway.Model & { name: string; contentType: string }>;
  /** By id. */
  validators: Map<string, Gateway.RequestValidator & { id: string }>;
  /** By id. */
  authorizers: Map<string, Authorizer>;
  /** Those that were put, by type. */
  responses: Map<string, Gateway.GatewayResponse>;
}

export type Resource = Gateway.Resource & {
  id: string;
  /** `/orders/{id}` */
  path: string;
  resourceMethods: Record<string, Method>;
};

export type Method = Gateway.Method & { httpMethod: string };

export type Authorizer = Gateway.Authorizer & { id: string; name: string };

export type Stage = Gateway.Stage & { stageName: string; deploymentId: string };

export interface Deployment {
  id: string;
  created: Date;
  description: string | undefined;
  frozen: Definition;
}

export interface Apis {
  world: World;
  all: Map<string, Api>;
  /** A new identifier: lower-case letters and digits. */
  newId(length: number): string;
  /** Throws NotFoundException, as do all that follow. */
  at(id: string | undefined): Api;
  resourceAt(api: Api, id: string | undefined): Resource;
  methodAt(api: Api, resourceId: string | undefined, httpMethod: string | undefined): Method;
  stageAt(api: Api, name: string | undefined): Stage;
  deploymentAt(api: Api, id: string | undefined): Deployment;
}

export function apisOf(world: World): Apis {
  const all = new Map<string, Api>();
  const resourceAt = (api: Api, id = '') =>
    found(api.resources.get(id), 'Invalid Resource identifier specified');
  return {
    world,
    all,
    newId: (length) => newId(world, length),
    at: (id = '') => found(all.get(id), `Invalid API identifier specified ${world.account}:${id}`),
    resourceAt,
    methodAt: (api, resourceId, httpMethod = '') =>
      found(resourceAt(api, resourceId).resourceMethods[httpMethod], 'Invalid Method identifier specified'),
    stageAt: (api, name = '') => found(api.stages.get(name), 'Invalid stage identifier specified'),
    deploymentAt: (api, id = '') => found(api.deployments.get(id), 'Invalid Deployment identifier specified'),
  };
}

export const newId = ({ random }: World, length: number): string =>
  Array.from({ length }, () => CHARACTERS[random.integer(0, CHARACTERS.length - 1)]).join('');

const CHARACTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Texts as recorded against AWS (LocalStack's snapshots of its API Gateway tests). */
export function found<T>(value: T | undefined, otherwise: string): T {
  if (value === undefined) throw notFound(otherwise);
  return value;
}
