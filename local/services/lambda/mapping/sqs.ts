import type * as SQS from '@aws-sdk/client-sqs';
import type { Timer } from '../../../clock.ts';
import { AwsError } from '../../../errors.ts';
import type { World } from '../../../world.ts';
import { failedItems } from './batch-response.ts';
import type { Mapping, Poller, Target } from './mapping.ts';
import { passing, recordOf } from './sqs-record.ts';
import { sqsScaling } from './sqs-scaling.ts';

type Message = SQS.Message & { MessageId: string; ReceiptHandle: string; Body: string };

/**
 * Moves messages from a queue to a function. Nothing polls: the queue tells when a message may be there, and an idle
 * mapping waits for nothing else.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
export function sqsPoller(world: World, { configuration, filters }: Mapping, target: Target): Poller {
  const { clock } = world;
  const { EventSourceArn: queueArn, BatchSize, FunctionResponseTypes } = configuration;
  const windowMs = configuration.MaximumBatchingWindowInSeconds * 1000;
  const reportsItems = FunctionResponseTypes?.includes('ReportBatchItemFailures') ?? false;
  const scaling = sqsScaling(clock, configuration, target);
  let stopped = false;
  let receiving = false;
  let missed = false;
  let inFlight = 0;
  let failures = 0;
  /** What a batching window holds back. */
  let gathered: Message[] = [];
  let window: Timer | undefined;
  let retry: Timer | undefined;

  const call = <Output>(operation: string, input: object) =>
    world.call<Output>(target.session(), 'sqs', operation, {
      QueueUrl: world.service('sqs').urlOf(queueArn) ?? queueArn,
      ...input,
    });

  /** One receive; where it fails, the next one is later and later. */
  const receive = async (most: number): Promise<Message[]> => {
    const visibility = visibilityFor(windowMs, target.timeoutMs());
    try {
      const { Messages = [] } = await call<SQS.ReceiveMessageResult>('ReceiveMessage', {
        MaxNumberOfMessages: Math.min(10, most),
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
        WaitTimeSeconds: 0,
        ...visibility,
      });
      failures = 0;
      return Messages as Message[];
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      configuration.LastProcessingResult = `PROBLEM: ${error.code}: ${error.message}`;
      retry = clock.after(Math.min(1000 * 2 ** failures++, LONGEST_RETRY_MS), wake);
      return [];
    }
  };

  const remove = async (messages: Message[]) => {
    for (let from = 0; from < messages.length; from += 10)
      await call('DeleteMessageBatch', {
        Entries: messages
          .slice(from, from + 10)
          .map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle })),
      });
  };

  /** Invokes until it is let in or the messages have become visible again. */
  const process = async (messages: Message[]) => {
    const { passed, refused } = passing(messages, filters);
    if (refused.length > 0) await remove(refused);
    if (passed.length === 0) return;
    const event = {
      Records: passed.map((message) => recordOf(message, queueArn, world.region, windowMs > 0)),
    };
    const deadline = clock.now() + 6 * target.timeoutMs() + windowMs;
    for (let waitMs = 1000; ; waitMs *= 2) {
      try {
        const { failed, payload } = await target.invoke(event);
        configuration.LastProcessingResult = failed ? 'PROBLEM: Function call failed' : 'OK';
        if (failed) return;
        const left = reportsItems
          ? failedItems(payload, new Set(passed.map(({ MessageId }) => MessageId)))
          : NONE;
        if (left !== 'all') await remove(passed.filter(({ MessageId }) => !left.has(MessageId)));
        return;
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        configuration.LastProcessingResult = `PROBLEM: ${error.code}: ${error.message}`;
        if (error.code !== 'TooManyRequestsException' || stopped || clock.now() + waitMs > deadline) return;
        await clock.sleep(waitMs);
      }
    }
  };

  const dispatch = (messages: Message[]) => {
    inFlight++;
    void process(messages).finally(() => {
      inFlight--;
      wake();
    });
  };
  const flush = () => {
    window?.cancel();
    window = undefined;
    const batch = gathered;
    gathered = [];
    if (batch.length > 0) for (const part of invocable(batch)) dispatch(part);
  };
  /** Receives as long as something comes and there is room for it. */
  const drain = async () => {
    do {
      missed = false;
      while (!stopped && inFlight < scaling.limit()) {
        const messages = await receive(BatchSize - gathered.length);
        if (messages.length === 0) {
          scaling.emptied();
          break;
        }
        gathered.push(...messages);
        if (windowMs > 0 && gathered.length < BatchSize) window ??= clock.after(windowMs, flush);
        else flush();
      }
    } while (missed && !stopped && inFlight < scaling.limit());
    receiving = false;
  };
  const wake = () => {
    missed = true;
    if (stopped || receiving) return;
    receiving = true;
    // Lets what is being sent at this moment arrive, so that it can share a batch.
    setImmediate(() => void drain());
  };

  const forget = world.service('sqs').whenVisible(queueArn, wake);
  wake();
  return {
    stop() {
      stopped = true;
      forget();
      retry?.cancel();
      flush();
    },
  };
}

const NONE: ReadonlySet<string> = new Set();

const LONGEST_RETRY_MS = 300_000;

/** The most that one invocation takes, in bytes of bodies. */
const BATCH_BYTES = 6 * 2 ** 20;

/** When a window and the function together may outlast the queue's visibility timeout, Lambda asks for a longer one. */
const visibilityFor = (windowMs: number, timeoutMs: number) =>
  windowMs > 0 ? { VisibilityTimeout: Math.min(43_200, (windowMs + timeoutMs) / 1000 + 30) } : {};

/** A batch in parts that each fit into one invocation. */
function invocable(messages: Message[]): Message[][] {
  const parts: Message[][] = [[]];
  let bytes = 0;
  for (const message of messages) {
    const size = Buffer.byteLength(message.Body) + 1024;
    if (bytes > 0 && bytes + size > BATCH_BYTES) {
      parts.push([]);
      bytes = 0;
    }
    bytes += size;
    parts.at(-1)!.push(message);
  }
  return parts;
}
