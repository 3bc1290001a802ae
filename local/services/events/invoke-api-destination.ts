/**
 * One request to an API destination, in the words of its connection. On AWS this is no operation of its own, but an
 * action that the role of a target must be allowed: `events:InvokeApiDestination`.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html
 */
import type * as EventBridge from '@aws-sdk/client-eventbridge';
import { exchanging, NoAnswer, type HttpAnswer, type HttpRequest } from '../../wire/outgoing.ts';
import type { World } from '../../world.ts';
import { buckets } from '../apigateway/execute/token-bucket.ts';
import type { ApiDestination, ApiDestinations } from './api-destination.ts';
import { notFound } from './bus.ts';
import { deauthorize, pairs, type Connection, type Connections } from './connection.ts';
import { HttpFailure, LONGEST_MS } from './failures.ts';
import type { Tokens } from './tokens.ts';

export interface Invocation {
  ApiDestinationArn: string;
  /** Their values taken out of the event. @default none */
  HttpParameters?: EventBridge.HttpParameters | undefined;
  Body: string;
}

/** The parameters of a target with their values as `value` takes them out of an event. */
export function filled(
  { PathParameterValues = [], HeaderParameters, QueryStringParameters }: EventBridge.HttpParameters = {},
  value: (given: string) => string,
): EventBridge.HttpParameters {
  const values = (given: Record<string, string> = {}) =>
    Object.fromEntries(Object.entries(given).map(([name, one]) => [name, value(one)]));
  return {
    PathParameterValues: PathParameterValues.map(value),
    HeaderParameters: values(HeaderParameters),
    QueryStringParameters: values(QueryStringParameters),
  };
}

/** Waits for its turn as the rate says; throws HttpFailure for what is not answered by a status of 200 to 299. */
export function invokeApiDestination(
  world: World,
  connections: Connections,
  destinations: ApiDestinations,
  tokens: Tokens,
) {
  const take = buckets(world.clock);
  const exchange = exchanging(world, LONGEST_MS);
  return async ({ ApiDestinationArn: arn, HttpParameters = {}, Body }: Invocation): Promise<object> => {
    const destination = destinations.withArn(arn);
    if (!destination) throw notFound(`An api-destination '${arn}' does not exist.`);
    const connection = connections.withArn(destination.connectionArn);
    while (!take(arn, destination.rate, destination.rate)) await world.clock.sleep(1000 / destination.rate);
    const authorization = connection && (await authorizationOf(connection, tokens));
    if (!authorization)
      throw new HttpFailure('The connection is not authorized.', 'SDK_CLIENT_ERROR', { retriable: false });
    const request = requestOf(destination, connection, authorization, HttpParameters, Body);
    const answer = await exchange(request).catch((error: unknown) => {
      throw error instanceof NoAnswer ? unanswered(error) : error;
    });
    if (UNAUTHORIZED.has(answer.status)) refuse(connection, tokens);
    if (answer.status < 200 || answer.status > 299) throw refusedBy(answer, world.clock.now());
    return {};
  };
}

/** The header by which a connection is authorized. @default it is not */
async function authorizationOf(
  connection: Connection,
  tokens: Tokens,
): Promise<[name: string, value: string] | undefined> {
  if (connection.state === 'DEAUTHORIZED') return undefined;
  const { ApiKeyAuthParameters: key, BasicAuthParameters: basic } = connection.parameters;
  if (key) return [key.ApiKeyName!, key.ApiKeyValue!];
  if (basic) {
    const credentials = Buffer.from(`${basic.Username}:${basic.Password}`).toString('base64');
    return ['authorization', `Basic ${credentials}`];
  }
  const token = await tokens.of(connection);
  return token === undefined ? undefined : ['authorization', `Bearer ${token}`];
}

const UNAUTHORIZED = new Set([401, 407]);

/** Tokens can be renewed, other credentials cannot. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-target-connection-deauthorize.html */
function refuse(connection: Connection, tokens: Tokens): void {
  if (connection.type === 'OAUTH_CLIENT_CREDENTIALS') tokens.drop(connection);
  else deauthorize(connection, 'An endpoint did not accept the credentials of the connection.');
}

function requestOf(
  { endpoint, method }: ApiDestination,
  { parameters }: Connection,
  authorization: [name: string, value: string],
  { PathParameterValues = [], HeaderParameters = {}, QueryStringParameters = {} }: EventBridge.HttpParameters,
  input: string,
): HttpRequest {
  const own = parameters.InvocationHttpParameters ?? {};
  const values = PathParameterValues.values();
  const url = new URL(endpoint.replaceAll('*', () => encodeURIComponent(values.next().value ?? '*')));
  for (const [name, value] of [...Object.entries(QueryStringParameters), ...pairs(own.QueryStringParameters)])
    url.searchParams.append(name, value);
  const body = withMembers(input, pairs(own.BodyParameters));
  const given = [...Object.entries(HeaderParameters), ...pairs(own.HeaderParameters), authorization];
  return {
    method,
    url,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      ...Object.fromEntries(
        given
          .map(([name, value]) => [name.toLowerCase(), value] as const)
          .filter(([name]) => !REMOVED.has(name)),
      ),
      'user-agent': 'Amazon/EventBridge/ApiDestinations',
      range: 'bytes=0-1048575',
      'accept-encoding': 'gzip,deflate',
      connection: 'close',
      'content-length': String(Buffer.byteLength(body)),
    },
    body,
  };
}

/** A body that is an object has the connection's members besides. */
function withMembers(input: string, members: [string, string][]): string {
  if (members.length === 0) return input;
  const body = JSON.parse(input) as unknown;
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
  return isObject ? JSON.stringify({ ...body, ...Object.fromEntries(members) }) : input;
}

/** Headers that EventBridge takes out of what customers give. */
const REMOVED = new Set(
  `a-im accept-charset accept-datetime accept-encoding cache-control connection content-encoding content-length
   content-md5 date expect forwarded from host http2-settings if-match if-modified-since if-none-match if-range
   if-unmodified-since max-forwards origin pragma proxy-authorization range referer te trailer transfer-encoding
   user-agent upgrade via warning`.split(/\s+/),
);

/** Codes and texts as in dead letters of AWS that others have published. */
const unanswered = ({ timedOut }: NoAnswer) =>
  timedOut
    ? new HttpFailure('Timeout calling endpoint for API Destination: socket closed.', 'UNKNOWN', {
        retriable: true,
      })
    : new HttpFailure('API destination endpoint cannot be reached.', 'SDK_CLIENT_ERROR', { retriable: true });

/** Of these and of 500 and above the next attempt may be answered better. */
const RETRIED = new Set([401, 407, 409, 429]);

function refusedBy({ status, retryAfter, body }: HttpAnswer, now: number): HttpFailure {
  const code = status === 429 ? 'THROTTLING' : status >= 500 ? 'ERROR_FROM_TARGET' : 'SDK_CLIENT_ERROR';
  return new HttpFailure(`API destination returned HTTP status ${status} with payload: ${body}`, code, {
    retriable: status >= 500 || RETRIED.has(status),
    retryAfterMs: waitOf(retryAfter, now),
  });
}

/** Seconds or a date, in milliseconds from now. */
function waitOf(header: string | undefined, now: number): number {
  if (header === undefined) return 0;
  const seconds = Number(header);
  if (!Number.isNaN(seconds)) return seconds * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}
