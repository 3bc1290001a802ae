/** A refusal in the words that the API chose for it. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html */
import type { GatewayResponse } from '@aws-sdk/client-api-gateway';
import { bytes, type WireAnswer } from '../../../wire/message.ts';
import { responseOf } from '../gateway-responses.ts';
import { headerOf, type Invocation } from './invocation.ts';
import type { Refused } from './refused.ts';
import { substituted, valueOf } from './substitute.ts';

export function worded(refused: Refused, invocation: Invocation): WireAnswer {
  const { type, errorType, validation = '' } = refused;
  const message = refused.message || null;
  invocation.context['error'] = {
    message,
    messageString: JSON.stringify(message),
    responseType: type,
    validationErrorString: JSON.stringify(validation),
  };
  const response = responseOf(invocation.api, type);
  const { contentType, template } = templateOf(response, headerOf(invocation.request, 'accept'));
  const text =
    type === 'ACCESS_DENIED' && response.defaultResponse && template === STANDARD
      ? JSON.stringify({ Message: message }) // recorded against AWS: with a capital, unlike all others
      : substituted(template, invocation, '');
  const status = response.defaultResponse ? (refused.status ?? response.statusCode) : response.statusCode;
  return {
    status: Number(status ?? 500),
    headers: {
      'content-type': contentType,
      'x-amzn-errortype': errorType,
      ...headersOf(response, invocation),
    },
    body: bytes(text),
  };
}

const STANDARD = '{"message":$context.error.messageString}';

/** The template for what the client accepts, else the one for JSON, else the only one. */
function templateOf(
  { responseTemplates = {} }: GatewayResponse,
  accept = '',
): { contentType: string; template: string } {
  const accepted = accept.split(',').map((type) => type.split(';')[0]!.trim());
  const types = Object.keys(responseTemplates);
  const contentType =
    accepted.find((type) => types.includes(type)) ??
    (types.includes('application/json') ? 'application/json' : (types[0] ?? 'application/json'));
  return { contentType, template: responseTemplates[contentType] ?? '' };
}

function headersOf(
  { responseParameters = {} }: GatewayResponse,
  invocation: Invocation,
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [place, expression] of Object.entries(responseParameters)) {
    const name = /^gatewayresponse\.header\.(.+)$/.exec(place)?.[1]?.toLowerCase();
    const value = valueOf(invocation, expression);
    if (name !== undefined && value !== undefined) headers[name] = value;
  }
  return headers;
}
