import type { World } from '../../world.ts';
import { deadLetter } from './dead-letter.ts';
import type { Message } from './message.ts';
import type { Queue } from './queue.ts';
import { redriveOf } from './redrive.ts';
import type { Queues } from './registry.ts';

/** Hands out up to `max` messages, which are out of sight for `visibility` milliseconds. */
export type Take = (queue: Queue, max: number, visibility: number) => Message[];

export function taking(queues: Queues, { clock, faults }: World): Take {
  const strikes = (fault: 'duplicate' | 'reorder', { arn, fifo }: Queue) =>
    faults.any &&
    !fifo &&
    faults.hits(fault, { service: 'sqs', operation: 'ReceiveMessage', targets: [arn] });

  /** A message that was received as often as it may be is not handed out but moved, and only now. */
  const dead = (queue: Queue): ((message: Message) => boolean) => {
    const redrive = redriveOf(queue);
    const target = redrive && queues.of(redrive.deadLetterTargetArn);
    if (!target || target === queue) return () => false;
    return (message) => {
      if (message.receives < redrive.maxReceiveCount) return false;
      deadLetter(message, queue, target, clock.now());
      target.wake();
      return true;
    };
  };

  return (queue, max, visibility) => {
    const taken: Message[] = [];
    const now = clock.now();
    const isDead = dead(queue);
    if (queue.counts.inFlight >= MOST_IN_FLIGHT) return taken;
    if (strikes('reorder', queue)) sendBack(queue);
    let unseen = queue.counts.visible;
    for (const message of queue.deliverable()) {
      if (unseen-- === 0) break; // two queues may be each other's dead-letter queue: this one was here before
      if (isDead(message)) continue;
      message.receives++;
      message.firstReceived ??= now;
      message.received = now;
      message.attempt = undefined;
      queue.hide(message, now + visibility);
      taken.push(message);
      if (taken.length === max || queue.counts.inFlight >= MOST_IN_FLIGHT) break;
    }
    for (const message of taken) if (visibility === 0 || strikes('duplicate', queue)) queue.show(message);
    return taken;
  };
}

/** The first message goes behind all others. */
function sendBack(queue: Queue): void {
  for (const message of queue.deliverable()) {
    queue.show(message);
    return;
  }
}

/** Messages of one queue in flight, standard and FIFO. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
export const MOST_IN_FLIGHT = 120_000;
