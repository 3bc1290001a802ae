/** A decision as rows: the mark, the aggregates, the outbox. */
import { Buffer } from 'node:buffer';
import type { CloudEvent } from '../contract/cloudevent.ts';
import { derivedId, traceparentOf } from '../contract/ids.ts';
import { timeOf } from '../contract/time.ts';
import { Fault, refusal } from '../errors.ts';
import type { Message } from './arrival.ts';
import type { Decided } from './definition.ts';

/** An aggregate as it was read, or as the decision before left it. */
export interface Aggregate {
  /** Its state as JSON. @default there is none yet */
  text?: string | undefined;
  /** 0 when it does not exist yet. */
  version: number;
}

/** The state of an aggregate, a copy of its own with each call: what one decision does to it in place, no other sees. */
export const stateOf = ({ text }: Aggregate): unknown => (text === undefined ? undefined : JSON.parse(text));

/** An outbox row: exists until its entries are published. */
export interface OutboxRow {
  pk: string;
  kind: 'events' | 'commands' | 'replies';
  /** Replies only: as `replyto` of the request. */
  to?: string;
  /** CloudEvents, in the order of the decision. */
  entries: CloudEvent[];
  /** `now` is published by the stream, `later` when it falls due; both by the sweeper. */
  pending: 'now' | 'later';
  /** Milliseconds since 1970. */
  dueAt: number;
}

/** That a message was handled. */
export interface Mark {
  id: string;
  /** Of its payload. */
  hash: string;
  /** Milliseconds since 1970. */
  at: number;
  /** Seconds since 1970, as DynamoDB's TTL takes it. @default kept for ever */
  expires?: number;
}

/** What one record writes, all or nothing. */
export interface Commit {
  mark: Mark;
  aggregates: Written[];
  outbox: StampedRow[];
  published: number;
  sent: number;
}

/** An aggregate after a decision, on top of the version `from`. Without text only the version moves. */
export interface Written extends Aggregate {
  pk: string;
  from: number;
}

/** `text` is the entries as JSON. */
export type StampedRow = OutboxRow & { text: string };

export interface Cause {
  consumer: string;
  message: Pick<Message, 'event' | 'hash'>;
  keys: readonly string[];
  aggregates: readonly Pick<Aggregate, 'version'>[];
  /** Milliseconds since 1970. */
  now: number;
  /** The types that the consumer declares. @default whatever is decided */
  says?: ReadonlySet<string> | undefined;
  /** Milliseconds for which the mark is kept. @default for ever */
  expireAfter?: number | undefined;
}

/**
 * The rows of a decision. Any effect moves the version of every aggregate that was read, so that what is published
 * carries a version of its own, and a decision made on old states cannot be written.
 * Throws UNDECLARED, OUTBOX_TOO_LARGE, STATE_TOO_LARGE, HANDLER_RESULT.
 */
export function commitOf(decided: Decided, cause: Cause & { aggregates: readonly Aggregate[] }): Commit {
  const { rows, published, sent } = outboxOf(decided, cause);
  const effect = rows.length > 0 || decided.states.some((state) => state !== undefined);
  const aggregates = cause.keys.map((key, i) => {
    const { text, version } = cause.aggregates[i]!;
    const state = decided.states[i];
    return {
      pk: `a#${key}`,
      from: version,
      version: version + 1,
      text: state === undefined ? text : stateText(state),
    };
  });
  return {
    mark: markOf(cause),
    aggregates: effect ? aggregates : [],
    outbox: rows,
    published,
    sent,
  };
}

/** Kept for a day longer than the fence (`expired`) needs it: clocks differ. */
const MARGIN_MS = 24 * 60 * 60 * 1000;

function markOf({ message: { event, hash }, now, expireAfter }: Cause): Mark {
  const mark = { id: event.id, hash, at: now };
  if (expireAfter === undefined) return mark;
  const from = Math.max(now, Date.parse(event.time));
  return { ...mark, expires: Math.ceil((from + expireAfter + MARGIN_MS) / 1000) };
}

/** Below DynamoDB's 400 KB an item, names and other attributes included. */
export const MAX_ROW_BYTES = 380_000;
const MAX_STATE_BYTES = 390_000;

