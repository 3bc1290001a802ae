import { refusal } from '../errors.ts';

/**
 * The moment of an RFC 3339 time in milliseconds since 1970. Strict: JavaScript reads 2026-02-30 as the second of March
 * and takes many other forms. Throws EVT_BAD_TIME.
 */
export function instantOf(time: unknown, path = 'time'): number {
  const parts = typeof time === 'string' ? RFC_3339.exec(time) : undefined;
  const ms = parts ? Date.parse(time as string) : NaN;
  if (!parts || Number.isNaN(ms) || Number(parts[3]) > daysOf(Number(parts[1]), Number(parts[2])))
    throw refusal('EVT_BAD_TIME', `${path} is no RFC 3339 time`, { path });
  return ms;
}

const RFC_3339 =
  /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

const daysOf = (year: number, month: number) => new Date(Date.UTC(year, month, 0)).getUTCDate();
