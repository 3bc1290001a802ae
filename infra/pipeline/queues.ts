import { Duration, Validations } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Stage } from './stage.ts';

/** The longest that SQS keeps a message. A standard dead-letter queue counts from the first send, so both need it. */
const RETENTION = Duration.days(14);

/** AWS advises six times the function's time-out plus the batching window, so that a retry never overtakes an attempt. */
const VISIBILITY_FACTOR = 6;

export interface SourceQueueProps {
  readonly stage: Stage;
  readonly timeout: Duration;
  /** @default no window */
  readonly window?: Duration;
  readonly maxReceives: number;
}

/** A queue that a function reads, and where what it cannot handle ends up. */
export interface SourceQueue {
  readonly queue: sqs.Queue;
  readonly deadLetterQueue: sqs.Queue;
}

/** For events: any order, at least once. */
export function standardQueue(scope: Construct, id: string, props: SourceQueueProps): SourceQueue {
  return sourceQueue(scope, id, props, {});
}

/**
 * For commands: in order per message group, groups side by side. The sender names the deduplication id, because two
 * orders may say the same.
 */
export function fifoQueue(scope: Construct, id: string, props: SourceQueueProps): SourceQueue {
  return sourceQueue(scope, id, props, {
    fifo: true,
    contentBasedDeduplication: false,
    deduplicationScope: sqs.DeduplicationScope.MESSAGE_GROUP,
    fifoThroughputLimit: sqs.FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
  });
}

/** A queue that holds what nobody could deliver or handle, until people or tools empty it. */
export function restingQueue(scope: Construct, id: string, stage: Stage): sqs.Queue {
  const queue = new sqs.Queue(scope, id, kept(stage));
  Validations.of(queue).acknowledge({
    id: 'AwsSolutions::AwsSolutions-SQS3',
    reason: 'It is where messages end up, and an alarm watches its depth; there is nowhere further to go.',
  });
  return queue;
}

function sourceQueue(
  scope: Construct,
  id: string,
  { stage, timeout, window = Duration.seconds(0), maxReceives }: SourceQueueProps,
  kind: sqs.QueueProps,
): SourceQueue {
  const deadLetterQueue = new sqs.Queue(scope, `${id}DeadLetters`, { ...kept(stage), ...kind });
  const queue = new sqs.Queue(scope, id, {
    ...kept(stage),
    ...kind,
    visibilityTimeout: Duration.seconds(VISIBILITY_FACTOR * timeout.toSeconds() + window.toSeconds()),
    deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: maxReceives },
  });
  return { queue, deadLetterQueue };
}

/** Long enough to mend anything, unreadable on disk, and closed to plain HTTP. */
const kept = ({ removalPolicy }: Stage): sqs.QueueProps => ({
  retentionPeriod: RETENTION,
  encryption: sqs.QueueEncryption.SQS_MANAGED,
  enforceSSL: true,
  removalPolicy,
});
