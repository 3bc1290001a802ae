import type { Ambient } from './ambient.ts';

/** A number, or up to 100 samples of one. */
type Values = Record<string, { unit: 'Count' | 'Milliseconds'; value: number | number[] }>;

/** CloudWatch takes at most this many samples in one line. */
const MAX_SAMPLES = 100;

/**
 * One line in CloudWatch's embedded metric format, namespace `Spillway`: metrics without a call.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function writeMetrics(
  { now, write }: Pick<Ambient, 'now' | 'write'>,
  dimensions: Record<string, string>,
  values: Values,
): void {
  const present = Object.entries(values).filter(([, { value }]) => !Array.isArray(value) || value.length > 0);
  const metrics = present.map(([Name, { unit: Unit }]) => ({ Name, Unit }));
  const members = present.map(([name, { value }]) => [
    name,
    Array.isArray(value) ? value.slice(0, MAX_SAMPLES) : value,
  ]);
  write(
    JSON.stringify({
      _aws: {
        Timestamp: now(),
        CloudWatchMetrics: [
          { Namespace: 'Spillway', Dimensions: [Object.keys(dimensions)], Metrics: metrics },
        ],
      },
      ...dimensions,
      ...Object.fromEntries(members),
    }),
  );
}
