import type * as SQS from '@aws-sdk/client-sqs';
import type { Timer } from '../../../clock.ts';
import type { World } from '../../../world.ts';
import type { Configuration, Mapping, Poller, Target } from './mapping.ts';
import { attempted, retrying } from './retry.ts';
import { processMessages, type Message } from './sqs-batch.ts';
import { sqsScaling } from './sqs-scaling.ts';

/**
 * Moves messages from a queue to a function. Nothing polls: the queue tells when a message may be there, and an idle
 * mapping waits for nothing else.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
export function sqsPoller(world: World, mapping: Mapping, target: Target): Poller {
  const { configuration } = mapping;
  const { EventSourceArn: queueArn, BatchSize } = configuration;
  const scaling = sqsScaling(world.clock, configuration, target);
  const again = retrying(world.clock);
  let stopped = false;
  let receiving = false;
  let missed = false;
  let inFlight = 0;

  const inTurn = async (parts: Message[][]) => {
    for (const part of parts) if (!(await processMessages(world, mapping, target, part))) return;
  };
  const dispatch = (parts: Message[][]) => {
    inFlight++;
    void attempted(configuration, () => inTurn(parts)).finally(() => {
      inFlight--;
      wake();
    });
  };
  const gathering = gather(world, configuration, dispatch);
  const hasRoom = () => !stopped && inFlight < scaling.limit();
  /** Receives once; false when no more is there. Where it fails, the next time is later and later. */
  const receiveOnce = async (): Promise<boolean> => {
    const most = Math.min(10, BatchSize - gathering.count());
    const messages = await attempted(configuration, () => receive(world, configuration, target, most));
    again.unless(messages !== undefined, wake);
    if (!messages?.length) return false;
    gathering.add(messages);
    return messages.length === most;
  };
  /** Receives as long as something comes and there is room for it. */
  const drain = async () => {
    do {
      missed = false;
      let more = true;
      while (more && hasRoom()) more = await receiveOnce();
      if (!more) scaling.emptied();
    } while (missed && hasRoom());
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
      again.cancel();
      gathering.flush();
    },
  };
}

/** Holds messages back until the batch is full or its window is over; without a window, not at all. */
function gather(
  { clock }: World,
  { EventSourceArn, BatchSize, MaximumBatchingWindowInSeconds: seconds }: Configuration,
  dispatch: (parts: Message[][]) => void,
) {
  let gathered: Message[] = [];
  let window: Timer | undefined;
  const flush = () => {
    window?.cancel();
    window = undefined;
    const batch = gathered;
    gathered = [];
    const parts = invocable(batch);
    // Of a FIFO queue, nothing passes what is before it, nor what has failed.
    if (EventSourceArn.endsWith('.fifo')) dispatch(parts);
    else for (const part of parts) dispatch([part]);
  };
  return {
    count: () => gathered.length,
    add(messages: Message[]) {
      gathered.push(...messages);
      if (seconds > 0 && gathered.length < BatchSize) window ??= clock.after(seconds * 1000, flush);
      else flush();
    },
    flush,
  };
}

async function receive(
  world: World,
  { EventSourceArn, MaximumBatchingWindowInSeconds: window }: Configuration,
  target: Target,
  most: number,
): Promise<Message[]> {
  const { urlOf, visibilityOf } = world.service('sqs');
  const [QueueUrl, visibility] = [urlOf(EventSourceArn), visibilityOf(EventSourceArn)];
  if (QueueUrl === undefined || visibility === undefined) return [];
  const VisibilityTimeout = hiddenFor(visibility, window, target.timeoutMs() / 1000);
  const hiddenUntil = world.clock.now() + VisibilityTimeout * 1000;
  const { Messages = [] } = await world.call<SQS.ReceiveMessageResult>(
    target.session(),
    'sqs',
    'ReceiveMessage',
    {
      QueueUrl,
      MaxNumberOfMessages: most,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
      WaitTimeSeconds: 0,
      VisibilityTimeout,
    },
  );
  return Messages.map((message) => ({ ...message, hiddenUntil }) as Message);
}

/**
 * How long messages are hidden: as the queue says, unless they would wait for a window and the function for longer than
 * that. In seconds. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
const hiddenFor = (visibility: number, window: number, timeout: number): number =>
  window > 0 && window + timeout > visibility ? Math.min(43_200, window + timeout + 30) : visibility;

/** The most that one invocation takes, in bytes of bodies. */
const BATCH_BYTES = 6 * 2 ** 20;

/** A batch in parts that each fit into one invocation. */
function invocable(messages: Message[]): Message[][] {
  const parts: Message[][] = [];
  let bytes = Infinity;
  for (const message of messages) {
    const size = Buffer.byteLength(message.Body) + 1024;
    if (bytes + size > BATCH_BYTES) {
      parts.push([]);
      bytes = 0;
    }
    bytes += size;
    parts.at(-1)!.push(message);
  }
  return parts;
}
