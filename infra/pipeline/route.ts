import { Duration, Fn } from 'aws-cdk-lib';
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
 * The dimensions under which a rule of a custom bus is reported. Its `Ref`, which `rule.ruleName` is, is `bus|name`, and
 * an alarm on that never fires. https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1131
 */
export const dimensionsOf = (rule: events.Rule, bus: events.IEventBus) => ({
  EventBusName: bus.eventBusName,
  RuleName: Fn.select(1, Fn.split('|', rule.ruleName)),
});
