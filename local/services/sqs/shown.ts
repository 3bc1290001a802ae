import type * as SQS from '@aws-sdk/client-sqs';
import { unknown } from './attributes.ts';
import { md5OfAttributes } from './digest.ts';
import type { Message } from './message.ts';
import type { Queue } from './queue.ts';
import { receiptHandle } from './receipt.ts';

type Wanted = Pick<
  SQS.ReceiveMessageRequest,
  'AttributeNames' | 'MessageSystemAttributeNames' | 'MessageAttributeNames'
>;

/** A message as ReceiveMessage shows it: with the attributes that were asked for, and no list where there are none. */
export function shown(queue: Queue, message: Message, wanted: Wanted): SQS.Message {
  const attributes = systemAttributes(message, wanted);
  const messageAttributes = matching(message.attributes, wanted.MessageAttributeNames);
  return {
    MessageId: message.id,
    ReceiptHandle: receiptHandle(queue.arn, { messageId: message.id, receive: message.receives }),
    MD5OfBody: message.bodyMd5,
    Body: message.body,
    ...(attributes && { Attributes: attributes }),
    ...(messageAttributes && {
      MD5OfMessageAttributes: md5OfAttributes(messageAttributes),
      MessageAttributes: messageAttributes,
    }),
  };
}

/** Throws InvalidAttributeName for a system attribute that SQS does not have. */
export function checkWanted({ AttributeNames = [], MessageSystemAttributeNames = [] }: Wanted): void {
  for (const name of [...AttributeNames, ...MessageSystemAttributeNames])
    if (name !== 'All' && !(name in SYSTEM_ATTRIBUTES)) throw unknown(name);
}

/** In the order in which event source mappings list them. */
const SYSTEM_ATTRIBUTES: Record<string, (message: Message) => string | number | undefined> = {
  ApproximateReceiveCount: ({ receives }) => receives,
  SentTimestamp: ({ sent }) => sent,
  SequenceNumber: ({ sequence }) => sequence,
  MessageGroupId: ({ groupId }) => groupId,
  SenderId: ({ sender }) => sender,
  MessageDeduplicationId: ({ deduplicationId }) => deduplicationId,
  ApproximateFirstReceiveTimestamp: ({ firstReceived }) => firstReceived,
  AWSTraceHeader: ({ traceHeader }) => traceHeader,
  DeadLetterQueueSourceArn: ({ deadLetterSource }) => deadLetterSource,
};

function systemAttributes(
  message: Message,
  { AttributeNames = [], MessageSystemAttributeNames = [] }: Wanted,
): Record<string, string> | undefined {
  const names = new Set<string>([...AttributeNames, ...MessageSystemAttributeNames]);
  if (names.size === 0) return undefined;
  const attributes: Record<string, string> = {};
  for (const [name, read] of Object.entries(SYSTEM_ATTRIBUTES)) {
    const value = names.has('All') || names.has(name) ? read(message) : undefined;
    if (value !== undefined) attributes[name] = String(value);
  }
  return Object.keys(attributes).length > 0 ? attributes : undefined;
}

/** `All`, `*` and `.*` mean all, `pre.*` means all that begin with `pre`; what is no name is ignored. */
function matching(
  attributes: Message['attributes'],
  names: string[] = [],
): Record<string, SQS.MessageAttributeValue> | undefined {
  if (!attributes || names.length === 0) return undefined;
  const matches = (attribute: string) =>
    names.some(
      (name) =>
        name === 'All' ||
        name === '*' ||
        name === attribute ||
        (name.endsWith('.*') && attribute.startsWith(name.slice(0, -'.*'.length))),
    );
  const found = Object.entries(attributes).filter(([name]) => matches(name));
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}
