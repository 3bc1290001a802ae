/** What becomes of a delivery that has failed for good. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html */
import type { Target } from '@aws-sdk/client-eventbridge';
import { servicePrincipal } from '../../principal.ts';
import type { World } from '../../world.ts';
import type { Rule } from './bus.ts';
import { queueUrl } from './calls.ts';
import type { Envelope } from './event.ts';
import { errorCodeOf } from './failures.ts';
import type { Metrics } from './metrics.ts';
import type { Exhausted } from './retry.ts';
import type { Settings } from './settings.ts';

/** Why a delivery ended without success. */
export interface Failure {
  /** One of AWS's: `NO_PERMISSIONS`. */
  code: string;
  message: string;
  retries: number;
  /** @default it was not retriable */
  exhausted?: Exhausted;
}

/** Sends the event to the target's dead-letter queue, if it has one; never fails. */
export function deadLetters(world: World, settings: Settings, metrics: Metrics) {
  const { activity } = world;
  return async (
    rule: Rule,
    target: Target,
    event: Envelope,
    failure: Failure,
    input: string | undefined,
  ): Promise<void> => {
    metrics.rule(rule, 'Invocations');
    metrics.rule(rule, 'FailedInvocations');
    const told = { rule: rule.arn, target: target.Arn, event: event.id, error: failure.code };
    const queue = target.DeadLetterConfig?.Arn;
    activity.tell({ kind: queue === undefined ? 'dropped' : 'dead-letter', ...told });
    if (queue === undefined) return;
    try {
      await world.call(
        servicePrincipal(world.account, 'events.amazonaws.com', rule.arn),
        'sqs',
        'SendMessage',
        {
          QueueUrl: queueUrl(world.endpoint(), queue),
          MessageBody: settings.deadLetterBody === 'event' ? event.text : (input ?? event.text),
          MessageAttributes: attributesOf(rule, target, failure),
        },
      );
      metrics.rule(rule, 'InvocationsSentToDlq');
    } catch (error) {
      metrics.rule(rule, 'InvocationsFailedToBeSentToDlq');
      activity.tell({ kind: 'dropped', ...told, deadLetterError: errorCodeOf(error) });
    }
  };
}

function attributesOf(rule: Rule, target: Target, { code, message, retries, exhausted }: Failure) {
  const texts = {
    RULE_ARN: rule.arn,
    TARGET_ARN: target.Arn ?? '',
    ERROR_CODE: code,
    ERROR_MESSAGE: message || code,
    RETRY_ATTEMPTS: String(retries),
    ...(exhausted === undefined ? {} : { EXHAUSTED_RETRY_CONDITION: exhausted }),
  };
  return Object.fromEntries(
    Object.entries(texts).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
  );
}
