import { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { EventPattern } from './pattern.ts';
import { restingQueue } from './queues.ts';
import type { Stage } from './stage.ts';

export interface RouteProps {
  readonly stage: Stage;
  readonly bus: events.IEventBus;
  readonly pattern: EventPattern;
}

export interface Route {
  readonly rule: events.Rule;
  /** Where EventBridge puts an event that it could not deliver, with the reason as attributes. */
  readonly deadLetterQueue: sqs.Queue;
}

/** As long and as often as EventBridge can: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html */
const DELIVERY = { retryAttempts: 185, maxEventAge: Duration.hours(24) };

/** A rule that brings what matches to the queue, as it is. */
export function route(scope: Construct, queue: sqs.IQueue, { stage, bus, pattern }: RouteProps): Route {
  const deadLetterQueue = restingQueue(scope, 'RuleDeadLetters', stage);
  const rule = new events.Rule(scope, 'Rule', {
    eventBus: bus,
    eventPattern: pattern as events.EventPattern,
    targets: [new SqsQueue(queue, { deadLetterQueue, ...DELIVERY })],
  });
  return { rule, deadLetterQueue };
}

/**
 * The name of a rule as its metrics report it. `rule.ruleName` is `bus|name` for a rule of a custom bus, and an alarm
 * on that never fires.
 */
export const metricNameOf = (rule: events.Rule): string =>
  (rule.node.defaultChild as events.CfnRule).attrRuleName;
