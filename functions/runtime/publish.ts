/** For producers that are no consumers: an API's handler, an import, a scheduled job. */
import { Buffer } from 'node:buffer';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { ambient as production, type Ambient } from './ambient.ts';
import { clientSettings } from './client.ts';
import { checkKnown, nearest } from './contract/catalogue.ts';
import { checkId, checkSource, checkType, type CloudEvent } from './contract/cloudevent.ts';
import { payloadHash } from './contract/ids.ts';
import { checkJson } from './contract/json.ts';
import { instantOf } from './contract/time.ts';
import type { Contract } from './contract.ts';
import { refusal } from './errors.ts';
import { PlainJson10, PlainJson11 } from './plain-json.ts';
import { sendCommands } from './publish/commands.ts';
import { entryBytes, entryOf, MAX_BYTES, putEvents } from './publish/events.ts';
import { PublishError, type Result, type Unsent } from './publish/failures.ts';

interface Options {
  /** Milliseconds after which nothing more is sent, neither again nor for the first time. @default 10 s */
  budgetMs?: number;
  /** Refuse types and versions that are not of these contracts. @default any, since contracts mint what is known */
  catalogue?: readonly Contract[];
  /** Refuse what does not fit one call of ten, rather than make several. @default false */
  atomic?: boolean;
  /** @default the process's */
  ambient?: Ambient;
}

export interface PublishOptions extends Options {
  /** Name of the bus. @default `SPILLWAY_BUS` */
  bus?: string;
  /** Largest event, in bytes as EventBridge counts. @default 1,000,000 */
  maxBytes?: number;
  /** @default a client of the process's region */
  eventbridge?: Pick<EventBridgeClient, 'send'>;
}

export interface SendOptions extends Options {
  /** Command type to queue URL. @default `SPILLWAY_QUEUES`, as JSON */
  queues?: Readonly<Record<string, string>>;
  /** @default a client of the process's region */
  sqs?: Pick<SQSClient, 'send'>;
}

/**
 * Publishes events; resolves when the bus has accepted all of them. Nothing is sent when one of them may not be.
 * Throws EVT_* before, and `PublishError` after sending.
 */
export async function publish(events: readonly CloudEvent[], options: PublishOptions = {}): Promise<void> {
  const { ambient = production, budgetMs = 10_000, maxBytes = MAX_BYTES } = options;
  const bus = checkedBus(options.bus ?? ambient.env.SPILLWAY_BUS, ambient);
  checkAll(events, options);
  for (const event of events) checkSize(event, entryBytes(entryOf(event, bus)), maxBytes);
  const eventbridge =
    options.eventbridge ??
    (eventbridgeClient ??= new EventBridgeClient({ ...CLIENT, protocol: PlainJson11 }));
  report(events, await putEvents(events, { bus, eventbridge, budgetMs, ambient }));
}

/** Sends commands to their consumers; resolves when the queues have accepted all of them. Otherwise as `publish`. */
export async function send(commands: readonly CloudEvent[], options: SendOptions = {}): Promise<void> {
  const {
    ambient = production,
    budgetMs = 10_000,
    queues = JSON.parse(ambient.env.SPILLWAY_QUEUES ?? '{}'),
  } = options;
  checkAll(commands, options);
  for (const command of commands) {
    if (!(command.type in queues))
      throw refusal(
        'EVT_NO_QUEUE',
        `no queue is known for ${command.type}${nearest(command.type, Object.keys(queues))}`,
      );
    checkSize(command, Buffer.byteLength(JSON.stringify(command)), MAX_BYTES);
  }
  const sqs = options.sqs ?? (sqsClient ??= new SQSClient({ ...CLIENT, protocol: PlainJson10 }));
  report(commands, await sendCommands(commands, { queues, sqs, budgetMs, ambient }));
}

/** The runtime tries again itself, so that only what failed is tried again. */
const CLIENT = clientSettings(1, 5_000);
let eventbridgeClient: EventBridgeClient | undefined;
let sqsClient: SQSClient | undefined;

function checkAll(messages: readonly CloudEvent[], { atomic = false, catalogue }: Options): void {
  if (messages.length === 0) throw refusal('EVT_EMPTY', 'there is nothing to send');
  if (atomic && messages.length > 10)
    throw refusal('EVT_BATCH_TOO_LARGE', 'these do not fit one call', { limit: 10, actual: messages.length });
  const seen = new Map<string, { index: number; hash: string }>();
  for (const [index, message] of messages.entries()) {
    checkMessage(message, index);
    if (catalogue) checkKnown(message, catalogue);
    const hash = payloadHash(message.dataschema, message.data);
    const before = seen.get(message.id);
    if (before && before.hash !== hash)
      throw refusal(
        'EVT_ID_CONFLICT',
        `messages ${before.index} and ${index} have one id and different data`,
        { path: `[${index}].id` },
      );
    seen.set(message.id, { index, hash });
  }
}

function checkMessage(message: CloudEvent, index: number): void {
  if (message?.specversion !== '1.0')
    throw refusal('EVT_DETAIL_NOT_OBJECT', `message ${index} is no CloudEvent`, { path: `[${index}]` });
  checkId(message.id);
  checkType(message.type);
  checkSource(message.source);
  instantOf(message.time);
  checkJson(message.data);
}

function checkSize(message: CloudEvent, actual: number, limit: number): void {
  if (actual <= limit) return;
  const sizes = Object.entries(message.data as object).map(
    ([name, value]) => [name, Buffer.byteLength(JSON.stringify(value))] as const,
  );
  const [largest, bytes] = sizes.reduce((a, b) => (b[1] > a[1] ? b : a), ['', 0]);
  throw refusal('EVT_TOO_LARGE', `${message.type} has ${actual} bytes, of which data.${largest} ${bytes}`, {
    path: `data.${largest}`,
    limit,
    actual,
  });
}

/** A name, or the ARN of a bus in the own account and region. */
function checkedBus(bus: string | undefined, { env }: Ambient): string {
  if (!bus) throw refusal('EVT_BAD_BUS', 'no bus is named', { path: 'SPILLWAY_BUS' });
  const arn = /^arn:[^:]+:events:([^:]+):\d{12}:event-bus\/(.+)$/.exec(bus);
  if (arn ? env.AWS_REGION !== undefined && arn[1] !== env.AWS_REGION : !/^[A-Za-z0-9._/-]{1,256}$/.test(bus))
    throw refusal(
      'EVT_BAD_BUS',
      arn ? 'the bus is in another region' : 'the name of the bus has other characters',
      { path: 'SPILLWAY_BUS' },
    );
  return bus;
}

function report(messages: readonly CloudEvent[], results: readonly Result[]): void {
  const unsent = (kind: Result['kind']): Unsent[] =>
    results.flatMap((result, index) =>
      result.kind === kind && result.kind !== 'accepted'
        ? [{ index, id: messages[index]!.id, code: result.code }]
        : [],
    );
  const rejected = unsent('rejected');
  const indeterminate = unsent('indeterminate');
  if (rejected.length > 0 || indeterminate.length > 0)
    throw new PublishError(rejected, indeterminate, messages.length);
}
