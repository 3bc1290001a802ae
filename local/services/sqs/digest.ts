import { hash } from 'node:crypto';
import type * as SQS from '@aws-sdk/client-sqs';

export const md5 = (text: string): string => hash('md5', text);
export const sha256 = (text: string): string => hash('sha256', text);

/**
 * The MD5 by which clients check message attributes. Each in the order of its name: name, type and value, each with its
 * length before it, and one byte that tells texts (1) from bytes (2).
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation
 */
export function md5OfAttributes(attributes: Record<string, SQS.MessageAttributeValue>): string {
  const parts: Uint8Array[] = [];
  const add = (bytes: Uint8Array) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    parts.push(length, bytes);
  };
  for (const name of Object.keys(attributes).sort()) {
    const { DataType = '', StringValue, BinaryValue } = attributes[name]!;
    add(Buffer.from(name));
    add(Buffer.from(DataType));
    parts.push(BinaryValue ? BYTES : TEXT);
    add(BinaryValue ?? Buffer.from(StringValue ?? ''));
  }
  return hash('md5', Buffer.concat(parts));
}

const TEXT = Buffer.from([1]);
const BYTES = Buffer.from([2]);
