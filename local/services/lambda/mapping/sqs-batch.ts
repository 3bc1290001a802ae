import type * as SQS from '@aws-sdk/client-sqs';
import { AwsError } from '../../../errors.ts';
import type { World } from '../../../world.ts';
import { failedItems } from './batch-response.ts';
import type { Mapping, Target } from './mapping.ts';
import { passing, recordOf, type QueueRecord } from './sqs-record.ts';

export type Message = SQS.Message & {
  MessageId: string;
  ReceiptHandle: string;
  Body: string;
  /** When it becomes visible again, in milliseconds since 1970. */
  hiddenUntil: number;
};

/**
 * Invokes the function with messages and deletes what it has done, and what no filter lets through. Tells whether that
 * was all of them.
 */
export async function processMessages(
  world: World,
  { configuration, filters }: Mapping,
  target: Target,
  messages: Message[],
): Promise<boolean> {
  const { EventSourceArn, FunctionResponseTypes, MaximumBatchingWindowInSeconds: window } = configuration;
  const remove = (done: QueueRecord[]) => deleteMessages(world, EventSourceArn, target, done);
  const records = messages.map((message) => recordOf(message, EventSourceArn, world.region, window > 0));
  const { passed, refused } = passing(records, filters);
  if (refused.length > 0) await remove(refused);
  if (passed.length === 0) return true;

  const deadline = Math.min(...messages.map(({ hiddenUntil }) => hiddenUntil));
  const { failed, payload } = await letIn(world, target, { Records: passed }, deadline);
  configuration.LastProcessingResult = failed ? 'PROBLEM: Function call failed' : 'OK';
  if (failed) return false;
  const left = FunctionResponseTypes?.includes('ReportBatchItemFailures')
    ? failedItems(payload, new Set(passed.map(({ messageId }) => messageId)))
    : NONE;
  if (left === 'all') return false;
  await remove(passed.filter(({ messageId }) => !left.has(messageId)));
  return left.size === 0;
}

const NONE: ReadonlySet<string> = new Set();

/**
 * Tries again while the function's concurrency is used up, until `deadline`, when the first message is visible again.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
async function letIn(world: World, target: Target, event: { Records: object[] }, deadline: number) {
  for (let waitMs = 1000; ; waitMs *= 2) {
    try {
      return await target.invoke(event);
    } catch (error) {
      const throttled = error instanceof AwsError && error.code === 'TooManyRequestsException';
      if (!throttled || world.clock.now() + waitMs >= deadline) throw error;
      await world.clock.sleep(waitMs);
    }
  }
}

async function deleteMessages(
  world: World,
  queueArn: string,
  target: Target,
  records: QueueRecord[],
): Promise<void> {
  const QueueUrl = world.service('sqs').urlOf(queueArn);
  if (!QueueUrl) return;
  for (let from = 0; from < records.length; from += 10)
    await world.call(target.session(), 'sqs', 'DeleteMessageBatch', {
      QueueUrl,
      Entries: records
        .slice(from, from + 10)
        .map(({ receiptHandle }, i) => ({ Id: String(i), ReceiptHandle: receiptHandle })),
    });
}
