/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html and its siblings. */
import type * as CloudWatch from '@aws-sdk/client-cloudwatch';
import type { Answer } from '../../service.ts';
import type { World } from '../../world.ts';
import { invalidCombination, invalidValue, missing } from './failures.ts';
import { queriesOf } from './queries.ts';
import { statisticNamed } from './statistic.ts';
import { latestOf, type Metric, type Store } from './store.ts';

export function readOperations({ clock }: World, store: Store) {
  return {
    GetMetricData(input: CloudWatch.GetMetricDataCommandInput) {
      const { StartTime, EndTime, MetricDataQueries = [], ScanBy = 'TimestampDescending' } = input;
      const [start, end] = window(StartTime, EndTime);
      const MetricDataResults = queriesOf(store, MetricDataQueries)
        .filter(({ returnData }) => returnData)
        .map(({ id, label, period, points }): CloudWatch.MetricDataResult => {
          const from = Math.floor(start / period) * period;
          const found = points(from, Math.ceil((end - from) / period))
            .map((value, i) => ({ time: new Date(from + i * period), value }))
            .filter((point): point is { time: Date; value: number } => point.value !== undefined);
          if (ScanBy === 'TimestampDescending') found.reverse();
          return {
            Id: id,
            Label: label,
            Timestamps: found.map(({ time }) => time),
            Values: found.map(({ value }) => value),
            StatusCode: 'Complete',
          };
        });
      return { MetricDataResults, Messages: [] } satisfies Answer<CloudWatch.GetMetricDataCommandOutput>;
    },

    GetMetricStatistics: getMetricStatistics(store),

    ListMetrics({
      Namespace,
      MetricName,
      Dimensions = [],
      RecentlyActive,
      NextToken,
    }: CloudWatch.ListMetricsCommandInput) {
      const since = clock.now() - (RecentlyActive ? 3 : 14 * 24) * 3_600_000;
      const found = store
        .all()
        .filter(
          (metric) =>
            (Namespace === undefined || metric.namespace === Namespace) &&
            (MetricName === undefined || metric.name === MetricName) &&
            Dimensions.every((dimension) => has(metric, dimension)) &&
            (latestOf(metric) ?? -Infinity) >= since,
        );
      const from = NextToken === undefined ? 0 : Number(NextToken);
      const next = from + METRICS_A_PAGE;
      return {
        Metrics: found.slice(from, next).map(({ namespace, name, dimensions }) => ({
          Namespace: namespace,
          MetricName: name,
          Dimensions: dimensions,
        })),
        ...(next < found.length ? { NextToken: String(next) } : {}),
      } satisfies Answer<CloudWatch.ListMetricsCommandOutput>;
    },
  };
}

const METRICS_A_PAGE = 500;
const MOST_DATAPOINTS = 1440;

const has = ({ dimensions }: Metric, { Name, Value }: CloudWatch.DimensionFilter) =>
  dimensions.some((one) => one.Name === Name && (Value === undefined || one.Value === Value));

function window(start: Date | undefined, end: Date | undefined): [number, number] {
  const [from, to] = [start?.getTime() ?? 0, end?.getTime() ?? 0];
  if (from >= to) throw invalidValue('The parameter StartTime must be less than the parameter EndTime.');
  return [from, to];
}

const STATISTICS = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'] as const;

function getMetricStatistics(store: Store) {
  return (
    input: CloudWatch.GetMetricStatisticsCommandInput,
  ): Answer<CloudWatch.GetMetricStatisticsCommandOutput> => {
    const { Namespace = '', MetricName = '', Dimensions, Period = 60, Unit } = input;
    const { Statistics = [], ExtendedStatistics = [] } = input;
    const [start, end] = window(input.StartTime, input.EndTime);
    const requested = Math.floor((end - start) / (Period * 1000));
    if (requested > MOST_DATAPOINTS)
      throw invalidCombination(
        `You have requested up to ${requested} datapoints, which exceeds the limit of ${MOST_DATAPOINTS}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
      );
    if (Statistics.length === 0 && ExtendedStatistics.length === 0)
      throw missing('Must specify either Statistics or ExtendedStatistics');
    const metric = store.metric(Namespace, MetricName, Dimensions);
    const period = Period * 1000;
    const Datapoints: CloudWatch.Datapoint[] = [];
    for (const [unit, minutes] of metric.units) {
      if (Unit !== undefined && Unit !== unit) continue;
      for (let from = Math.floor(start / period) * period; from < end; from += period) {
        const bucket = minutes.within(from, from + period);
        if (!bucket) continue;
        const values = STATISTICS.filter((name) => Statistics.includes(name)).map((name) => [
          name,
          statisticNamed(name)(bucket),
        ]);
        const extended = ExtendedStatistics.map((name) => [name, statisticNamed(name)(bucket)]);
        Datapoints.push({
          Timestamp: new Date(from),
          ...(Object.fromEntries(values) as object),
          ...(extended.length > 0
            ? { ExtendedStatistics: Object.fromEntries(extended) as Record<string, number> }
            : {}),
          Unit: unit as CloudWatch.StandardUnit,
        });
      }
    }
    return { Label: MetricName, Datapoints };
  };
}
