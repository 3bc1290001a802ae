/** What an HTTP API says to browsers by itself. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html */
import type { Cors } from '@aws-sdk/client-apigatewayv2';
import { EMPTY, type WireAnswer } from '../../../wire/message.ts';
import { headerOf, type Incoming } from '../../apigateway/execute/invocation.ts';
import type { Invocation } from './invocation.ts';

/** The answer to a browser that asks first, whatever routes there are. @default it did not ask */
export function preflight({
  request,
  definition: { cors },
}: {
  request: Incoming;
  definition: { cors: Cors | undefined };
}): WireAnswer | undefined {
  const asks =
    request.method === 'OPTIONS' && headerOf(request, 'access-control-request-method') !== undefined;
  if (!cors || !asks) return undefined;
  const { AllowMethods, AllowHeaders, MaxAge } = cors;
  const granted = grantsOf(cors, request);
  return {
    status: 204,
    headers: {
      ...granted,
      ...(granted && listed('access-control-allow-methods', AllowMethods)),
      ...(granted && listed('access-control-allow-headers', AllowHeaders)),
      ...(granted && MaxAge !== undefined && { 'access-control-max-age': String(MaxAge) }),
    },
    body: EMPTY,
  };
}

/** Where CORS is configured, what a function says of it is not passed on. */
export function withCors({ request, definition: { cors } }: Invocation, answer: WireAnswer): WireAnswer {
  if (!cors) return answer;
  const others = Object.entries(answer.headers).filter(([name]) => !name.startsWith('access-control-'));
  return { ...answer, headers: { ...Object.fromEntries(others), ...told(cors, request) } };
}

/** What an origin that may ask is told with an answer. */
export function told(cors: Cors, request: Incoming): Record<string, string> {
  const granted = grantsOf(cors, request);
  return { ...granted, ...(granted && listed('access-control-expose-headers', cors.ExposeHeaders)) };
}

/** What an origin that may ask is told. */
function grantsOf(cors: Cors, request: Incoming): Record<string, string> | undefined {
  const origin = headerOf(request, 'origin');
  const allowed = cors.AllowOrigins?.find((one) => origin !== undefined && fits(one, origin));
  if (origin === undefined || allowed === undefined) return undefined;
  return {
    'access-control-allow-origin': allowed === '*' ? '*' : origin,
    ...(cors.AllowCredentials && { 'access-control-allow-credentials': 'true' }),
  };
}

/** `*`, `https://*` and the like stand for every origin that begins so. */
const fits = (allowed: string, origin: string): boolean =>
  allowed.endsWith('*')
    ? origin.startsWith(allowed.slice(0, -1))
    : allowed.toLowerCase() === origin.toLowerCase();

const listed = (header: string, values: string[] = []): Record<string, string> =>
  values.length === 0 ? {} : { [header]: values.join(',') };
