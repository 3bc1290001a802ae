import type * as SQS from '@aws-sdk/client-sqs';
import { AwsError } from '../../errors.ts';
import type { Answer, Call } from '../../service.ts';
import type { World } from '../../world.ts';
import type { Sealed } from '../kms/data-keys.ts';
import { OTHER_TYPE } from './accept.ts';
import type { Encryption } from './encryption.ts';
import { invalidValue } from './errors.ts';
import type { Message } from './message.ts';
import type { Queue } from './queue.ts';
import type { Queues } from './registry.ts';
import { checkWanted, shown } from './shown.ts';
import { MOST_IN_FLIGHT, taking } from './take.ts';

/** ReceiveMessage. */
export function receiving(queues: Queues, world: World, encryption: Encryption) {
  const take = taking(queues, world);

  return {
    async ReceiveMessage(input: SQS.ReceiveMessageCommandInput, call: Call) {
      const queue = queues.at(input.QueueUrl, call);
      const { max, visibility, wait, attemptId } = checked(input, queue);
      const first = () => {
        const messages = take(queue, max, visibility);
        if (attemptId !== undefined && messages.length > 0) remember(queue, attemptId, messages);
        return messages;
      };
      const sealed: Sealed[] = [];
      const receive = () => {
        queue.expire();
        const messages = repeated(queue, attemptId, visibility, call.now()) ?? first();
        for (const message of messages) if (message.sealed) sealed.push(message.sealed);
        return messages.map((message) => shown(queue, message, input));
      };
      let messages = receive();
      if (messages.length === 0 && wait > 0) messages = await queue.wait(receive, wait, call.whenGone);
      else if (messages.length === 0 && !queue.fifo && queue.counts.inFlight >= MOST_IN_FLIGHT)
        throw overLimit();
      // Who may not read them has received them all the same: they are in flight, and count.
      if (sealed.length > 0) await encryption.open(sealed, queue, call.principal);
      queue.metrics.received(messages.length);
      return (
        messages.length > 0 ? { Messages: messages } : {}
      ) satisfies Answer<SQS.ReceiveMessageCommandOutput>;
    },
  };
}

/** Times in milliseconds; the queue's own where none is given. */
function checked(input: SQS.ReceiveMessageCommandInput, { attributes, fifo }: Queue) {
  const {
    MaxNumberOfMessages: max = 1,
    VisibilityTimeout: visibility = Number(attributes.VisibilityTimeout),
    WaitTimeSeconds: wait = Number(attributes.ReceiveMessageWaitTimeSeconds),
    ReceiveRequestAttemptId: attemptId,
  } = input;
  if (max < 1 || max > 10)
    throw invalidValue(max, 'MaxNumberOfMessages', 'Must be between 1 and 10, if provided.');
  if (wait < 0 || wait > 20)
    throw invalidValue(wait, 'WaitTimeSeconds', 'Must be >= 0 and <= 20, if provided.');
  if (visibility < 0 || visibility > 43_200)
    throw invalidValue(visibility, 'VisibilityTimeout', 'Must be >= 0 and <= 43200, if provided.');
  if (attemptId !== undefined && !fifo) throw invalidValue(attemptId, 'ReceiveRequestAttemptId', OTHER_TYPE);
  if (attemptId !== undefined && !/^[!-~]{1,128}$/.test(attemptId))
    throw invalidValue(
      attemptId,
      'ReceiveRequestAttemptId',
      'ReceiveRequestAttemptId can only include alphanumeric and punctuation characters. 1 to 128 in length.',
    );
  checkWanted(input);
  return { max, visibility: visibility * 1000, wait: wait * 1000, attemptId };
}

function remember(queue: Queue, attemptId: string, messages: Message[]): void {
  for (const message of messages) message.attempt = messages;
  queue.attempts.set(attemptId, messages);
}

/**
 * The messages of an earlier receive with this id, out of sight for the whole time again; `undefined` once any of them
 * was deleted, changed or visible since.
 */
function repeated(queue: Queue, attemptId: string | undefined, visibility: number, now: number) {
  const messages = attemptId === undefined ? undefined : queue.attempts.get(attemptId);
  const held = messages?.every(
    (message) =>
      message.attempt === messages && message.state === 'inFlight' && queue.find(message.id) === message,
  );
  if (!held) return undefined;
  for (const message of messages!) queue.hide(message, now + visibility);
  return messages;
}

const overLimit = () =>
  new AwsError(
    'OverLimit',
    'Too many messages have been received without being deleted.\nPlease delete your received messages or let them timeout before receiving more.',
  );
