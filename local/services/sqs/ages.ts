/** The messages of a queue by their age, of which there are two: what expires, and what is told as a metric. */
import { heap } from '../../heap.ts';
import type { Message } from './message.ts';

export interface Ages {
  /** The one that was sent first. */
  oldest(): Message | undefined;
  /** The one that has been in this queue for longest, of those whose age counts as a metric. */
  longestWaiting(): Message | undefined;
  add(message: Message): void;
  /** The message was received. */
  received(message: Message): void;
  remove(message: Message): void;
  clear(): void;
}

export function agesOf(fifo: boolean): Ages {
  const all = heap<Message>();
  const waiting = heap<Message>();
  const stopWaiting = (message: Message) => {
    if (message.waiting) waiting.remove(message.waiting);
    message.waiting = undefined;
  };
  return {
    oldest: () => all.first()?.item,
    longestWaiting: () => waiting.first()?.item,
    add(message) {
      message.age = all.add(message.sent, message);
      if (fifo || counts(message)) message.waiting = waiting.add(message.arrived, message);
    },
    received(message) {
      if (!fifo && !counts(message)) stopWaiting(message);
    },
    remove(message) {
      all.remove(message.age!);
      stopWaiting(message);
    },
    clear() {
      all.clear();
      waiting.clear();
    },
  };
}

/**
 * A message of a standard queue that was received three times or more goes behind the others, and is left out of the age
 * of the oldest until it is processed. A dead letter counts from when it became one, however often it was received.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
const counts = ({ receives, deadLetterSource }: Message): boolean =>
  receives < 3 || deadLetterSource !== undefined;
