/** How alarms speak to topics and buses; members as recorded against AWS. */
import type { World } from '../../world.ts';
import type { Alarm } from './alarm.ts';

export const subjectOf = ({ region }: World, { name, state }: Alarm) =>
  `${state}: "${name}" in ${REGIONS[region] ?? region}`.slice(0, 100);

/** `was`: the alarm before it changed. */
export function messageOf({ account, region }: World, alarm: Alarm, was: Alarm): string {
  const { given } = alarm;
  return JSON.stringify({
    AlarmName: alarm.name,
    AlarmDescription: given.AlarmDescription ?? null,
    AWSAccountId: account,
    AlarmConfigurationUpdatedTimestamp: iso(alarm.configured),
    NewStateValue: alarm.state,
    NewStateReason: alarm.reason,
    StateChangeTime: iso(alarm.transitioned),
    Region: REGIONS[region] ?? region,
    AlarmArn: alarm.arn,
    OldStateValue: was.state,
    OKActions: given.OKActions ?? [],
    AlarmActions: given.AlarmActions ?? [],
    InsufficientDataActions: given.InsufficientDataActions ?? [],
    ...(alarm.kind === 'CompositeAlarm' ? { AlarmRule: given.AlarmRule } : { Trigger: triggerOf(given) }),
  });
}

function triggerOf(given: Alarm['given']) {
  const { Period, EvaluationPeriods, DatapointsToAlarm, ComparisonOperator, Threshold } = given;
  return {
    ...(given.Metrics
      ? { Metrics: given.Metrics }
      : {
          MetricName: given.MetricName,
          Namespace: given.Namespace,
          StatisticType: given.Statistic ? 'Statistic' : 'ExtendedStatistic',
          ...(given.Statistic
            ? { Statistic: given.Statistic.toUpperCase() }
            : { ExtendedStatistic: given.ExtendedStatistic }),
          Unit: given.Unit ?? null,
          Dimensions: (given.Dimensions ?? []).map(({ Name, Value }) => ({ value: Value, name: Name })),
        }),
    ...(Period === undefined ? {} : { Period }),
    EvaluationPeriods,
    ...(DatapointsToAlarm === undefined ? {} : { DatapointsToAlarm }),
    ComparisonOperator,
    Threshold,
    TreatMissingData: given.TreatMissingData ?? 'missing',
    EvaluateLowSampleCountPercentile: '',
  };
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html */
export function eventOf(alarm: Alarm, was: Alarm) {
  const { given } = alarm;
  const metric = {
    namespace: given.Namespace,
    name: given.MetricName,
    dimensions: Object.fromEntries(
      (given.Dimensions ?? []).map(({ Name = '', Value = '' }) => [Name, Value]),
    ),
  };
  const stat = given.Statistic ?? given.ExtendedStatistic;
  const metrics = given.Metrics ?? [
    { id: 'm1', metricStat: { metric, period: given.Period, stat }, returnData: true },
  ];
  return {
    Source: 'aws.cloudwatch',
    DetailType: 'CloudWatch Alarm State Change',
    Resources: [alarm.arn],
    Detail: JSON.stringify({
      alarmName: alarm.name,
      state: said(alarm),
      previousState: said(was),
      configuration: {
        ...(given.AlarmDescription === undefined ? {} : { description: given.AlarmDescription }),
        ...(alarm.kind === 'CompositeAlarm' ? { alarmRule: given.AlarmRule } : { metrics }),
      },
    }),
  };
}

const said = ({ state, reason, updated }: Alarm) => ({ value: state, reason, timestamp: iso(updated) });

/** `2030-01-01T00:00:00.000+0000` */
const iso = (time: number) => new Date(time).toISOString().replace('Z', '+0000');

/** Names as in messages. https://docs.aws.amazon.com/general/latest/gr/cw_region.html */
const REGIONS: Record<string, string> = {
  'us-east-1': 'US East (N. Virginia)',
  'us-east-2': 'US East (Ohio)',
  'us-west-1': 'US West (N. California)',
  'us-west-2': 'US West (Oregon)',
  'eu-west-1': 'EU (Ireland)',
  'eu-west-2': 'EU (London)',
  'eu-central-1': 'EU (Frankfurt)',
  'ap-southeast-2': 'Asia Pacific (Sydney)',
  'ap-northeast-1': 'Asia Pacific (Tokyo)',
};
