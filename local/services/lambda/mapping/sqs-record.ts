import type * as SQS from '@aws-sdk/client-sqs';
import type { Pattern } from '../../events/pattern/compile.ts';

/**
 * A message as a function sees it, in AWS's order of keys.
 * @param windowed a mapping with a batching window shows the digest of absent attributes as null, one without leaves it out
 */
export function recordOf(
  message: SQS.Message,
  eventSourceARN: string,
  awsRegion: string,
  windowed: boolean,
): object {
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

/** Parts the messages that a filter lets through from those it does not. A pattern for an object never matches plain text. */
export function passing<M extends { Body: string }>(
  messages: M[],
  filters: Pattern[],
): { passed: M[]; refused: M[] } {
  if (filters.length === 0) return { passed: messages, refused: [] };
  const passed: M[] = [];
  const refused: M[] = [];
  for (const message of messages) {
    const shape = { body: jsonOr(message.Body) };
    (filters.some((matches) => matches(shape)) ? passed : refused).push(message);
  }
  return { passed, refused };
}

function jsonOr(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
