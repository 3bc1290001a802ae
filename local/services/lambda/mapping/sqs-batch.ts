import type * as SQS from '@aws-sdk/client-sqs';
import { AwsError } from '../../../errors.ts';
import type { World } from '../../../world.ts';
import { failedItems } from './batch-response.ts';
import type { Mapping, Target } from './mapping.ts';
import { passing, recordOf } from './sqs-record.ts';

export type Message = SQS.Message & { MessageId: string; ReceiptHandle: string; Body: string };

/** Invokes the function with messages and deletes what it has done, and what no filter lets through. */
export async function processMessages(
  world: World,
  { configuration, filters }: Mapping,
  target: Target,
  messages: Message[],
): Promise<void> {
  const { EventSourceArn, FunctionResponseTypes, MaximumBatchingWindowInSeconds: window } = configuration;
  const remove = (done: Message[]) => deleteMessages(world, EventSourceArn, target, done);
  const { passed, refused } = passing(messages, filters);
  if (refused.length > 0) await remove(refused);
  if (passed.length === 0) return;

  const records = passed.map((message) => recordOf(message, EventSourceArn, world.region, window > 0));
  const { failed, payload } = await letIn(world, target, { Records: records }, window);
  configuration.LastProcessingResult = failed ? 'PROBLEM: Function call failed' : 'OK';
  if (failed) return;
  const left = FunctionResponseTypes?.includes('ReportBatchItemFailures')
    ? failedItems(payload, new Set(passed.map(({ MessageId }) => MessageId)))
    : NONE;
  if (left !== 'all') await remove(passed.filter(({ MessageId }) => !left.has(MessageId)));
}

const NONE: ReadonlySet<string> = new Set();

/** Tries again while the function's concurrency is used up, until the messages must have become visible again. */
async function letIn(world: World, target: Target, event: object, window: number) {
  const deadline = world.clock.now() + 6 * target.timeoutMs() + window * 1000;
  for (let waitMs = 1000; ; waitMs *= 2) {
    try {
      return await target.invoke(event);
    } catch (error) {
      const throttled = error instanceof AwsError && error.code === 'TooManyRequestsException';
      if (!throttled || world.clock.now() + waitMs > deadline) throw error;
      await world.clock.sleep(waitMs);
    }
  }
}

async function deleteMessages(
  world: World,
  queueArn: string,
  target: Target,
  messages: Message[],
): Promise<void> {
  const QueueUrl = world.service('sqs').urlOf(queueArn);
  if (!QueueUrl) return;
  for (let from = 0; from < messages.length; from += 10)
    await world.call(target.session(), 'sqs', 'DeleteMessageBatch', {
      QueueUrl,
      Entries: messages
        .slice(from, from + 10)
        .map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle })),
    });
}
