/** Lambda proxy integration: the request as an event in payload format 1.0, and the function's answer as the response. */
import { bytes, type WireAnswer } from '../../../wire/message.ts';
import { askerOf } from './credentials.ts';
import { invoked } from './function.ts';
import { headerOf, type Context, type Incoming, type Invocation, type Target } from './invocation.ts';
import { isBinary } from './media-types.ts';
import { internalError } from './refused.ts';

/** Throws Refused for whatever goes wrong behind the gateway. */
export async function lambdaProxy(invocation: Invocation, target: Target): Promise<WireAnswer> {
  const { method } = target;
  // With another method the function is never asked; recorded against AWS.
  if (method.methodIntegration!.httpMethod !== 'POST') throw internalError('API_CONFIGURATION_ERROR', 500);
  const { payload, failed } = await asked(invocation, target, eventOf(invocation, target));
  if (failed) throw malformed();
  return answerOf(payload, invocation);
}

const malformed = () => internalError('API_CONFIGURATION_ERROR', 502);

/** Runs the function of an integration. */
export const asked = (invocation: Invocation, target: Target, event: unknown, InvocationType?: string) =>
  invoked(askerOf(invocation, target), {
    uri: target.method.methodIntegration!.uri ?? '',
    variables: invocation.stage.variables,
    traceId: String(invocation.context['xrayTraceId']),
    event,
    InvocationType,
  });

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-input-format */
function eventOf(invocation: Invocation, { resource, pathParameters }: Target) {
  const { request, stage, context, api } = invocation;
  const binary = isBinary(headerOf(request, 'content-type'), api.settings.binaryMediaTypes);
  const body = Buffer.from(request.body);
  return {
    resource: resource.path,
    path: request.path,
    ...saidIn1(request),
    pathParameters: orNull(pathParameters),
    stageVariables: orNull(stage.variables ?? {}),
    requestContext: requestContextOf(context),
    body: body.length === 0 ? null : body.toString(binary ? 'base64' : 'utf8'),
    isBase64Encoded: binary && body.length > 0,
  };
}

/** What functions are told of it. */
export const requestContextOf = ({ error: _error, xrayTraceId: _trace, ...known }: Context) => known;

/** What a request says, in the words of payload format 1.0; of what came more than once, single values are the last. */
export const saidIn1 = (request: Incoming) => ({
  httpMethod: request.method,
  headers: Object.fromEntries(request.headers),
  multiValueHeaders: gathered(request.headers),
  queryStringParameters: orNull(
    Object.fromEntries([...request.query].map(([name, values]) => [name, values.at(-1)!])),
  ),
  multiValueQueryStringParameters: orNull(Object.fromEntries(request.query)),
});

export function gathered(headers: [string, string][]): Record<string, string[]> {
  const all: Record<string, string[]> = {};
  for (const [name, value] of headers) (all[name] ??= []).push(value);
  return all;
}

export const orNull = <T extends object>(map: T): T | null => (Object.keys(map).length === 0 ? null : map);

interface Output {
  statusCode?: unknown;
  headers?: unknown;
  multiValueHeaders?: unknown;
  body?: unknown;
  isBase64Encoded?: unknown;
}

const MEMBERS = new Set(['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded']);

/** What is no object of just these members is no answer; recorded against AWS. */
function answerOf(payload: string, { api, request }: Invocation): WireAnswer {
  const output = parsed(payload);
  const status = Number(output.statusCode ?? 200);
  if (!Number.isInteger(status) || status < 100 || status > 599) throw malformed();
  const { body = '', isBase64Encoded } = output;
  if (body !== null && typeof body === 'object') throw malformed();
  const text = typeof body === 'string' ? body : body === null ? '' : JSON.stringify(body);
  const binary =
    isBase64Encoded === true && isBinary(headerOf(request, 'accept'), api.settings.binaryMediaTypes);
  return {
    status,
    headers: { 'content-type': 'application/json', ...headersOf(output) },
    body: binary ? new Uint8Array(Buffer.from(text, 'base64')) : bytes(text),
  };
}

function parsed(payload: string): Output {
  let output: unknown;
  try {
    output = JSON.parse(payload);
  } catch {
    throw malformed();
  }
  if (typeof output !== 'object' || output === null || Array.isArray(output)) throw malformed();
  if (Object.keys(output).some((member) => !MEMBERS.has(member))) throw malformed();
  return output;
}

/** Single values and lists together, the list first; its names win. */
export function headersOf({ headers, multiValueHeaders }: Output): Record<string, string | string[]> {
  const lists = Object.entries(objectOf(multiValueHeaders)).map(([name, values]) => {
    if (!Array.isArray(values)) throw malformed();
    return [name, values.map(headerText)] as const;
  });
  const singles = Object.entries(objectOf(headers)).map(
    ([name, value]) => [name, [headerText(value)]] as const,
  );
  const all: Record<string, string[]> = {};
  for (const [name, values] of [...lists, ...singles]) {
    const lower = remapped(name.toLowerCase());
    all[lower] = [...(all[lower] ?? []), ...values];
  }
  return Object.fromEntries(
    Object.entries(all).map(([name, values]) => [name, values.length === 1 ? values[0]! : values]),
  );
}

function objectOf(value: unknown): object {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw malformed();
  return value;
}

function headerText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || typeof value === 'number') return String(value);
  throw malformed();
}

/** Headers that are API Gateway's own to set. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html */
const remapped = (name: string): string => (REMAPPED.has(name) ? `x-amzn-remapped-${name}` : name);

const REMAPPED = new Set([
  'connection',
  'content-length',
  'date',
  'host',
  'server',
  'trailer',
  'upgrade',
  'www-authenticate',
]);
