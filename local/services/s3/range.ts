import { copyRangeBehindEnd, invalidRange, noCopyRange } from './errors.ts';

/** From `start` to before `end`, and as Content-Range says it. */
export interface Range {
  start: number;
  end: number;
  text: string;
}

/**
 * One range of bytes: `bytes=0-9`, `bytes=10-` or `bytes=-5`; `undefined` for no range, and for what is none, which HTTP
 * has servers ignore. Throws InvalidRange where it begins behind the end. https://www.rfc-editor.org/rfc/rfc9110#field.range
 */
export function rangeOf(text: string | undefined, length: number): Range | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(text ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  const start = first === '' ? Math.max(0, length - Number(last)) : Number(first);
  const end = first === '' || last === '' ? length : Math.min(length, Number(last) + 1);
  if (start >= length) throw invalidRange();
  return { start, end, text: `bytes ${start}-${end - 1}/${length}` };
}

/** What of an object goes into a part: unlike for reading, both ends must be given, and lie within. @default all of it */
export function partOf(body: Uint8Array, text: string | undefined): Uint8Array {
  if (text === undefined) return body;
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(text) ?? [];
  if (first === undefined || Number(last) < Number(first)) throw noCopyRange(text);
  if (Number(last) >= body.length) throw copyRangeBehindEnd(body.length, text);
  return body.subarray(Number(first), Number(last) + 1);
}
