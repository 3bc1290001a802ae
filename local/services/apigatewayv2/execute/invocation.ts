/** One request on its way through a deployed HTTP API. */
import type { World } from '../../../world.ts';
import type { WireRequest } from '../../../wire/message.ts';
import type { Address } from '../../apigateway/execute/address.ts';
import {
  LOOPBACK,
  queryOf,
  sentHeaders,
  type Context,
  type Incoming,
} from '../../apigateway/execute/invocation.ts';
import { valueOf } from '../../apigateway/execute/substitute.ts';
import type { Definition, Route, Stage } from '../api.ts';

export interface Invocation {
  world: World;
  apiId: string;
  definition: Definition;
  stage: Stage & { variables: Record<string, string> | undefined };
  /** Its path is without the stage. */
  request: Incoming;
  /** As it came over the wire, which is what was signed. */
  wire: WireRequest;
  /** As it was sent, without the question mark. */
  query: string;
  /** Known once it is routed. */
  target?: Target;
  context: Context;
  /** What is known of the caller, as events in format 2.0 have it. @default nobody asked */
  authorizer?: object;
  /** Milliseconds that the function took. @default none was asked */
  integrationLatency?: number;
}

export interface Target {
  route: Route;
  /** Decoded. */
  pathParameters: Record<string, string>;
}

/** The route as it is named on whose behalf the gateway calls: `API/STAGE/GET/path`. */
export function placeOf({ apiId, stage }: Invocation, { route: { RouteKey } }: Target): string {
  return `${apiId}/${stage.StageName}/${RouteKey === '$default' ? RouteKey : RouteKey.replace(' ', '')}`;
}

/** What policies call the request: `arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/GET/path`. */
export const routeArn = ({ world, apiId, stage, request }: Invocation): string =>
  `arn:aws:execute-api:${world.region}:${world.account}:${apiId}/${stage.StageName}/${request.method}${request.path}`;

/** What a selection expression such as `$request.header.Authorization` or `$context.routeKey` stands for. @default nothing */
export const selected = (invocation: Invocation, expression: string): string | undefined =>
  valueOf(invocation, expression.replace(/^\$request\./, 'method.request.').replace(/^\$/, '')) || undefined;

/** What clients sent, and what API Gateway adds. */
export function incoming(
  wire: WireRequest,
  { path, query }: Pick<Address, 'path' | 'query'>,
  traceId: string,
): Incoming {
  const { method, headers, body } = wire;
  const forwarded = headers['x-forwarded-for'];
  const own: [string, string][] = [
    ['Content-Length', String(body.length)],
    ['X-Amzn-Trace-Id', traceId],
    ['X-Forwarded-For', forwarded === undefined ? LOOPBACK : `${forwarded}, ${LOOPBACK}`],
    ['X-Forwarded-Port', '443'],
    ['X-Forwarded-Proto', 'https'],
  ];
  const names = new Set([...DROPPED, ...own.map(([name]) => name.toLowerCase())]);
  const sent = sentHeaders(wire).filter(([name]) => !names.has(name.toLowerCase()));
  return {
    method,
    path: path.replace(/^\/+/, '/'),
    headers: [...sent, ...own],
    query: queryOf(query),
    body,
  };
}

/** What only concerns the connection. */
const DROPPED = ['connection', 'expect', 'keep-alive', 'te', 'transfer-encoding', 'trailer', 'upgrade'];
