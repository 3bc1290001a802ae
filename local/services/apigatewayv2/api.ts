/** The HTTP APIs of an account, each with all that hangs on it. Shapes are the SDK's own, as they are answered. */
import type * as Gateway from '@aws-sdk/client-apigatewayv2';
import type { World } from '../../world.ts';
import { found, newId } from '../apigateway/api.ts';

export interface Api extends Definition {
  settings: Gateway.Api & { ApiId: string; Name: string };
  deployments: Map<string, Deployment>;
  stages: Map<string, Stage>;
}

/** What a deployment freezes. Its parts are replaced, never changed, so that a deployment can share them. */
export interface Definition {
  cors: Gateway.Cors | undefined;
  /** By id. */
  routes: Map<string, Route>;
  /** By id. */
  integrations: Map<string, Integration>;
  /** By id. */
  authorizers: Map<string, Authorizer>;
}

export type Route = Gateway.Route & { RouteId: string; RouteKey: string };

export type Integration = Gateway.Integration & { IntegrationId: string; IntegrationUri: string };

export type Authorizer = Gateway.Authorizer & { AuthorizerId: string; Name: string };

export type Stage = Gateway.Stage & { StageName: string };

export interface Deployment {
  shown: Gateway.Deployment & { DeploymentId: string };
  frozen: Definition;
}

export interface Apis {
  world: World;
  all: Map<string, Api>;
  newId(length: number): string;
  /** Throws NotFoundException, as do all that follow. */
  at(id: string | undefined): Api;
  routeAt(api: Api, id: string | undefined): Route;
  integrationAt(api: Api, id: string | undefined): Integration;
  authorizerAt(api: Api, id: string | undefined): Authorizer;
  stageAt(api: Api, name: string | undefined): Stage;
  deploymentAt(api: Api, id: string | undefined): Deployment;
  /** Freezes an API as it is. */
  deploy(api: Api, description: string | undefined, auto: boolean): Deployment;
  /** Deploys a changed API to its stages that want every change. */
  changed(api: Api): void;
}

export function apisOf(world: World): Apis {
  const all = new Map<string, Api>();
  const apis: Apis = {
    world,
    all,
    newId: (length) => newId(world, length),
    at: (id = '') => found(all.get(id), `Invalid API identifier specified ${world.account}:${id}`),
    routeAt: (api, id = '') => found(api.routes.get(id), `Unable to find Route by key ${id} within the API`),
    integrationAt: (api, id = '') =>
      found(api.integrations.get(id), 'Invalid Integration identifier specified'),
    authorizerAt: (api, id = '') => found(api.authorizers.get(id), 'Invalid Authorizer identifier specified'),
    stageAt: (api, name = '') => found(api.stages.get(name), 'Invalid stage identifier specified'),
    deploymentAt: (api, id = '') => found(api.deployments.get(id), 'Invalid deployment identifier specified'),
    deploy(api, description, auto) {
      const deployment: Deployment = {
        shown: {
          DeploymentId: apis.newId(6),
          CreatedDate: new Date(world.clock.now()),
          DeploymentStatus: 'DEPLOYED',
          AutoDeployed: auto,
          ...(description !== undefined && { Description: description }),
        },
        frozen: {
          cors: api.cors,
          routes: new Map(api.routes),
          integrations: new Map(api.integrations),
          authorizers: new Map(api.authorizers),
        },
      };
      api.deployments.set(deployment.shown.DeploymentId, deployment);
      return deployment;
    },
    changed(api) {
      const following = [...api.stages.values()].filter(({ AutoDeploy }) => AutoDeploy);
      if (following.length === 0) return;
      const { shown } = apis.deploy(api, AUTOMATIC, true);
      for (const stage of following) {
        api.stages.set(stage.StageName, { ...stage, DeploymentId: shown.DeploymentId });
        if (stage.DeploymentId !== undefined) dropUnused(api, stage.DeploymentId);
      }
    },
  };
  return apis;
}

const AUTOMATIC = 'Automatic deployment triggered by changes to the Api configuration';

/** Of automatic deployments only those that are served are kept; AWS keeps more of them. */
function dropUnused(api: Api, id: string): void {
  const served = [...api.stages.values()].some(({ DeploymentId }) => DeploymentId === id);
  if (!served && api.deployments.get(id)?.shown.AutoDeployed) api.deployments.delete(id);
}
