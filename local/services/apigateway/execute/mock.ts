/** Mock integrations: the request template names a status code, and that chooses the answer. */
import type { IntegrationResponse } from '@aws-sdk/client-api-gateway';
import { notModelled } from '../../../errors.ts';
import { bytes, type WireAnswer } from '../../../wire/message.ts';
import { headerOf, type Invocation, type Target } from './invocation.ts';
import { internalError, Refused } from './refused.ts';
import { substituted, valueOf } from './substitute.ts';

export function mocked(invocation: Invocation, { method }: Target): WireAnswer {
  const { requestTemplates = {}, integrationResponses = {}, passthroughBehavior } = method.methodIntegration!;
  const type = headerOf(invocation.request, 'content-type')?.split(';')[0]?.trim() || 'application/json';
  const template = requestTemplates[type] ?? requestTemplates['$default'];
  const passes =
    passthroughBehavior === 'WHEN_NO_MATCH' ||
    (passthroughBehavior === 'WHEN_NO_TEMPLATES' && Object.keys(requestTemplates).length === 0);
  if (template === undefined && !passes)
    throw new Refused('UNSUPPORTED_MEDIA_TYPE', 'BadRequestException', 'Unsupported Media Type');
  const status = statusIn(
    template === undefined ? Buffer.from(invocation.request.body).toString() : plain(template, invocation),
  );
  if (status === undefined) throw internalError('API_CONFIGURATION_ERROR', 500);
  return integrationAnswer(invocation, chosen(Object.values(integrationResponses), status));
}

/** As CDK writes it, the name need not be in quotes: `{ statusCode: 200 }`. */
const statusIn = (text: string): string | undefined =>
  /["']?statusCode["']?\s*:\s*["']?(\d{3})\b/.exec(text)?.[1];

/** The response whose pattern the status matches, else the one without a pattern. */
function chosen(responses: IntegrationResponse[], status: string): IntegrationResponse {
  const found =
    responses.find(
      ({ selectionPattern }) => selectionPattern && new RegExp(`^(?:${selectionPattern})$`, 's').test(status),
    ) ?? responses.find(({ selectionPattern }) => !selectionPattern);
  if (!found) throw internalError('API_CONFIGURATION_ERROR', 500);
  return found;
}

/** The method's response out of an integration's. */
export function integrationAnswer(
  invocation: Invocation,
  { statusCode, responseParameters = {}, responseTemplates = {} }: IntegrationResponse,
  body = '',
): WireAnswer {
  const headers: Record<string, string> = {};
  for (const [place, expression] of Object.entries(responseParameters)) {
    const name = /^method\.response\.header\.(.+)$/.exec(place)?.[1]?.toLowerCase();
    if (expression.startsWith('integration.response.')) throw notModelled(`the mapping ${expression}`);
    const value = valueOf(invocation, expression);
    if (name !== undefined && value !== undefined) headers[name] = value;
  }
  const [contentType, template] = Object.entries(responseTemplates)[0] ?? ['application/json', undefined];
  return {
    status: Number(statusCode),
    headers: { 'content-type': contentType, ...headers },
    body: bytes(template ? plain(template, invocation) : body),
  };
}

/** Templates without directives are variables in a text. */
function plain(template: string, invocation: Invocation): string {
  if (/(^|\n)\s*#|\$(input|util)\b|\$\{/.test(template))
    throw notModelled('mapping templates with more than $context and $stageVariables');
  return substituted(template, invocation, '');
}
