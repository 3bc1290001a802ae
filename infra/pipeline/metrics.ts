import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { METRICS } from './metric-names.ts';

export type MetricKey = keyof typeof METRICS;
type DimensionsOf<Key extends MetricKey> = Record<(typeof METRICS)[Key]['dimensions'][number], string>;

/** A metric of the table, over one minute. */
export function metric<Key extends MetricKey>(key: Key, dimensionsMap: DimensionsOf<Key>): Metric {
  const { namespace, metricName, statistic } = METRICS[key];
  return new Metric({ namespace, metricName, statistic, dimensionsMap, period: Duration.minutes(1) });
}
