/** One request on its way through a deployed API. */
import type { World } from '../../../world.ts';
import type { WireRequest } from '../../../wire/message.ts';
import type { Definition, Method, Resource, Stage } from '../api.ts';
import type { Address } from './address.ts';

export interface Invocation {
  world: World;
  apiId: string;
  api: Definition;
  stage: Stage;
  request: Incoming;
  /** As it came over the wire, which is what was signed. */
  wire: WireRequest;
  /** Known once it is routed. */
  target?: Target;
  context: Context;
  /** The value of the API key that an authorizer named. @default none did */
  usageKey?: string | undefined;
  /** Milliseconds that the integration took. @default none was asked */
  integrationLatency?: number;
}

export interface Target {
  resource: Resource;
  method: Method;
  /** As they were sent. */
  pathParameters: Record<string, string>;
}

export interface Incoming {
  method: string;
  /** Without the stage; slashes in front are one. */
  path: string;
  /** As they were sent, and what API Gateway adds. */
  headers: [name: string, value: string][];
  query: Map<string, string[]>;
  body: Uint8Array;
}

/** `$context` of templates and logs, and `requestContext` of events. */
export interface Context {
  requestId: string;
  extendedRequestId: string;
  identity: Record<string, string | null>;
  [name: string]: unknown;
}

export function incoming(wire: WireRequest, { path, query }: Address, traceId: string): Incoming {
  const { method, headers, body } = wire;
  const kept = sentHeaders(wire)
    .filter(([name]) => !DROPPED.has(name.toLowerCase()))
    .map(([name, value]): [string, string] => [CAPITALIZED[name.toLowerCase()] ?? name, value]);
  const forwarded = headers['x-forwarded-for'];
  const others = kept.filter(([name]) => !ADDED.has(name.toLowerCase()));
  return {
    method,
    path: path.replace(/^\/+/, '/'),
    headers: [
      ...others,
      ['X-Amzn-Trace-Id', traceId],
      ['X-Forwarded-For', forwarded === undefined ? LOOPBACK : `${forwarded}, ${LOOPBACK}`],
      ['X-Forwarded-Port', '443'],
      ['X-Forwarded-Proto', 'https'],
    ],
    query: queryOf(query),
    body,
  };
}

/** Headers as they were sent, in their order. */
export const sentHeaders = ({ rawHeaders, headers }: WireRequest): [name: string, value: string][] =>
  rawHeaders ? pairs(rawHeaders) : Object.entries(headers).flatMap(given);

export function queryOf(query: string): Map<string, string[]> {
  const values = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(query))
    values.set(name, [...(values.get(name) ?? []), value]);
  return values;
}

export const LOOPBACK = '127.0.0.1';

/** The last of the header's values, whatever its case. */
export const headerOf = ({ headers }: Incoming, name: string): string | undefined =>
  headers.findLast(([sent]) => sent.toLowerCase() === name.toLowerCase())?.[1];

const pairs = (raw: string[]): [string, string][] =>
  raw.flatMap((name, i): [string, string][] => (i % 2 === 0 ? [[name, raw[i + 1] ?? '']] : []));

const given = ([name, value]: [string, string | undefined]): [string, string][] =>
  value === undefined ? [] : [[name, value]];

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html */
const DROPPED = new Set([
  'connection',
  'content-length',
  'content-md5',
  'expect',
  'max-forwards',
  'proxy-authenticate',
  'server',
  'te',
  'transfer-encoding',
  'trailer',
  'upgrade',
  'www-authenticate',
]);

/** Only these lose the case in which they were sent; recorded against AWS. */
const CAPITALIZED: Record<string, string> = { authorization: 'Authorization', 'user-agent': 'User-Agent' };

const ADDED = new Set(['x-amzn-trace-id', 'x-forwarded-for', 'x-forwarded-port', 'x-forwarded-proto']);

/** Everything but what routing and authentication find out. */
export function contextOf(
  { account, region, clock, random }: World,
  { apiId, host, path }: Address,
  { deploymentId, stageName }: Stage,
  { method, headers }: WireRequest,
  requestId: string,
): Context {
  const now = clock.now();
  const domainName = host ?? `${apiId}.execute-api.${region}.amazonaws.com`;
  return {
    extendedRequestId: `${random.letters(15)}=`,
    requestTime: clfTime(now),
    path: `/${stageName}${path}`,
    accountId: account,
    protocol: 'HTTP/1.1',
    stage: stageName,
    domainPrefix: domainName.split('.')[0],
    requestTimeEpoch: now,
    requestId,
    identity: {
      cognitoIdentityPoolId: null,
      accountId: null,
      cognitoIdentityId: null,
      caller: null,
      sourceIp: LOOPBACK,
      principalOrgId: null,
      accessKey: null,
      cognitoAuthenticationType: null,
      cognitoAuthenticationProvider: null,
      userArn: null,
      userAgent: headers['user-agent'] ?? null,
      user: null,
    },
    domainName,
    deploymentId,
    apiId,
    httpMethod: method,
  };
}

/** `01/Jan/2030:00:00:00 +0000` */
function clfTime(at: number): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(at).toUTCString())!;
  return `${day}/${month}/${year}:${time} +0000`;
}

/** `Root=1-…` as the client sent it, or a new one. */
export function traceOf({ headers }: WireRequest, { clock, random }: World): string {
  const sent = headers['x-amzn-trace-id'];
  if (sent?.includes('Root=')) return sent;
  return `Root=1-${Math.floor(clock.now() / 1000).toString(16)}-${random.hex(24)}`;
}
