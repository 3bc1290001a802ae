/**
 * Dead letters in one form, wherever the failure was: in a consumer, at a rule's target, in SQS's own redrive, in a stream
 * mapping or an asynchronous invocation.
 */
import type { Message } from '@aws-sdk/client-sqs';
import { REASON, type Reason } from './consume/dead-letter.ts';
import { redact } from './consume/redact.ts';
import { versionOf, type CloudEvent } from './contract/cloudevent.ts';
import { HINTS, type Code } from './errors.ts';

/** Where it was given up. `queue`: by SQS alone, so that nobody wrote down why. */
export type Origin = 'consumer' | 'rule' | 'queue' | 'stream' | 'invocation';

export interface DeadLetter {
  origin: Origin;
  /** What failed, as it was: of an invocation its payload, of a stream the place of its records. */
  body: string;
  reason: Reason;
}

/** Letters that are one: copies of a message that one consumer gave up. */
export interface Folded extends DeadLetter {
  copies: DeadLetter[];
}

/** A message of a dead-letter queue, received with all its attributes. `consumer` is whose queue it is. */
export function deadLetterOf(message: Message, consumer: string): DeadLetter {
  if (message.Attributes?.DeadLetterQueueSourceArn !== undefined) return ofQueue(message, consumer);
  return (
    ofConsumer(message) ??
    ofRule(message, consumer) ??
    ofInvocation(message, consumer) ??
    ofDestination(message, consumer) ??
    ofQueue(message, consumer)
  );
}

/**
 * One for each (consumer, id), in order of first appearance: the copy that was given up last. What could not be read has
 * SQS's id in place of its own.
 */
export function folded(letters: readonly DeadLetter[]): Folded[] {
  const copies = new Map<string, DeadLetter[]>();
  for (const letter of letters) {
    const { consumer, id, messageId } = letter.reason;
    const key = JSON.stringify([consumer, id ?? null, id === undefined ? messageId : null]);
    copies.set(key, [...(copies.get(key) ?? []), letter]);
  }
  return [...copies.values()].map((all) => {
    const last = all.reduce((a, b) => (b.reason.last > a.reason.last ? b : a));
    return { ...last, copies: all };
  });
}

/** The consumer wrote down why. */
function ofConsumer(message: Message): DeadLetter | undefined {
  const reason = reasonIn(message);
  return reason && { origin: 'consumer', body: message.Body ?? '', reason };
}

function reasonIn({ MessageAttributes = {} }: Message): Reason | undefined {
  const reason = objectOf(MessageAttributes[REASON]?.StringValue);
  return typeof reason?.code === 'string' ? (reason as unknown as Reason) : undefined;
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html */
function ofRule(message: Message, consumer: string): DeadLetter | undefined {
  const { ERROR_CODE, ERROR_MESSAGE, RETRY_ATTEMPTS, TARGET_ARN } = texts(message);
  if (ERROR_CODE === undefined) return undefined;
  const attempts = Number(RETRY_ATTEMPTS ?? 0) + 1;
  return letter('rule', message, consumer, {
    code: 'UNDELIVERED',
    message: `${ERROR_CODE}: ${ERROR_MESSAGE ?? ''}`,
    attempts,
    queue: TARGET_ARN ?? '',
  });
}

/** A function's own dead-letter queue. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
function ofInvocation(message: Message, consumer: string): DeadLetter | undefined {
  const { RequestID, ErrorCode, ErrorMessage } = texts(message);
  if (RequestID === undefined || ErrorCode === undefined) return undefined;
  return letter('invocation', message, consumer, {
    code: 'INVOCATION_FAILED',
    message: `${ErrorCode}: ${ErrorMessage ?? ''}`,
    requestId: RequestID,
  });
}

/** What Lambda sends to a destination on failure, of asynchronous invocations and of streams. */
function ofDestination(message: Message, consumer: string): DeadLetter | undefined {
  const { requestContext, requestPayload, responsePayload, timestamp, ...rest } =
    objectOf(message.Body) ?? {};
  const { condition, requestId, approximateInvokeCount } = object(requestContext);
  if (typeof condition !== 'string') return undefined;
  const batch = object(rest['DDBStreamBatchInfo'] ?? rest['KinesisBatchInfo']);
  const stream = typeof batch['streamArn'] === 'string';
  return letter(
    stream ? 'stream' : 'invocation',
    stream ? message : { ...message, Body: JSON.stringify(requestPayload) },
    consumer,
    {
      code: stream ? 'STREAM_GIVEN_UP' : 'INVOCATION_FAILED',
      message: stream
        ? `${condition}: ${text(batch['batchSize'])} records of ${text(batch['shardId'])}`
        : `${condition}: ${text(object(responsePayload)['errorMessage'])}`,
      attempts: Number(approximateInvokeCount ?? 0),
      requestId: text(requestId),
      queue: text(batch['streamArn']),
      ...(typeof timestamp === 'string' && { last: timestamp }),
    },
  );
}

/**
 * SQS moved it: the function crashed, ran out of time or was throttled at the last attempt. A reason that it carries is of
 * the time before it was redriven.
 */
function ofQueue(message: Message, consumer: string): DeadLetter {
  const before = reasonIn(message);
  return letter('queue', message, consumer, {
    code: 'NO_REASON',
    message: `SQS moved it after ${receivesOf(message)} receives, and nobody wrote down why`,
    queue: message.Attributes?.DeadLetterQueueSourceArn ?? '',
    ...(before && { first: before.first, deadLettered: before.deadLettered + 1 }),
  });
}

function letter(
  origin: Origin,
  message: Message,
  consumer: string,
  { code, message: why, ...rest }: { code: Code; message: string } & Partial<Reason>,
): DeadLetter {
  const { Body: body = '', Attributes = {} } = message;
  const said = objectOf(body);
  const event = object(said?.['detail'] ?? said) as Partial<CloudEvent>;
  const { id, type, dataschema, correlationid, data } = event.specversion === '1.0' ? event : {};
  const version = versionOf(text(type), text(dataschema));
  const sent = instant(Attributes.SentTimestamp);
  return {
    origin,
    body,
    reason: {
      code,
      message: redact(why, data, 700),
      hint: HINTS[code],
      consumer,
      messageId: message.MessageId ?? '',
      ...(typeof id === 'string' && { id }),
      ...(typeof type === 'string' && { type }),
      ...(version !== undefined && { version }),
      ...(typeof correlationid === 'string' && { correlationid }),
      attempts: 0,
      receives: receivesOf(message),
      deadLettered: 1,
      first: sent,
      last: sent,
      requestId: '',
      queue: '',
      ...rest,
    },
  };
}

/** Reading the dead letter counts too. */
const receivesOf = ({ Attributes = {} }: Message): number =>
  Attributes.DeadLetterQueueSourceArn === undefined
    ? 0
    : Math.max(0, Number(Attributes.ApproximateReceiveCount ?? 1) - 1);

const instant = (ms: string | undefined): string => new Date(Number(ms ?? 0)).toISOString();

type Fields = Record<string, unknown>;

const object = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

const text = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

function objectOf(json: string | undefined): Fields | undefined {
  try {
    return json === undefined ? undefined : object(JSON.parse(json));
  } catch {
    return undefined;
  }
}

const texts = ({ MessageAttributes = {} }: Message): Partial<Record<string, string>> =>
  Object.fromEntries(Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue]));
