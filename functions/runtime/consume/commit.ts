/** A decision as rows: the mark, the aggregates, the outbox. */
import { Buffer } from 'node:buffer';
import type { CloudEvent } from '../contract/cloudevent.ts';
import { derivedId, traceparentOf } from '../contract/ids.ts';
import { Fault, refusal } from '../errors.ts';
import type { Message } from './arrival.ts';
import type { Decided } from './definition.ts';

/** An aggregate as it was read. */
export interface Aggregate {
  /** Undefined when it does not exist yet. */
  state: unknown;
  /** 0 when it does not exist yet. */
  version: number;
}

/** An outbox row: exists until its entries are published. */
export interface OutboxRow {
  pk: string;
  kind: 'events' | 'commands';
  /** CloudEvents, in the order of the decision. */
  entries: CloudEvent[];
  /** `now` is published by the stream, `later` when it falls due; both by the sweeper. */
  pending: 'now' | 'later';
  /** Milliseconds since 1970. */
  dueAt: number;
}

/** What one record writes, all or nothing. */
export interface Commit {
  mark: { id: string; hash: string; at: number };
  /** `text` is undefined where there is still no state: only the version moves. */
  aggregates: { pk: string; from: number; text: string | undefined }[];
  outbox: (Omit<OutboxRow, 'entries'> & { text: string })[];
  published: number;
  sent: number;
}

export interface Cause {
  consumer: string;
  message: Pick<Message, 'event' | 'hash'>;
  keys: readonly string[];
  aggregates: readonly Aggregate[];
  /** Milliseconds since 1970. */
  now: number;
}

/**
 * The rows of a decision. Any effect moves the version of every aggregate that was read, so that what is published
 * carries a version of its own, and a decision made on old states cannot be written.
 * Throws OUTBOX_TOO_LARGE, STATE_TOO_LARGE, HANDLER_RESULT.
 */
export function commitOf(decided: Decided, cause: Cause): Commit {
  const { rows, published, sent } = outboxOf(decided, cause);
  const effect = rows.length > 0 || decided.states.some((state) => state !== undefined);
  const aggregates = cause.keys.map((key, i) => {
    const { state, version } = cause.aggregates[i]!;
    return {
      pk: `a#${key}`,
      from: version,
      text: stateText(decided.states[i] === undefined ? state : decided.states[i]),
    };
  });
  return {
    mark: { id: cause.message.event.id, hash: cause.message.hash, at: cause.now },
    aggregates: effect ? aggregates : [],
    outbox: rows.map(({ entries, ...row }) => ({ ...row, text: JSON.stringify(entries) })),
    published,
    sent,
  };
}

/** Below DynamoDB's 400 KB an item, names and other attributes included. */
const MAX_ROW_BYTES = 380_000;
const MAX_STATE_BYTES = 390_000;

/** What the decision publishes and sends, with ids, causes and sequence, as outbox rows. */
export function outboxOf(
  decided: Decided,
  cause: Cause,
): { rows: OutboxRow[]; published: number; sent: number } {
  const { publish = [], send = [], after = [] } = decided;
  let ordinal = 0;
  const stamp = (drafts: readonly CloudEvent[]) => drafts.map((draft) => stamped(draft, cause, ordinal++));
  const due = [
    { events: stamp(publish), commands: stamp(send), pending: 'now' as const, dueAt: cause.now },
    ...after.map(({ delaySeconds, publish = [], send = [] }) => ({
      events: stamp(publish),
      commands: stamp(send),
      pending: 'later' as const,
      dueAt: cause.now + delaySeconds * 1000,
    })),
  ];
  const rows = due.flatMap(({ events, commands, pending, dueAt }) => [
    ...rowsOfEvents(events).map((entries) => rowOf('events', entries, pending, dueAt)),
    ...(commands.length > 0 ? [rowOf('commands', commands, pending, dueAt)] : []),
  ]);
  return { rows, published: publish.length, sent: send.length };
}

function stamped(
  draft: CloudEvent,
  { consumer, message, keys, aggregates, now }: Cause,
  ordinal: number,
): CloudEvent {
  if (draft?.specversion !== '1.0')
    throw new Fault('HANDLER_RESULT', 'publish and send take what contracts mint');
  const { event } = message;
  const key = keys[0] ?? event.id;
  const version = (aggregates[0]?.version ?? 0) + 1;
  const id = derivedId({ consumer, key, type: draft.type, version, ordinal });
  return {
    ...draft,
    id,
    source: draft.partitionkey === undefined ? draft.source : consumer,
    time: new Date(now).toISOString(),
    subject: draft.subject ?? key,
    correlationid: event.correlationid,
    causationid: event.id,
    traceparent: traceparentOf(event.correlationid, id, event.traceparent),
    sequence: version,
    hops: event.hops + 1,
  };
}

const rowOf = (
  kind: OutboxRow['kind'],
  entries: CloudEvent[],
  pending: OutboxRow['pending'],
  dueAt: number,
): OutboxRow => {
  if (sizeOf(entries) > MAX_ROW_BYTES)
    throw refusal(
      'OUTBOX_TOO_LARGE',
      `what is to be ${kind === 'events' ? 'published' : 'sent'} does not fit a row`,
      { limit: MAX_ROW_BYTES, actual: sizeOf(entries) },
    );
  return { pk: `o#${entries[0]!.id}`, kind, entries, pending, dueAt };
};

/** Events may be split over rows; commands of one decision stay together, because they stay in order. */
function rowsOfEvents(events: CloudEvent[]): CloudEvent[][] {
  const rows: CloudEvent[][] = [];
  let room = 0;
  for (const event of events) {
    const size = sizeOf(event) + 1;
    if (rows.length === 0 || size > room) {
      rows.push([]);
      room = MAX_ROW_BYTES - 2;
    }
    rows.at(-1)!.push(event);
    room -= size;
  }
  return rows;
}

const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

function stateText(state: unknown): string | undefined {
  if (state === undefined) return undefined;
  const text = JSON.stringify(state);
  if (Buffer.byteLength(text) > MAX_STATE_BYTES)
    throw refusal('STATE_TOO_LARGE', 'the aggregate does not fit an item', {
      limit: MAX_STATE_BYTES,
      actual: Buffer.byteLength(text),
    });
  return text;
}
