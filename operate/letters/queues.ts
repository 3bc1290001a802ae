import { nearest } from '../../functions/runtime/contract/catalogue.ts';
import type { Discovered, DiscoveredConsumer } from '../discovery.ts';
import { OperateError } from '../errors.ts';

/** A queue in which something rests that could not be delivered or handled. */
export interface LetterQueue {
  /** Whose it is: a consumer, `relay`, or `unrouted`, which is what nobody listens to. */
  owner: string;
  /**
   * What ends up there: `events` and `commands` that the consumer gave up, what a `rule` could not deliver, records of a
   * `stream`, starts of a `schedule`, and events `unrouted`.
   */
  kind: 'events' | 'commands' | 'rule' | 'stream' | 'schedule' | 'unrouted';
  url: string;
  /** URL of the queue that its letters were meant for. @default they cannot be sent on */
  backTo?: string;
  /** The table in which the consumer keeps which groups are parked. @default its messages park nothing */
  parkedIn?: string;
  /** Whether who gets them remembers what it has handled, so that twice is once. */
  remembers: boolean;
}

/** Every queue of a pipeline in which letters rest, or could. */
export function letterQueues(discovered: Discovered): LetterQueue[] {
  const { consumers, unroutedQueueUrl, unroutedDeadLetterUrl, relayFailureUrl, relayScheduleDeadLetterUrl } =
    discovered;
  const single = (owner: string, kind: LetterQueue['kind'], url?: string, backTo?: string): LetterQueue[] =>
    url === undefined ? [] : [{ owner, kind, url, remembers: true, ...(backTo && { backTo }) }];
  return [
    ...Object.entries(consumers).flatMap(([owner, consumer]) => ofConsumer(owner, consumer)),
    ...single('relay', 'stream', relayFailureUrl),
    ...single('relay', 'schedule', relayScheduleDeadLetterUrl),
    ...single('unrouted', 'unrouted', unroutedQueueUrl),
    ...single('unrouted', 'rule', unroutedDeadLetterUrl, unroutedQueueUrl),
  ];
}

/** Each dead-letter queue stands where its source stands. */
function ofConsumer(owner: string, consumer: DiscoveredConsumer): LetterQueue[] {
  const { queueUrls, deadLetterUrls, ruleDeadLetterUrl, table } = consumer;
  const remembers = table !== undefined;
  const given = deadLetterUrls.map((url, i): LetterQueue => {
    const fifo = isFifo(url);
    return {
      owner,
      kind: fifo ? 'commands' : 'events',
      url,
      backTo: queueUrls[i]!,
      ...(fifo && table !== undefined && { parkedIn: table }),
      remembers,
    };
  });
  const backTo = queueUrls.find((url) => !isFifo(url));
  return ruleDeadLetterUrl === undefined
    ? given
    : [...given, { owner, kind: 'rule', url: ruleDeadLetterUrl, remembers, ...(backTo && { backTo }) }];
}

/**
 * Those of an owner, or the one queue of a name; all without a name. Throws UNKNOWN_NAME with the nearest names, and
 * WRONG_TARGET for a queue of the pipeline that is none for dead letters.
 */
export function queuesNamed(discovered: Discovered, name: string | undefined): LetterQueue[] {
  const all = letterQueues(discovered);
  const found = all.filter(({ owner, url }) => name === undefined || owner === name || nameOf(url) === name);
  if (found.length > 0 || name === undefined) return found;
  const source = all.find(({ backTo }) => backTo !== undefined && nameOf(backTo) === name);
  if (source)
    throw new OperateError(
      'WRONG_TARGET',
      `${name} is no dead-letter queue; "spillway dlq redrive ${source.owner}" is for what ${source.owner} gave up`,
    );
  const known = [...new Set(all.flatMap(({ owner, url }) => [owner, nameOf(url)]))];
  throw new OperateError('UNKNOWN_NAME', `There is no ${name}${nearest(name, known)}`);
}

export const nameOf = (queueUrl: string): string => queueUrl.slice(queueUrl.lastIndexOf('/') + 1);

export const isFifo = (queueUrl: string): boolean => queueUrl.endsWith('.fifo');
