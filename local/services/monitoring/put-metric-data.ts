/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html */
import type * as CloudWatch from '@aws-sdk/client-cloudwatch';
import { notModelled } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import type { World } from '../../world.ts';
import { invalidCombination, invalidValue, missing } from './failures.ts';
import { told, type Store } from './store.ts';

const MOST_DATA = 1000;
const MOST_VALUES = 150;
const MOST_DIMENSIONS = 30;
const HOUR = 3_600_000;

export function putMetricData({ clock }: World, store: Store) {
  return ({
    Namespace = '',
    MetricData = [],
    EntityMetricData,
  }: CloudWatch.PutMetricDataCommandInput): Answer<CloudWatch.PutMetricDataCommandOutput> => {
    if (EntityMetricData !== undefined) throw notModelled('EntityMetricData');
    if (Namespace.startsWith('AWS/'))
      throw invalidValue(`The value ${Namespace} for parameter Namespace is invalid.`);
    if (MetricData.length > MOST_DATA)
      throw invalidValue(`The collection MetricData must not have a size greater than ${MOST_DATA}.`);
    MetricData.forEach((datum, i) => refuseWrong(datum, `MetricData.member.${i + 1}`, clock.now()));
    for (const datum of MetricData) {
      const {
        MetricName = '',
        Dimensions,
        Timestamp,
        Unit = 'None',
        Value,
        Values,
        Counts,
        StatisticValues,
      } = datum;
      const metric = store.metric(Namespace, MetricName, Dimensions);
      const series = store.unit(metric, Unit);
      const time = Timestamp?.getTime() ?? clock.now();
      if (Value !== undefined) series.add(time, Value);
      Values?.forEach((value, i) => series.add(time, value, Counts?.[i] ?? 1));
      if (StatisticValues) {
        const { SampleCount = 0, Sum = 0, Minimum = 0, Maximum = 0 } = StatisticValues;
        series.addSet(time, { sum: Sum, count: SampleCount, min: Minimum, max: Maximum });
      }
      told(metric);
    }
    return {};
  };
}

function refuseWrong(datum: CloudWatch.MetricDatum, at: string, now: number) {
  const { Value, Values, Counts, StatisticValues, Dimensions = [], Timestamp } = datum;
  const exclusive = (one: string, other: string) =>
    invalidCombination(
      `The parameters ${at}.${one} and ${at}.${other} are mutually exclusive and you have specified both.`,
    );
  if (Value !== undefined && Values) throw exclusive('Value', 'Values');
  if (Value !== undefined && StatisticValues) throw exclusive('Value', 'StatisticValues');
  if (Counts && Counts.length !== Values?.length)
    throw invalidValue(`The parameters ${at}.Values and ${at}.Counts must be of the same size.`);
  if (Value === undefined && !Values && !StatisticValues)
    throw missing(
      `At least one of the parameters ${at}.Value, ${at}.Values, ${at}.StatisticValues must be specified.`,
    );
  if ((Values?.length ?? 0) > MOST_VALUES)
    throw invalidValue(`The collection ${at}.Values must not have a size greater than ${MOST_VALUES}.`);
  if (Dimensions.length > MOST_DIMENSIONS)
    throw invalidValue(
      `The collection ${at}.Dimensions must not have a size greater than ${MOST_DIMENSIONS}.`,
    );
  const wrong = [Value ?? 0, ...(Values ?? [])].find((value) => !Number.isFinite(value));
  if (wrong !== undefined) throw invalidValue(`The value ${wrong} for parameter ${at}.Value is invalid.`);
  const time = Timestamp?.getTime() ?? now;
  if (time < now - 14 * 24 * HOUR)
    throw invalidValue(
      `The parameter ${at}.Timestamp must specify a time no more than two weeks in the past.`,
    );
  if (time > now + 2 * HOUR)
    throw invalidValue(
      `The parameter ${at}.Timestamp must specify a time no more than two hours in the future.`,
    );
}
