/** A request as an event. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
import { gathered, orNull, saidIn1 } from '../../apigateway/execute/lambda-proxy.ts';
import { headerOf, type Incoming } from '../../apigateway/execute/invocation.ts';
import type { Invocation, Target } from './invocation.ts';
import { decoded } from './routing.ts';

/** Payload format 1.0: what is not there is null. */
export function eventIn1({ request, stage, context }: Invocation, { route, pathParameters }: Target) {
  const [, resource = route.RouteKey] = route.RouteKey.split(' ');
  const { error: _error, xrayTraceId: _trace, routeKey: _key, deploymentId: _id, ...known } = context;
  return {
    version: '1.0',
    resource,
    path: context['path'],
    ...saidIn1(request),
    requestContext: { ...known, resourceId: route.RouteKey, resourcePath: resource },
    pathParameters: orNull(pathParameters),
    stageVariables: orNull(stage.variables ?? {}),
    body: bodyOf(request) ?? null,
    isBase64Encoded: isBinary(request),
  };
}

/** As much as format 2.0 tells. */
type Asked = Pick<Invocation, 'request' | 'context' | 'query' | 'authorizer'> & {
  stage: Pick<Invocation['stage'], 'variables'>;
};
type Asking = Pick<Target, 'pathParameters'> & { route: Pick<Target['route'], 'RouteKey'> };

/** Payload format 2.0: what is not there is left out, what came more than once is joined by commas. */
export function eventIn2(invocation: Asked, { route, pathParameters }: Asking) {
  const { request, stage, context, query } = invocation;
  const cookies = request.headers.filter(([name]) => name.toLowerCase() === 'cookie');
  const path = decoded(String(context['path']));
  const body = bodyOf(request);
  return {
    version: '2.0',
    routeKey: route.RouteKey,
    rawPath: path,
    rawQueryString: query,
    ...(cookies.length > 0 && { cookies: cookies.flatMap(([, value]) => value.split('; ')) }),
    headers: joined(
      request.headers
        .map(([name, value]): [string, string] => [name.toLowerCase(), value])
        .filter(([name]) => name !== 'cookie'),
    ),
    ...(request.query.size > 0 && {
      queryStringParameters: Object.fromEntries(
        [...request.query].map(([name, values]) => [name, values.join(',')]),
      ),
    }),
    requestContext: requestContext(invocation, route.RouteKey, path),
    ...(Object.keys(pathParameters).length > 0 && { pathParameters }),
    ...(Object.keys(stage.variables ?? {}).length > 0 && { stageVariables: stage.variables }),
    ...(body !== undefined && { body }),
    isBase64Encoded: isBinary(request),
  };
}

function requestContext({ request, context, authorizer }: Asked, routeKey: string, path: string) {
  const { accountId, apiId, domainName, domainPrefix, requestId, stage, identity } = context;
  return {
    accountId,
    apiId,
    ...(authorizer && { authorizer }),
    domainName,
    domainPrefix,
    http: {
      method: request.method,
      path,
      protocol: 'HTTP/1.1',
      sourceIp: identity['sourceIp'],
      userAgent: identity['userAgent'] ?? '',
    },
    requestId,
    routeKey,
    stage,
    time: context['requestTime'],
    timeEpoch: context['requestTimeEpoch'],
  };
}

function joined(headers: [string, string][]): Record<string, string> {
  const all = Object.entries(gathered(headers));
  return Object.fromEntries(all.map(([name, values]) => [name, values.join(',')]));
}

const bodyOf = (request: Incoming): string | undefined =>
  request.body.length === 0
    ? undefined
    : Buffer.from(request.body).toString(isBinary(request) ? 'base64' : 'utf8');

/** A form is no text to an HTTP API. */
function isBinary(request: Incoming): boolean {
  const type = headerOf(request, 'content-type')?.split(';')[0]!.trim().toLowerCase() ?? 'text/plain';
  return request.body.length > 0 && !TEXT.test(type);
}

const TEXT = /^(text\/.*|application\/(json|xml|javascript|.*\+json|.*\+xml))$/;
