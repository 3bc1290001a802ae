/** The response of a method out of what came of its integration. */
import { notModelled } from '../../../errors.ts';
import { bytes, type WireAnswer } from '../../../wire/message.ts';
import type { Invocation, Target } from './invocation.ts';
import { mapped } from './mapping.ts';
import { internalError } from './refused.ts';
import { valueOf } from './substitute.ts';

/** @param selector what patterns are held against: a status, or the error of a function; none for a function that succeeded */
export function integrationAnswer(
  invocation: Invocation,
  { method }: Target,
  selector: string | undefined,
  body: string,
): WireAnswer {
  const responses = Object.values(method.methodIntegration!.integrationResponses ?? {});
  const chosen =
    responses.find(({ selectionPattern }) => selector !== undefined && fits(selectionPattern, selector)) ??
    responses.find(({ selectionPattern }) => !selectionPattern);
  if (!chosen) throw internalError('API_CONFIGURATION_ERROR', 500);
  const headers: Record<string, string> = {};
  for (const [place, expression] of Object.entries(chosen.responseParameters ?? {})) {
    const name = /^method\.response\.header\.(.+)$/.exec(place)?.[1]?.toLowerCase();
    if (expression.startsWith('integration.response.')) throw notModelled(`the mapping ${expression}`);
    const value = valueOf(invocation, expression);
    if (name !== undefined && value !== undefined) headers[name] = value;
  }
  const [contentType, template] = Object.entries(chosen.responseTemplates ?? {})[0] ?? [
    'application/json',
    '',
  ];
  return {
    status: Number(chosen.statusCode),
    headers: { 'content-type': contentType, ...headers },
    body: bytes(template ? mapped(template, invocation, body) : body),
  };
}

const fits = (pattern: string | undefined, selector: string): boolean =>
  Boolean(pattern) && new RegExp(`^(?:${pattern})$`, 's').test(selector);
