/** What travels over a bus. */
import { latest } from '../../wire/latest.ts';
import { parseExactly } from './pattern/numbers.ts';

export interface Event {
  id: string;
  source: string;
  detailType: string;
  /** Milliseconds since 1970, in whole seconds. */
  time: number;
  resources: string[];
  /** Compact JSON of an object. */
  detail: string;
  account: string;
  region: string;
  /** When the bus received it, in milliseconds since 1970; the age of an event counts from here. */
  ingested: number;
  /** Set when a replay sent it. @default it is new */
  replayName?: string;
  /** Of X-Ray, handed on to queues and buses. @default none */
  traceHeader?: string;
}

/** An event with its envelope, written once for all targets and read once for all rules. */
export interface Envelope extends Event {
  /** Compact JSON, keys in AWS's order. */
  text: string;
  /** `text`, parsed. */
  parsed: Record<string, unknown>;
}

/** Makes an envelope of `event` itself: copies would cost several times as much. */
export function sealed(event: Event, detail?: unknown): Envelope {
  const head = {
    version: '0',
    id: event.id,
    'detail-type': event.detailType,
    source: event.source,
    account: event.account,
    time: isoSeconds(event.time),
    region: event.region,
    ...(event.replayName === undefined ? {} : { 'replay-name': event.replayName }),
    resources: event.resources,
  };
  const text = `${JSON.stringify(head).slice(0, -1)},"detail":${event.detail}}`;
  const parsed = Object.assign(head, { detail: detail ?? parseExactly(event.detail) });
  return Object.assign(event, { text, parsed });
}

/** `2030-01-01T00:00:00Z` */
export const isoSeconds = latest((time: number) => `${new Date(time).toISOString().slice(0, 19)}Z`);

/** JSON without the space between its tokens; what it says, and how it writes numbers, stays. */
export const compact = (json: string) =>
  /\s/.test(json)
    ? json.replace(/"(?:[^"\\]|\\.)*"|\s+/g, (part) => (part.startsWith('"') ? part : ''))
    : json;
