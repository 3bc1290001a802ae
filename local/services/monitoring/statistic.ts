/** Statistics over datapoints. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html */
import { notModelled } from '../../errors.ts';
import { invalidValue } from './failures.ts';
import type { Bucket } from './bucket.ts';

export type Statistic = (bucket: Bucket) => number;

/** `Sum`, `Average`, `p99`, `tm90` … Throws InvalidParameterValueException; what is known but not modelled by name. */
export function statisticNamed(name: string): Statistic {
  if (Object.hasOwn(SIMPLE, name)) return SIMPLE[name]!;
  const percentile = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/.exec(name)?.[1];
  if (percentile !== undefined) return (bucket) => percentileOf(bucket, Number(percentile));
  if (/^(tm|wm|tc|ts|pr|TM|WM|TC|TS|PR|IQM)/.test(name)) throw notModelled(`the statistic ${name}`);
  throw invalidValue(`The value ${name} for parameter Stat is not supported.`);
}

const SIMPLE: Record<string, Statistic> = {
  Sum: ({ sum }) => sum,
  SampleCount: ({ count }) => count,
  Average: ({ sum, count }) => sum / count,
  Minimum: ({ min }) => min,
  Maximum: ({ max }) => max,
};

function percentileOf({ values, count, max }: Bucket, percent: number): number {
  const rank = Math.max(1, Math.ceil((percent / 100) * count));
  let seen = 0;
  for (const [value, times] of [...(values ?? [])].toSorted(([a], [b]) => a - b)) {
    seen += times;
    if (seen >= rank) return value;
  }
  return max;
}
