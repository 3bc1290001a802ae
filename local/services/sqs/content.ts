/** What may be said in a message. Texts as SQS answers them. */
import type * as SQS from '@aws-sdk/client-sqs';
import { AwsError } from '../../errors.ts';
import { invalidParameter, invalidValue } from './errors.ts';

type MessageAttributes = Record<string, SQS.MessageAttributeValue>;

/** The largest message and the largest batch, in bytes. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
export const LARGEST = 1_048_576;

/** Bytes of UTF-8 of the body, and of each attribute its name, type and value. */
export function sizeOf({
  MessageBody = '',
  MessageAttributes = {},
}: Partial<SQS.SendMessageRequest>): number {
  let size = Buffer.byteLength(MessageBody);
  for (const [name, { DataType = '', StringValue = '', BinaryValue }] of Object.entries(MessageAttributes))
    size +=
      Buffer.byteLength(name) +
      Buffer.byteLength(DataType) +
      (BinaryValue?.byteLength ?? Buffer.byteLength(StringValue));
  return size;
}

/** Throws InvalidMessageContents. */
export function checkBody(body: string): void {
  if (FORBIDDEN.test(body)) throw new AwsError('InvalidMessageContents', FORBIDDEN_TEXT);
}

const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
const FORBIDDEN_TEXT =
  'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF';

/** A group or deduplication id. */
export function checkId(
  parameter: 'MessageGroupId' | 'MessageDeduplicationId',
  id: string | undefined,
): void {
  if (id !== undefined && !/^[!-~]{1,128}$/.test(id))
    throw invalidValue(
      id,
      parameter,
      `${parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
    );
}

export function checkAttributes(attributes: MessageAttributes): void {
  const entries = Object.entries(attributes);
  if (entries.length > 10)
    throw invalidParameter(
      `Number of message attributes [${entries.length}] exceeds the allowed maximum [10].`,
    );
  for (const [name, value] of entries) {
    checkAttributeName(name);
    checkAttributeValue(name, value);
  }
}

/** Only the trace header may be sent. */
export function checkSystemAttributes(attributes: MessageAttributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (name !== 'AWSTraceHeader')
      throw invalidParameter(`Message system attribute name '${name}' is invalid.`);
    if (value.DataType !== 'String')
      throw invalidParameter(
        `The type of message system attribute '${name}' is invalid. You must use only the following supported type: String.`,
      );
    checkAttributeValue(name, value);
  }
}

function checkAttributeName(name: string): void {
  if (name === '')
    throw invalidParameter('The request must contain non-empty message (user) attribute names.');
  if (Buffer.byteLength(name) > 256)
    throw invalidParameter('Message (user) attribute name must be shorter than 256 bytes.');
  if (/^(aws|amazon)\./i.test(name))
    throw invalidParameter(
      "You can't use message attribute names beginning with 'AWS.' or 'Amazon'. These strings are reserved for internal use.",
    );
  if (!/^[\w-]+(\.[\w-]+)*$/.test(name))
    throw invalidParameter(
      `Invalid attribute name: '${name}'. It can contain alphanumeric characters, underscores, hyphens and periods, but neither begin nor end with a period nor contain two in a row.`,
    );
}

function checkAttributeValue(name: string, value: SQS.MessageAttributeValue): void {
  const { DataType, StringValue, BinaryValue, StringListValues, BinaryListValues } = value;
  if (StringListValues?.length || BinaryListValues?.length)
    throw invalidParameter('Message attribute list values in SendMessage operation are not supported.');
  if (!DataType)
    throw invalidParameter(
      `The message (user) attribute '${name}' must contain a non-empty message attribute value.`,
    );
  if (Buffer.byteLength(DataType) > 256)
    throw invalidParameter('Message (user) attribute type must be shorter than 256 bytes.');
  const type = /^(String|Number|Binary)(\.|$)/.exec(DataType)?.[1];
  if (!type)
    throw invalidParameter(
      `The type of message (user) attribute '${name}' is invalid. You must use only the following supported type prefixes: Binary, Number, String.`,
    );
  if (type === 'Binary' ? !BinaryValue?.byteLength : !StringValue)
    throw invalidParameter(
      `Message (user) attribute '${name}' must contain a non-empty value of type '${type === 'Binary' ? 'Binary' : 'String'}'.`,
    );
  if (type !== 'Binary' && FORBIDDEN.test(StringValue!)) throw invalidParameter(FORBIDDEN_TEXT);
  if (type === 'Number' && !isNumber(StringValue!))
    throw invalidParameter(`Can't cast the value of message (user) attribute '${name}' to a number.`);
}

/** Up to 38 digits, from 10^-128 to 10^126. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html */
function isNumber(text: string): boolean {
  const parts = /^[+-]?(\d*)(?:\.(\d*))?(?:[eE][+-]?\d+)?$/.exec(text);
  if (!parts || !`${parts[1]}${parts[2] ?? ''}`) return false;
  const digits = `${parts[1]}${parts[2] ?? ''}`.replace(/^0+/, '');
  const size = Math.abs(Number(text));
  return digits.length <= 38 && (size === 0 ? digits === '' : size >= 1e-128 && size <= 1e126);
}
