/** What KMS's model says of single members, and how it pages. */
import { AwsError } from '../../errors.ts';

export const invalid = (message: string): AwsError => new AwsError('ValidationException', message);

/** Throws in the words of AWS's model validation unless `value` is within the bounds. */
export function checkRange(at: string, value: number | undefined, least: number, most: number): void {
  if (value === undefined || (value >= least && value <= most)) return;
  const bound = value < least ? `greater than or equal to ${least}` : `less than or equal to ${most}`;
  throw invalid(
    `1 validation error detected: Value '${value}' at '${at}' failed to satisfy constraint: Member must have value ${bound}`,
  );
}

/** Throws in the words of AWS's model validation unless `value` has between `least` and `most` bytes. */
export function checkLength(at: string, value: Uint8Array, least: number, most: number): void {
  if (value.length >= least && value.length <= most) return;
  const bound = value.length < least ? `greater than or equal to ${least}` : `less than or equal to ${most}`;
  throw invalid(
    `1 validation error detected: Value at '${at}' failed to satisfy constraint: Member must have length ${bound}`,
  );
}

/** @param most how many at once, unless asked for fewer or more, up to 1,000 */
export function page<T>(
  all: T[],
  { Limit, Marker }: { Limit?: number | undefined; Marker?: string | undefined },
  most: number,
): { items: T[]; Truncated: boolean; NextMarker?: string } {
  checkRange('limit', Limit, 1, 1000);
  const from = Marker === undefined ? 0 : Number(Buffer.from(Marker, 'base64').toString());
  if (!Number.isSafeInteger(from) || from < 0)
    throw new AwsError('InvalidMarkerException', 'Could not deserialize marker');
  const items = all.slice(from, from + (Limit ?? most));
  const end = from + items.length;
  return end < all.length
    ? { items, Truncated: true, NextMarker: Buffer.from(String(end)).toString('base64') }
    : { items, Truncated: false };
}
