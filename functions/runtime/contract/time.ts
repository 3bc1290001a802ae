import { refusal } from '../errors.ts';

/** RFC 3339 of milliseconds since 1970. A batch asks for the same millisecond again and again. */
export function timeOf(ms: number): string {
  if (ms !== last.ms) last = { ms, time: new Date(ms).toISOString() };
  return last.time;
}

let last = { ms: NaN, time: '' };

/**
 * The moment of an RFC 3339 time in milliseconds since 1970. Strict: JavaScript reads 2026-02-30 as the second of March
 * and takes many other forms. Throws EVT_BAD_TIME.
 */
export function instantOf(time: unknown, path = 'time'): number {
  const parts = typeof time === 'string' ? RFC_3339.exec(time) : undefined;
  const ms = parts ? Date.parse(time as string) : NaN;
  if (!parts || Number.isNaN(ms) || !isDay(parts))
    throw refusal('EVT_BAD_TIME', `${path} is no RFC 3339 time`, { path });
  return ms;
}

const RFC_3339 =
  /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** Every month has 28. */
const isDay = ([, year, month, day]: RegExpExecArray) =>
  Number(day) <= 28 || Number(day) <= new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
