/** Asks the function behind a route, and makes its answer the response. */
import { bytes, type WireAnswer } from '../../../wire/message.ts';
import { invoked } from '../../apigateway/execute/function.ts';
import { headersOf } from '../../apigateway/execute/lambda-proxy.ts';
import { internalError } from '../../apigateway/execute/refused.ts';
import type { Integration } from '../api.ts';
import { eventIn1, eventIn2 } from './events.ts';
import { placeOf, type Invocation, type Target } from './invocation.ts';

/** Throws Refused for whatever goes wrong behind the API. */
export async function lambdaProxy(
  invocation: Invocation,
  target: Target,
  integration: Integration,
): Promise<WireAnswer> {
  const { payload, failed } = await asked(invocation, target, integration);
  if (failed) throw broken();
  return answerOf(payload, {
    mayInfer: integration.PayloadFormatVersion === '2.0',
    contentType: 'text/plain; charset=utf-8',
  });
}

const broken = () => internalError('API_CONFIGURATION_ERROR', 500);

function asked(invocation: Invocation, target: Target, integration: Integration) {
  const { world, stage, context } = invocation;
  return invoked(
    { world, place: placeOf(invocation, target), role: integration.CredentialsArn },
    {
      uri: integration.IntegrationUri,
      variables: stage.variables,
      traceId: String(context['xrayTraceId']),
      event: (integration.PayloadFormatVersion === '2.0' ? eventIn2 : eventIn1)(invocation, target),
    },
  );
}

interface Output {
  statusCode?: unknown;
  headers?: unknown;
  multiValueHeaders?: unknown;
  cookies?: unknown;
  body?: unknown;
  isBase64Encoded?: unknown;
}

/**
 * Throws Refused for what is no answer. @param contentType of an answer that does not say. In format 2.0 what has no status is the body as it is, be it JSON or not; in format 1.0 it is no answer. Recorded
 * against AWS: https://github.com/aws/aws-lambda-dotnet/tree/master/Tools/LambdaTestTool-v2
 */
export function answerOf(
  payload: string,
  { mayInfer, contentType }: { mayInfer: boolean; contentType: string },
): WireAnswer {
  const output = parsed(payload);
  if (output?.statusCode === undefined) {
    if (!mayInfer) throw broken();
    return { status: 200, headers: { 'content-type': 'application/json' }, body: bytes(payload) };
  }
  const { body = '', isBase64Encoded, cookies } = output;
  const status = Number(output.statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599) throw broken();
  const text = typeof body === 'string' ? body : body === null ? '' : JSON.stringify(body);
  const headers = headersOf(output);
  return {
    status,
    headers: {
      'content-type': contentType,
      ...headers,
      ...(Array.isArray(cookies) && {
        'set-cookie': [headers['set-cookie'] ?? [], cookies.map(String)].flat(),
      }),
    },
    body: isBase64Encoded === true ? new Uint8Array(Buffer.from(text, 'base64')) : bytes(text),
  };
}

function parsed(payload: string): Output | undefined {
  try {
    const output = JSON.parse(payload) as unknown;
    return typeof output === 'object' && output !== null && !Array.isArray(output) ? output : undefined;
  } catch {
    return undefined;
  }
}
