import { instantOf } from '../functions/runtime/contract/time.ts';
import { milliseconds, type Duration } from '../local/duration.ts';
import { OperateError } from './errors.ts';

/** Milliseconds since 1970. */
export interface Span {
  since?: number | undefined;
  until?: number | undefined;
}

/** What `--since` and `--until` say. Throws BAD_TIME also for a beginning that is to come, or is after the end. */
export function spanOf({ since, until }: { since?: string; until?: string }, now: number): Span {
  const span: Span = {
    since: since === undefined ? undefined : momentOf(since, now),
    until: until === undefined ? undefined : momentOf(until, now),
  };
  if (span.since !== undefined && span.since > now)
    throw new OperateError('BAD_TIME', `--since ${since} is yet to come`);
  if (span.since !== undefined && span.until !== undefined && span.since > span.until)
    throw new OperateError('BAD_TIME', `--since ${since} is after --until ${until}`);
  return span;
}

/** A time that has passed since, a day in UTC, or a moment in RFC 3339. */
function momentOf(text: string, now: number): number {
  try {
    if (/^[\d.]+[a-z]+$/.test(text)) return now - milliseconds(text as Duration);
    return instantOf(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text);
  } catch {
    throw new OperateError('BAD_TIME', `${text} is no time`);
  }
}

/** `40 s`, `3 min`, `5 h`, `2 d`: how long something took or is ago, for a person. */
export function roughly(ms: number): string {
  const [size, unit] = UNITS.find(([size]) => ms >= 2 * size) ?? SECONDS;
  return `${Math.max(0, Math.floor(ms / size))} ${unit}`;
}

const SECONDS = [1000, 's'] as const;
const UNITS = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
] as const;
