import type * as SQS from '@aws-sdk/client-sqs';
import type { Call } from '../../service.ts';
import type { World } from '../../world.ts';
import type { Sealed } from '../kms/data-keys.ts';
import { checkAttributes, checkBody, checkId, checkSystemAttributes, sizeOf } from './content.ts';
import { md5, md5OfAttributes, sha256 } from './digest.ts';
import { invalidParameter, invalidValue, missingParameter } from './errors.ts';
import type { Letter } from './message.ts';
import type { Queue } from './queue.ts';
import type { Queues } from './registry.ts';

/** A message as it is sent, alone or in a batch. */
export type Sending = Omit<SQS.SendMessageRequest, 'QueueUrl'>;

/** Puts a message, already checked, into a queue. Those who wait for it are told by `wake`, once all are in. */
export type Accept = (queue: Queue, sending: Sending, call: Call, sealed?: Sealed) => Accepted;

interface Accepted {
  MessageId: string;
  MD5OfMessageBody: string;
  MD5OfMessageAttributes?: string;
  MD5OfMessageSystemAttributes?: string;
  SequenceNumber?: string;
}

export const accepting =
  (queues: Queues, { random }: World): Accept =>
  (queue, sending, call, sealed) => {
    const letter = letterFrom(sending, call, random.uuid(), sealed);
    const answer: Accepted = { MessageId: letter.id, MD5OfMessageBody: letter.bodyMd5 };
    if (letter.attributes) answer.MD5OfMessageAttributes = md5OfAttributes(letter.attributes);
    if (sending.MessageSystemAttributes)
      answer.MD5OfMessageSystemAttributes = md5OfAttributes(sending.MessageSystemAttributes);

    if (!queue.fifo) {
      queue.metrics.sent(sizeOf(sending));
      queue.put(letter, (sending.DelaySeconds ?? Number(queue.attributes.DelaySeconds)) * 1000);
      return answer;
    }
    letter.deduplicationId = sending.MessageDeduplicationId ?? sha256(letter.body);
    const key =
      queue.deduplicationScope() === 'messageGroup'
        ? `${letter.groupId} ${letter.deduplicationId}`
        : letter.deduplicationId;
    const before = queue.duplicates.get(key);
    if (before) return { ...answer, ...before };
    letter.sequence = queues.nextSequence();
    const first = { MessageId: letter.id, SequenceNumber: letter.sequence };
    queue.duplicates.set(key, first);
    queue.metrics.sent(sizeOf(sending));
    queue.put(letter, Number(queue.attributes.DelaySeconds) * 1000);
    return { ...answer, ...first };
  };

const letterFrom = (
  sending: Sending,
  { principal, headers, now }: Call,
  id: string,
  sealed: Sealed | undefined,
): Letter => {
  const { MessageBody = '', MessageAttributes = {}, MessageSystemAttributes } = sending;
  return {
    id,
    body: MessageBody,
    bodyMd5: md5(MessageBody),
    attributes: Object.keys(MessageAttributes).length > 0 ? MessageAttributes : undefined,
    traceHeader: MessageSystemAttributes?.AWSTraceHeader?.StringValue ?? headers['x-amzn-trace-id'],
    groupId: sending.MessageGroupId,
    deduplicationId: undefined,
    sequence: undefined,
    sender: principal.kind === 'service' ? principal.service : principal.userId,
    sent: now(),
    receives: 0,
    firstReceived: undefined,
    deadLetterSource: undefined,
    sealed,
  };
};

/** All but the size. In a batch SQS says which entry lacks its body: `entry` is `SendMessageBatchRequestEntry.1.` */
export function check(queue: Queue, sending: Sending, entry = ''): void {
  const { MessageBody, MessageAttributes, MessageSystemAttributes } = sending;
  if (!MessageBody) throw missingParameter(`${entry}MessageBody`);
  checkBody(MessageBody);
  if (MessageAttributes) checkAttributes(MessageAttributes);
  if (MessageSystemAttributes) checkSystemAttributes(MessageSystemAttributes);
  if (queue.fifo) checkFifo(queue, sending, entry !== '');
  else checkStandard(sending);
  checkId('MessageGroupId', sending.MessageGroupId);
  checkId('MessageDeduplicationId', sending.MessageDeduplicationId);
}

function checkFifo({ attributes }: Queue, sending: Sending, batch: boolean): void {
  const { MessageGroupId, MessageDeduplicationId, DelaySeconds = 0 } = sending;
  if (MessageGroupId === undefined) {
    const missing = missingParameter('MessageGroupId');
    throw batch ? invalidParameter(missing.message) : missing;
  }
  if (MessageDeduplicationId === undefined && attributes.ContentBasedDeduplication !== 'true')
    throw invalidParameter(
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  if (DelaySeconds !== 0) throw invalidValue(DelaySeconds, 'DelaySeconds', OTHER_TYPE);
}

function checkStandard({ MessageDeduplicationId, DelaySeconds = 0 }: Sending): void {
  if (MessageDeduplicationId !== undefined)
    throw invalidValue(MessageDeduplicationId, 'MessageDeduplicationId', OTHER_TYPE);
  if (DelaySeconds < 0 || DelaySeconds > 900)
    throw invalidValue(DelaySeconds, 'DelaySeconds', 'DelaySeconds must be >= 0 and <= 900.');
}

export const OTHER_TYPE = 'The request include parameter that is not valid for this queue type.';
