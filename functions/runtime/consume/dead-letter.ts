import { Buffer } from 'node:buffer';
import { SendMessageCommand, type MessageAttributeValue, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { versionOf } from '../contract/cloudevent.ts';
import { timeOf } from '../contract/time.ts';
import { Fault } from '../errors.ts';
import type { Arrival } from './outcome.ts';
import { codeOf, cut, redact } from './redact.ts';

/** The message attribute in which a dead letter carries why it is one: a `Reason` as JSON of at most 2 KB. */
export const REASON = 'SpillwayReason';

/** Why a message was dead-lettered. A dead letter is known by (consumer, id); copies are one. */
export interface Reason {
  code: string;
  /** Redacted. */
  message: string;
  /** @default the whole message */
  path?: string;
  hint: string;
  consumer: string;
  /** SQS's id of the message in the queue that it came from. */
  messageId: string;
  /** The message's own id. @default it could not be read */
  id?: string;
  type?: string;
  /** Of the contract, as received. */
  version?: number;
  correlationid?: string;
  /** Decisions in the last invocation. */
  attempts: number;
  /** How often SQS handed it out. */
  receives: number;
  /** How often it was dead-lettered, this time included: more than once after a redrive that did not help. */
  deadLettered: number;
  /** RFC 3339: first received, before any redrive, and given up. */
  first: string;
  last: string;
  requestId: string;
  /** Event-source queue ARN. */
  queue: string;
}

const MAX_REASON_BYTES = 2048;

export interface DeadLetters {
  consumer: string;
  requestId: string;
  now(): number;
  sqs: Pick<SQSClient, 'send'>;
  /** Queue ARN to the URL of its dead-letter queue. */
  urls: Readonly<Record<string, string>>;
}

/** Sends the message to its queue's dead-letter queue, with its reason. Throws when it could not be sent: then it must not be acknowledged. */
export async function deadLetter(arrival: Arrival, fault: Fault, to: DeadLetters): Promise<void> {
  const { record, group } = arrival;
  const url = to.urls[record.eventSourceARN];
  if (!url)
    throw new Fault('UNEXPECTED', `SPILLWAY_DEAD_LETTER_URLS names no queue for ${record.eventSourceARN}`);
  const trace = record.attributes.AWSTraceHeader;
  await to.sqs.send(
    new SendMessageCommand({
      QueueUrl: url,
      MessageBody: record.body,
      MessageAttributes: {
        ...originalAttributes(record),
        [REASON]: { DataType: 'String', StringValue: reasonText(reasonOf(arrival, fault, to)) },
      },
      ...(trace
        ? { MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: trace } } }
        : {}),
      ...(group === undefined ? {} : { MessageGroupId: group, MessageDeduplicationId: record.messageId }),
    }),
  );
}

function reasonOf(
  { record, received, decisions, receives }: Arrival,
  fault: Fault,
  { consumer, requestId, now }: DeadLetters,
): Reason {
  const { id, type, correlationid, data } = received ?? {};
  const earlier = reasonOn(record);
  return JSON.parse(
    JSON.stringify({
      code: codeOf(fault),
      message: redact(fault.message, data, 700),
      path: fault.path === undefined ? undefined : redact(fault.path, data, 200),
      hint: redact(fault.hint, data, 300),
      consumer,
      messageId: record.messageId,
      id,
      type,
      version: received && versionOf(received.type, received.dataschema),
      correlationid: correlationid === undefined ? undefined : cut(correlationid, 128),
      attempts: decisions,
      receives,
      deadLettered: (earlier?.deadLettered ?? 0) + 1,
      first:
        earlier?.first ?? new Date(Number(record.attributes.ApproximateFirstReceiveTimestamp)).toISOString(),
      last: timeOf(now()),
      requestId,
      queue: record.eventSourceARN,
    } satisfies { [K in keyof Reason]: Reason[K] | undefined }),
  );
}

/** Why a redriven message was dead-lettered the last time. */
export function reasonOn({ messageAttributes }: Pick<SQSRecord, 'messageAttributes'>): Reason | undefined {
  const text = messageAttributes[REASON]?.stringValue;
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Escapes can make the text longer than its parts: then the message gives way. */
function reasonText(reason: Reason): string {
  const text = JSON.stringify(reason);
  const excess = Buffer.byteLength(text) - MAX_REASON_BYTES;
  return excess <= 0 ? text : JSON.stringify({ ...reason, message: cut(reason.message, 60) });
}

/** SQS takes ten attributes; of ten original ones the last gives way to the reason. */
const originalAttributes = ({ messageAttributes }: SQSRecord): Record<string, MessageAttributeValue> =>
  Object.fromEntries(
    Object.entries(messageAttributes)
      .filter(([name]) => name !== REASON)
      .slice(0, 9)
      .map(([name, { dataType, stringValue, binaryValue }]) => [
        name,
        {
          DataType: dataType,
          ...(stringValue === undefined ? {} : { StringValue: stringValue }),
          ...(binaryValue === undefined ? {} : { BinaryValue: Buffer.from(binaryValue, 'base64') }),
        },
      ]),
  );
