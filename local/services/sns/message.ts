/** What may be published. Texts as recorded against AWS. */
import type * as SNS from '@aws-sdk/client-sns';
import { invalid, invalidValue } from './errors.ts';
import type { Topic } from './topic.ts';

/** A message as it is published, alone or in a batch. */
export type Publishing = Omit<SNS.PublishBatchRequestEntry, 'Id'>;

/** A message on its way to the subscriptions. */
export interface Message {
  id: string;
  /** By protocol, with `default`; just that unless the message has a structure. */
  texts: Record<string, string>;
  subject: string | undefined;
  attributes: Record<string, SNS.MessageAttributeValue>;
  groupId: string | undefined;
  /** FIFO topics only, as the next one. */
  deduplicationId: string | undefined;
  /** Twenty digits. */
  sequence: string | undefined;
  /** Milliseconds since 1970. */
  published: number;
  /** @default no trace */
  traceHeader: string | undefined;
}

/** Bytes of a message with its attributes, and of a batch. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
export const LARGEST = 262_144;

export const sizeOf = ({ Message = '', MessageAttributes = {} }: Publishing): number =>
  Object.entries(MessageAttributes).reduce(
    (size, [name, { DataType = '', StringValue = '', BinaryValue }]) =>
      size + Buffer.byteLength(name + DataType) + (BinaryValue?.byteLength ?? Buffer.byteLength(StringValue)),
    Buffer.byteLength(Message),
  );

export function check(topic: Topic, publishing: Publishing): void {
  const { Message, Subject, MessageAttributes = {}, MessageGroupId, MessageDeduplicationId } = publishing;
  if (!Message) throw invalid('Empty message');
  if (Subject !== undefined && !/^[ -~]{1,100}$/.test(Subject)) throw invalid('Subject');
  for (const [name, value] of Object.entries(MessageAttributes)) checkAttribute(name, value);
  checkId('MessageGroupId', MessageGroupId);
  checkId('MessageDeduplicationId', MessageDeduplicationId);
  if (!topic.fifo) {
    if (MessageDeduplicationId !== undefined)
      throw invalid(
        'MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type',
      );
    return;
  }
  if (MessageGroupId === undefined) throw invalid('The MessageGroupId parameter is required for FIFO topics');
  if (MessageDeduplicationId === undefined && topic.attributes.ContentBasedDeduplication !== 'true')
    throw invalid(
      'The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
}

/** The same of a standard topic as of a FIFO topic. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
function checkId(name: string, id: string | undefined): void {
  if (id !== undefined && !/^[!-~]{1,128}$/.test(id))
    throw invalid(
      `${name} Reason: The ${name} parameter can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
    );
}

/** With `MessageStructure: json` a message may be another for each protocol. */
export function textsOf({ Message = '', MessageStructure }: Publishing): Record<string, string> {
  if (MessageStructure === undefined) return { default: Message };
  if (MessageStructure !== 'json') throw invalid('MessageStructure');
  let texts: Record<string, unknown> | null;
  try {
    texts = JSON.parse(Message) as Record<string, unknown> | null;
  } catch {
    throw invalid('Message Structure - JSON message body failed to parse');
  }
  if (typeof texts?.default !== 'string')
    throw invalid('Message Structure - No default entry in JSON message body');
  return texts as Record<string, string>;
}

function checkAttribute(name: string, value: SNS.MessageAttributeValue): void {
  if (Buffer.byteLength(name) >= 256)
    throw invalidValue('Length of message attribute name must be less than 256 bytes.');
  const odd = /[^\w.-]/.exec(name)?.[0];
  if (odd)
    throw invalidValue(
      `Invalid non-alphanumeric character '#x${odd.codePointAt(0)!.toString(16).toUpperCase()}' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots.`,
    );
  if (name.startsWith('.'))
    throw invalidValue("Invalid message attribute name starting with character '.' was found.");
  if (name.endsWith('.'))
    throw invalidValue("Invalid message attribute name ending with character '.' was found.");
  if (name.includes('..'))
    throw invalidValue("Message attribute name can not have successive '.' character.");
  const { DataType = '', StringValue, BinaryValue } = value;
  const type = /^(String|Number|Binary)(\..+)?$/.exec(DataType)?.[1];
  if (!type)
    throw invalidValue(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  const field = type === 'Binary' ? 'Binary' : 'String';
  const other = type === 'Binary' ? StringValue : BinaryValue;
  if (other !== undefined)
    throw invalidValue(`The message attribute '${name}' with type '${DataType}' must use field '${field}'.`);
  if (type === 'Binary' ? !BinaryValue?.byteLength : !StringValue)
    throw invalidValue(
      `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${DataType}'.`,
    );
}
