import type { Call } from '../../service.ts';
import type { World } from '../../world.ts';
import { missingParameter, queueDoesNotExist } from './errors.ts';
import { keptQueue, type KeptQueue } from './kept.ts';
import { newQueue, type Queue } from './queue.ts';

/** The queues of the account. */
export interface Queues {
  /** By QueueUrl, of which only the path counts, or by bare name. Throws QueueDoesNotExist. */
  at(queueUrl: string | undefined, call: Pick<Call, 'protocol'>): Queue;
  named(name: string): Queue | undefined;
  of(arn: string): Queue | undefined;
  /** In the order of their names. */
  all(): Queue[];
  add(queue: Queue): void;
  remove(queue: Queue): void;
  /** Who is told when messages of a queue may have become receivable; they outlive the queue. */
  listeners(arn: string): Set<() => void>;
  /** Twenty digits, each number larger than all before. */
  nextSequence(): string;
  arn(name: string): string;
  /** The ARN that a QueueUrl stands for, whether the queue exists or not. */
  arnAt(queueUrl: string): string;
}

export const urlOf = (
  { name }: Pick<Queue, 'name'>,
  { endpoint, account }: Pick<Call, 'endpoint' | 'account'>,
) => `${endpoint}/${account}/${name}`;

export function registry(world: World): Queues {
  const { account, region, durable } = world;
  const queues = new Map<string, Queue>();
  const sequences = durable?.shelf<bigint>('sqs/sequence');
  let sequence = sequences?.records()[0]?.[1] ?? FIRST_SEQUENCE;
  const listeners = new Map<string, Set<() => void>>();
  const arn = (name: string, owner = account) => `arn:aws:sqs:${region}:${owner}:${name}`;
  const arnAt = (queueUrl: string) => {
    const slash = queueUrl.lastIndexOf('/');
    const owner = slash < 0 ? '' : queueUrl.slice(queueUrl.lastIndexOf('/', slash - 1) + 1, slash);
    return arn(queueUrl.slice(slash + 1), /^\d{12}$/.test(owner) ? owner : account);
  };
  const listenersOf = (arn: string) => {
    let those = listeners.get(arn);
    if (!those) listeners.set(arn, (those = new Set()));
    return those;
  };
  durable?.map('sqs/queues', queues, {
    store: keptQueue,
    load: (kept: KeptQueue) => Object.assign(newQueue(world, kept, listenersOf(kept.arn)), kept),
  });
  const of = (arn: string) => {
    const queue = queues.get(arn.slice(arn.lastIndexOf(':') + 1));
    return queue?.arn === arn ? queue : undefined;
  };

  return {
    at(queueUrl, call) {
      if (!queueUrl) throw missingParameter('QueueUrl');
      const queue = of(arnAt(queueUrl));
      if (!queue) throw queueDoesNotExist(call);
      return queue;
    },
    named: (name) => queues.get(name),
    of,
    all: () => [...queues.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    add: (queue) => void queues.set(queue.name, queue),
    remove: (queue) => void queues.delete(queue.name),
    listeners: listenersOf,
    nextSequence() {
      sequence += SEQUENCE_STEP;
      sequences?.put('last', sequence);
      return sequence.toString();
    },
    arn,
    arnAt,
  };
}

/** Sequence numbers look as AWS's do: twenty digits, far apart. */
const FIRST_SEQUENCE = 18_849_496_460_467_696_128n;
const SEQUENCE_STEP = 256n;
