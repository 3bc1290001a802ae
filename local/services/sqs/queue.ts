import type { World } from '../../world.ts';
import { agesOf } from './ages.ts';
import type { Attributes } from './attributes.ts';
import { keeping } from './kept.ts';
import { metricsOf, type Metrics } from './metrics.ts';
import { remembered, type Remembered } from './remembered.ts';
import type { Message } from './message.ts';
import { newStore, type Store } from './store.ts';
import { waitingRoom, type WaitingRoom } from './waiting.ts';

/** A queue: who it is, what it holds, who waits for it. */
export interface Queue extends Store, WaitingRoom {
  readonly name: string;
  readonly arn: string;
  readonly fifo: boolean;
  /** As GetQueueAttributes shows them, without the ones that it counts or derives. */
  attributes: Attributes;
  readonly tags: Map<string, string>;
  /** Milliseconds since 1970. */
  readonly created: number;
  /** When an attribute was last set, in milliseconds since 1970. */
  modified: number;
  /** Milliseconds since 1970. @default never purged */
  purged?: number | undefined;
  /** The deduplication scope before the last change, and until when it applies. @default the scope never changed */
  formerScope?: { scope: string | undefined; until: number } | undefined;
  /** What was sent in the last five minutes, by deduplication id (and group, as the scope is). FIFO queues only. */
  readonly duplicates: Remembered<{ MessageId: string; SequenceNumber: string }>;
  /** What was received in the last five minutes, by ReceiveRequestAttemptId. FIFO queues only. */
  readonly attempts: Remembered<Message[]>;
  readonly metrics: Metrics;
  /** The scope that applies, which lags behind the attribute that says it. */
  deduplicationScope(): string | undefined;
  /** Takes over all of `attributes`, checked before. */
  set(attributes: Attributes): void;
  /** Drops the messages that are older than the retention period. */
  expire(): void;
}

export function newQueue(
  world: World,
  identity: Pick<Queue, 'name' | 'arn' | 'fifo' | 'attributes' | 'tags'>,
  listeners: Set<() => void>,
): Queue {
  const { clock, durable } = world;
  const ages = agesOf(identity.fifo);
  const metrics = metricsOf(world, identity.name, () => store, ages);
  const inMemory = newStore(clock, {
    fifo: identity.fifo,
    ages,
    surfaced: () => room.wake(),
    changed: metrics.changed,
  });
  const store: Store = keeping(inMemory, world, identity.name);
  const room = waitingRoom(clock, store.ready, listeners);

  /** On FIFO queues a new delay holds for the messages that are there too. */
  const delayAnew = (seconds: number) => {
    for (const message of store.delayed()) {
      const over = message.sent + seconds * 1000;
      if (over > clock.now()) store.hide(message, over, 'delayed');
      else store.show(message);
    }
    room.wake();
  };

  const queue: Queue = {
    ...identity,
    ...store,
    ...room,
    metrics,
    created: clock.now(),
    modified: clock.now(),
    duplicates: remembered(FIVE_MINUTES, clock.now, durable?.shelf(`sqs/duplicates/${identity.name}`)),
    attempts: remembered(FIVE_MINUTES, clock.now),
    deduplicationScope: () =>
      queue.formerScope && clock.now() < queue.formerScope.until
        ? queue.formerScope.scope
        : queue.attributes.DeduplicationScope,
    set(attributes) {
      const { DelaySeconds, DeduplicationScope } = queue.attributes;
      if (attributes.DeduplicationScope !== DeduplicationScope)
        queue.formerScope = { scope: queue.deduplicationScope(), until: clock.now() + SCOPE_CHANGE };
      queue.attributes = attributes;
      queue.modified = clock.now();
      if (queue.fifo && attributes.DelaySeconds !== DelaySeconds) delayAnew(Number(attributes.DelaySeconds));
    },
    expire() {
      const period = Number(queue.attributes.MessageRetentionPeriod) * 1000;
      for (
        let oldest = store.oldest();
        oldest && oldest.sent + period <= clock.now();
        oldest = store.oldest()
      )
        store.remove(oldest);
    },
  };
  metrics.changed();
  return queue;
}

/** For both deduplication and the repetition of a receive. */
const FIVE_MINUTES = 5 * 60_000;
/** AWS was seen to go on with the former scope after a change; it promises 60 s for any change of an attribute. */
const SCOPE_CHANGE = 60_000;
