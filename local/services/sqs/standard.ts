import { join, leave, line } from './line.ts';
import type { Message, State } from './message.ts';

/** In which order messages are delivered; standard and FIFO queues differ in nothing else about their storage. */
export interface Order {
  /** The state of `message` is new: it arrived, became visible, was received. `from` is `undefined` when it arrived. */
  turned(message: Message, from: State | undefined): void;
  removed(message: Message): void;
  /** Messages that can be received, in order. Each must be received or removed before the next is asked for. */
  deliverable(): Iterable<Message>;
  /** Whether `deliverable` would give any. */
  ready(): boolean;
}

/**
 * As sent, except that a tenant (MessageGroupId) who keeps consumers busy lets the others go first.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
 */
export function standardOrder(): Order {
  const waiting = line<Message>();
  const heldBack = line<Message>();
  const inFlight = new Map<string, number>();
  let allInFlight = 0;

  const count = ({ groupId }: Message, by: 1 | -1) => {
    allInFlight += by;
    if (groupId === undefined) return;
    const left = (inFlight.get(groupId) ?? 0) + by;
    if (left > 0) inFlight.set(groupId, left);
    else inFlight.delete(groupId);
  };
  const noisy = ({ groupId }: Message) => {
    const own = groupId === undefined ? 0 : (inFlight.get(groupId) ?? 0);
    return own >= NOISY_IN_FLIGHT && own > NOISY_SHARE * allInFlight;
  };
  const next = (): Message | undefined => {
    if (heldBack.first && !noisy(heldBack.first)) return heldBack.first;
    while (waiting.first && noisy(waiting.first)) join(heldBack, waiting.first);
    return waiting.first ?? heldBack.first;
  };

  return {
    turned(message, from) {
      if (from === 'inFlight') count(message, -1);
      if (message.state === 'inFlight') count(message, 1);
      if (message.state === 'visible') join(waiting, message);
      else leave(message);
    },
    removed(message) {
      if (message.state === 'inFlight') count(message, -1);
      leave(message);
    },
    *deliverable() {
      for (let message = next(); message; message = next()) yield message;
    },
    ready: () => waiting.first !== undefined || heldBack.first !== undefined,
  };
}

/** A tenant is noisy with at least this many messages in flight … */
const NOISY_IN_FLIGHT = 30;
/** … that are more than this share of all in flight. */
const NOISY_SHARE = 0.1;
