import type { Ambient } from './ambient.ts';
import { timeOf } from './contract/time.ts';

/**
 * Structured logs: one JSON object a line, with the fields of this list and no others, so that neither payloads nor
 * people nor secrets can get in by accident.
 *
 * Per record a consumer writes one line. Its shape (milliseconds are whole numbers; fields that do not apply are absent):
 *
 * ```json
 * {"level":"info","at":"2030-01-01T00:00:00.000Z","consumer":"payments","type":"order.placed","version":2,
 *  "id":"…","correlationid":"…","causationid":"…","traceid":"…","outcome":"committed","attempt":1,
 *  "waiting":12,"transit":3,"processing":9,"published":1,"sent":1,"hops":1,"requestId":"…"}
 * ```
 *
 * - `outcome`: `committed`, `duplicate` (acknowledged, nothing done), `dead-lettered`, `retry` (an attempt failed),
 *   `unrun` (handed back without an attempt). The last three carry `code` and `message`, redacted.
 * - `level`: `info`; `warn` for retry and unrun; `error` for dead-lettered.
 * - `attempt`: how often SQS has handed the message out, this time included.
 * - `transit`: from the message's `time` until SQS had it. `waiting`: from then until this invocation received it.
 *   `processing`: from then until it was committed or given up. Clocks of different machines: never below 0.
 * - `traceid`: of W3C Trace Context, the same from the first message to the last; X-Ray writes it `1-<8 digits>-<24 digits>`.
 * - `type`, `version`, `id`, `correlationid`, `causationid`, `traceid`, `hops` are absent when the message could not be read.
 *
 * The relay writes lines with `relay` in place of `consumer`. An API writes one line per request with `api`, its `client` (the
 * name of a program, not a person) and HTTP `status`; `outcome` is `accepted`, `repeated`, `refused` or `failed`.
 */
const FIELDS = new Set([
  'level',
  'at',
  'consumer',
  'relay',
  'api',
  'client',
  'status',
  'type',
  'version',
  'id',
  'messageId',
  'correlationid',
  'causationid',
  'traceid',
  'outcome',
  'code',
  'message',
  'attempt',
  'decisions',
  'waiting',
  'transit',
  'processing',
  'published',
  'sent',
  'hops',
  'requestId',
  'notice',
  'orderId',
  'count',
]);

export type Level = 'info' | 'warn' | 'error';

/** Writes one line; fields outside the list are left out. */
export function log(
  { now, write }: Pick<Ambient, 'now' | 'write'>,
  level: Level,
  fields: Record<string, unknown>,
): void {
  const line: Record<string, unknown> = { level, at: timeOf(now()), ...fields };
  for (const name of Object.keys(fields)) if (!FIELDS.has(name)) delete line[name];
  write(JSON.stringify(line));
}
