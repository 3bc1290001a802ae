/** What was recorded within some span of time, in a few numbers. */

/** Everything that was recorded within some span of time. */
export interface Bucket {
  sum: number;
  count: number;
  min: number;
  max: number;
  /** How often each value occurred; undefined when all were equal, or came as a statistic set. */
  values: Map<number, number> | undefined;
}

export const empty = (): Bucket => ({ sum: 0, count: 0, min: Infinity, max: -Infinity, values: undefined });

/** One value that stood throughout. */
export const sampled = (value: number): Bucket => ({
  sum: value,
  count: 1,
  min: value,
  max: value,
  values: undefined,
});

/** Another with the same content. */
export const copied = (bucket: Bucket): Bucket => ({ ...bucket, values: distribution(bucket) });

/** Distinct values of a minute that are kept as they are; further ones are rounded to two digits. */
const EXACT_VALUES = 100;

/** Adds `count` values. */
export function addTo(bucket: Bucket, value: number, count: number) {
  if (bucket.values) countIn(bucket.values, value, count);
  else if (bucket.count > 0 && (value !== bucket.min || value !== bucket.max)) {
    bucket.values = distribution(bucket);
    countIn(bucket.values, value, count);
  }
  bucket.sum += value * count;
  bucket.count += count;
  if (value < bucket.min) bucket.min = value;
  if (value > bucket.max) bucket.max = value;
}

function countIn(values: Map<number, number>, value: number, count: number) {
  const key = values.size < EXACT_VALUES || values.has(value) ? value : Number(value.toPrecision(2));
  values.set(key, (values.get(key) ?? 0) + count);
}

/** Of a statistic set only its ends are known; the rest is taken to lie in their middle. */
function distribution({ values, count, min, max, sum }: Bucket): Map<number, number> {
  if (values) return new Map(values);
  if (count === 0) return new Map();
  if (min === max || count < 2) return new Map([[sum / count, count]]);
  const middle = count > 2 ? (sum - min - max) / (count - 2) : 0;
  const all = new Map([[min, 1]]);
  if (count > 2) countIn(all, middle, count - 2);
  countIn(all, max, 1);
  return all;
}

/** Adds all of `other` to `into`. */
export function merge(into: Bucket, other: Bucket): Bucket {
  into.values ??= distribution(into);
  const added = other.values ?? distribution(other);
  for (const [value, count] of added) countIn(into.values, value, count);
  into.sum += other.sum;
  into.count += other.count;
  into.min = Math.min(into.min, other.min);
  into.max = Math.max(into.max, other.max);
  return into;
}
