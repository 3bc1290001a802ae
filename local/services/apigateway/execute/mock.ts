/** Mock integrations: the request template names a status code, and that chooses the answer. */
import type { WireAnswer } from '../../../wire/message.ts';
import { integrationAnswer } from './integration-answer.ts';
import type { Invocation, Target } from './invocation.ts';
import { payloadOf } from './payload.ts';
import { internalError } from './refused.ts';

export function mocked(invocation: Invocation, target: Target): WireAnswer {
  // As CDK writes it, the name need not be in quotes: `{ statusCode: 200 }`.
  const status = /["']?statusCode["']?\s*:\s*["']?(\d{3})\b/.exec(payloadOf(invocation, target))?.[1];
  if (status === undefined) throw internalError('API_CONFIGURATION_ERROR', 500);
  return integrationAnswer(invocation, target, status, '');
}
