import type * as SQS from '@aws-sdk/client-sqs';
import { AwsError } from '../../errors.ts';
import type { Answer, Call } from '../../service.ts';
import { deadLetter } from './dead-letter.ts';
import { invalidValue } from './errors.ts';
import type { Message } from './message.ts';
import type { Queue } from './queue.ts';
import { redriveOf } from './redrive.ts';
import type { Queues } from './registry.ts';
import { checkWanted, shown } from './shown.ts';

/** ReceiveMessage. */
export function receiving(queues: Queues) {
  /** Up to `max` messages; those that were received too often go to the dead-letter queue instead. */
  const take = (queue: Queue, max: number, visibility: number, now: number): Message[] => {
    const redrive = redriveOf(queue);
    const deadLetters = redrive && queues.of(redrive.deadLetterTargetArn);
    const limit = redrive && deadLetters && deadLetters !== queue ? redrive.maxReceiveCount : Infinity;
    const taken: Message[] = [];
    let dead = 0;
    for (const message of queue.deliverable()) {
      if (message.receives >= limit) {
        deadLetter(message, queue, deadLetters!, now);
        dead++;
        continue;
      }
      message.receives++;
      message.firstReceived ??= now;
      message.received = now;
      queue.hide(message, now + visibility);
      taken.push(message);
      if (taken.length === max || queue.counts.inFlight >= MOST_IN_FLIGHT) break;
    }
    if (visibility === 0) for (const message of taken) queue.show(message);
    if (dead > 0) deadLetters!.wake();
    return taken;
  };

  return {
    async ReceiveMessage(input: SQS.ReceiveMessageCommandInput, call: Call) {
      const queue = queues.at(input.QueueUrl, call);
      const { max, visibility, wait } = checked(input, queue);
      queue.expire();
      const receive = () =>
        queue.counts.inFlight >= MOST_IN_FLIGHT
          ? []
          : take(queue, max, visibility * 1000, call.now()).map((message) => shown(queue, message, input));
      let messages = receive();
      if (messages.length === 0 && wait > 0) messages = await queue.wait(receive, wait * 1000);
      else if (messages.length === 0 && !queue.fifo && queue.counts.inFlight >= MOST_IN_FLIGHT)
        throw overLimit();
      return (
        messages.length > 0 ? { Messages: messages } : {}
      ) satisfies Answer<SQS.ReceiveMessageCommandOutput>;
    },
  };
}

/** Numbers in the ranges that SQS asks for, and the queue's own where none is given. */
function checked(input: SQS.ReceiveMessageCommandInput, { attributes }: Queue) {
  const {
    MaxNumberOfMessages: max = 1,
    VisibilityTimeout: visibility = Number(attributes.VisibilityTimeout),
    WaitTimeSeconds: wait = Number(attributes.ReceiveMessageWaitTimeSeconds),
  } = input;
  if (max < 1 || max > 10)
    throw invalidValue(max, 'MaxNumberOfMessages', 'Must be between 1 and 10, if provided.');
  if (wait < 0 || wait > 20)
    throw invalidValue(wait, 'WaitTimeSeconds', 'Must be >= 0 and <= 20, if provided.');
  if (visibility < 0 || visibility > 43_200)
    throw invalidValue(visibility, 'VisibilityTimeout', 'Must be >= 0 and <= 43200, if provided.');
  checkWanted(input);
  return { max, visibility, wait };
}

/** Messages of one queue in flight, standard and FIFO. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const MOST_IN_FLIGHT = 120_000;

const overLimit = () =>
  new AwsError(
    'OverLimit',
    'Too many messages have been received without being deleted.\nPlease delete your received messages or let them timeout before receiving more.',
  );
