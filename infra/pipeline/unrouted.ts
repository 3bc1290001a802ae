import { Lazy } from 'aws-cdk-lib';
import type * as events from 'aws-cdk-lib/aws-events';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';
import type { Route } from './contracts.ts';
import { metric } from './metrics.ts';
import { unroutedPattern } from './pattern.ts';
import { restingQueue } from './queues.ts';
import { route } from './route.ts';
import type { Stage } from './stage.ts';

export interface UnroutedProps {
  readonly stage: Stage;
  readonly bus: events.IEventBus;
  readonly alarms: Alarms;
  /** What is listened to. Asked at synth, when all consumers are known. */
  readonly routed: () => readonly Route[];
}

/** What nobody listens to. EventBridge forgets such an event without a sign, so a rule of last resort keeps it. */
export class Unrouted extends Construct {
  readonly queue: sqs.Queue;
  readonly rule: events.Rule;
  readonly deadLetterQueue: sqs.Queue;

  constructor(scope: Construct, id: string, { stage, bus, alarms, routed }: UnroutedProps) {
    super(scope, id);
    this.queue = restingQueue(this, 'Queue', stage);
    const { rule, deadLetterQueue } = route(this, this.queue, { stage, bus, pattern: unroutedPattern([]) });
    this.rule = rule;
    this.deadLetterQueue = deadLetterQueue;
    (this.rule.node.defaultChild as events.CfnRule).eventPattern = Lazy.any({
      produce: () => unroutedPattern(routed()),
    });
    alarms.raise(this, 'Alarm', {
      metric: metric('messagesVisible', { QueueName: this.queue.queueName }),
      runbook:
        'unrouted: an event was published that nobody listens to. Read its source and detail-type in the queue: a misspelt type, or a consumer that is not deployed yet. Once it is, `spillway replay` brings the event back.',
    });
    alarms.raise(this, 'DeadLettersAlarm', {
      metric: metric('messagesVisible', { QueueName: this.deadLetterQueue.queueName }),
      runbook: 'unrouted: an event that nobody listens to could not be kept either. Its ERROR_CODE says why.',
    });
  }
}
