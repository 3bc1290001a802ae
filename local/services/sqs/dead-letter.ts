import type { Letter, Message } from './message.ts';
import type { Queue } from './queue.ts';

/**
 * Moves a message that was received too often. Everything about it stays, its age on standard queues too: a dead-letter
 * queue needs the longer retention. On FIFO queues its age begins anew, and its id becomes its deduplication id.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/setting-up-dead-letter-queue-retention.html
 */
export function deadLetter(message: Message, from: Queue, to: Queue, now: number): void {
  from.remove(message);
  const letter: Letter = { ...message, deadLetterSource: from.arn };
  to.put(to.fifo ? { ...letter, sent: now, deduplicationId: letter.id } : letter);
}