/** What the decision publishes and sends, with ids, causes and sequence, as outbox rows. */
function outboxOf(decided: Decided, cause: Cause): { rows: StampedRow[]; published: number; sent: number } {
  const { publish = [], send = [], reply, after = [] } = decided;
  if (publish.length + send.length + after.length === 0 && !reply) return { rows: [], published: 0, sent: 0 };
  const { replyto } = cause.message.event;
  let ordinal = 0;
  const stamp = (drafts: readonly CloudEvent[], at: number) =>
    drafts.map((draft) => stamped(draft, cause, { ordinal: ordinal++, at }));
  const dueOf = (events: readonly CloudEvent[], commands: readonly CloudEvent[], dueAt: number) => ({
    events: stamp(events, dueAt),
    commands: stamp(commands, dueAt),
    dueAt,
  });
  const due = [
    { ...dueOf(publish, send, cause.now), pending: 'now' as const },
    ...after.map(({ delaySeconds, publish = [], send = [] }) => ({
      ...dueOf(publish, send, cause.now + delaySeconds * 1000),
      pending: 'later' as const,
    })),
  ];
  const rows = due.flatMap(({ events, commands, pending, dueAt }) => [
    ...rowsOf('events', events, { pending, dueAt }),
    ...rowsOf('commands', commands, { pending, dueAt }),
  ]);
  refuseUndeclared(rows, cause);
  const replies = reply !== undefined && replyto !== undefined ? stamp([reply], cause.now) : [];
  for (const row of rowsOf('replies', replies, { pending: 'now', dueAt: cause.now }))
    rows.push({ ...row, to: replyto! });
  return { rows, published: publish.length, sent: send.length + replies.length };
}

/** What is not declared is in no document, no check for cycles has seen it, and perhaps nobody listens to it. */
function refuseUndeclared(rows: readonly OutboxRow[], { consumer, says }: Cause): void {
  const stranger = rows.flatMap(({ entries }) => entries).find(({ type }) => says?.has(type) === false);
  if (stranger)
    throw refusal('UNDECLARED', `${consumer} does not declare that it publishes or sends ${stranger.type}`);
}

/** Hops after which a message carries the types that it came through, should it be in a loop. */
const TRAIL_FROM = 8;

/** What falls due later is of then: it is no old message when it arrives. */
function stamped(
  draft: CloudEvent,
  { consumer, message, keys, aggregates }: Cause,
  { ordinal, at }: { ordinal: number; at: number },
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
    time: timeOf(at),
    subject: draft.subject ?? key,
    correlationid: event.correlationid,
    causationid: event.id,
    traceparent: traceparentOf(event.correlationid, id, event.traceparent),
    sequence: version,
    hops: event.hops + 1,
    ...(event.hops < TRAIL_FROM
      ? {}
      : { trail: event.trail === undefined ? event.type : `${event.trail} ${event.type}` }),
  };
}

/** Events may be split over rows; commands of one decision stay together, because they stay in order. */
function rowsOf(
  kind: OutboxRow['kind'],
  messages: CloudEvent[],
  due: Pick<OutboxRow, 'pending' | 'dueAt'>,
): StampedRow[] {
  const rows: { entries: CloudEvent[]; texts: string[]; size: number }[] = [];
  for (const message of messages) {
    const text = JSON.stringify(message);
    const size = Buffer.byteLength(text) + 1;
    let row = rows.at(-1);
    if (!row || (kind === 'events' && row.size + size > MAX_ROW_BYTES))
      rows.push((row = { entries: [], texts: [], size: 1 }));
    row.entries.push(message);
    row.texts.push(text);
    row.size += size;
  }
  return rows.map(({ entries, texts, size }) => {
    if (size > MAX_ROW_BYTES)
      throw refusal(
        'OUTBOX_TOO_LARGE',
        `what is to be ${kind === 'events' ? 'published' : 'sent'} does not fit a row`,
        { limit: MAX_ROW_BYTES, actual: size },
      );
    return { pk: `o#${entries[0]!.id}`, kind, entries, text: `[${texts.join()}]`, ...due };
  });
}

function stateText(state: unknown): string {
  const text = JSON.stringify(state);
  if (Buffer.byteLength(text) > MAX_STATE_BYTES)
    throw refusal('STATE_TOO_LARGE', 'the aggregate does not fit an item', {
      limit: MAX_STATE_BYTES,
      actual: Buffer.byteLength(text),
    });
  return text;
}
