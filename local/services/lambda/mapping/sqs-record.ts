import type * as SQS from '@aws-sdk/client-sqs';
import type { Pattern } from '../../events/pattern/compile.ts';

/** What a mapping needs of a message that it shows to its target. */
export interface QueueRecord {
  messageId: string;
  receiptHandle: string;
  body: string;
  [member: string]: unknown;
}

/**
 * A message as a function sees it, in AWS's order of keys.
 * @param windowed a mapping with a batching window shows the digest of absent attributes as null, one without leaves it out
 */
export function recordOf(
  message: SQS.Message & { MessageId: string; ReceiptHandle: string; Body: string },
  eventSourceARN: string,
  awsRegion: string,
  windowed: boolean,
): QueueRecord {
  const { MessageAttributes = {}, MD5OfMessageAttributes } = message;
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: ordered(message.Attributes ?? {}),
    messageAttributes: Object.fromEntries(
      Object.entries(MessageAttributes).map(([name, value]) => [name, attributeOf(value)]),
    ),
    ...(MD5OfMessageAttributes !== undefined && { md5OfMessageAttributes: MD5OfMessageAttributes }),
    ...(MD5OfMessageAttributes === undefined && windowed && { md5OfMessageAttributes: null }),
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN,
    awsRegion,
  };
}

const ORDER = [
  'ApproximateReceiveCount',
  'AWSTraceHeader',
  'SentTimestamp',
  'SequenceNumber',
  'MessageGroupId',
  'SenderId',
  'MessageDeduplicationId',
  'DeadLetterQueueSourceArn',
  'ApproximateFirstReceiveTimestamp',
] as const;

const ordered = (attributes: Record<string, string>) =>
  Object.fromEntries(ORDER.filter((name) => name in attributes).map((name) => [name, attributes[name]]));

const attributeOf = ({ StringValue, BinaryValue, DataType }: SQS.MessageAttributeValue) => ({
  ...(StringValue !== undefined && { stringValue: StringValue }),
  ...(BinaryValue !== undefined && { binaryValue: Buffer.from(BinaryValue).toString('base64') }),
  stringListValues: [],
  binaryListValues: [],
  dataType: DataType,
});

/** Parts the records that a filter lets through from those it does not. A pattern for an object never matches plain text. */
export function passing(
  records: QueueRecord[],
  filters: Pattern[],
): { passed: QueueRecord[]; refused: QueueRecord[] } {
  if (filters.length === 0) return { passed: records, refused: [] };
  const passed: QueueRecord[] = [];
  const refused: QueueRecord[] = [];
  for (const record of records) {
    const shape = readable(record);
    (filters.some((matches) => matches(shape)) ? passed : refused).push(record);
  }
  return { passed, refused };
}

/** A record with what its body holds, where that is JSON. */
export const readable = (record: QueueRecord): object => ({ ...record, body: jsonOr(record.body) });

function jsonOr(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
