/** Alarms as they are now. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html and its siblings. */
import type * as CloudWatch from '@aws-sdk/client-cloudwatch';
import type { Answer } from '../../service.ts';
import type { Alarm } from './alarm.ts';
import type { Alarms } from './alarms.ts';
import { refuseOther, STATES } from './failures.ts';

export const describeOperations = (alarms: Alarms) => ({
  ...descriptions(alarms),
  ...histories(alarms),
});

function descriptions(alarms: Alarms) {
  return {
    DescribeAlarms(input: CloudWatch.DescribeAlarmsCommandInput) {
      const {
        AlarmNames,
        AlarmNamePrefix = '',
        AlarmTypes = ['MetricAlarm'],
        StateValue,
        ActionPrefix = '',
      } = input;
      refuseOther('stateValue', StateValue, STATES);
      alarms.evaluate();
      const found = alarms
        .all()
        .filter(
          (alarm) =>
            (!AlarmNames?.length || AlarmNames.includes(alarm.name)) &&
            (AlarmTypes.includes(alarm.kind) || (!!AlarmNames?.length && !input.AlarmTypes)) &&
            alarm.name.startsWith(AlarmNamePrefix) &&
            (StateValue === undefined || alarm.state === StateValue) &&
            (ActionPrefix === '' || actionsOf(alarm).some((action) => action.startsWith(ActionPrefix))),
        );
      const from = input.NextToken === undefined ? 0 : Number(input.NextToken);
      const next = from + (input.MaxRecords ?? 50);
      const shown = found.slice(from, next);
      return {
        MetricAlarms: shown.filter(({ kind }) => kind === 'MetricAlarm').map(metricAlarm),
        CompositeAlarms: shown.filter(({ kind }) => kind === 'CompositeAlarm').map(compositeAlarm),
        ...(next < found.length ? { NextToken: String(next) } : {}),
      } satisfies Answer<CloudWatch.DescribeAlarmsCommandOutput>;
    },

    DescribeAlarmsForMetric(input: CloudWatch.DescribeAlarmsForMetricCommandInput) {
      alarms.evaluate();
      const found = alarms
        .all()
        .filter(
          ({ given }) =>
            given.MetricName === input.MetricName &&
            given.Namespace === input.Namespace &&
            written(given.Dimensions) === written(input.Dimensions) &&
            (input.Statistic === undefined || given.Statistic === input.Statistic) &&
            (input.Period === undefined || given.Period === input.Period),
        );
      return {
        MetricAlarms: found.map(metricAlarm),
      } satisfies Answer<CloudWatch.DescribeAlarmsForMetricCommandOutput>;
    },
  };
}

function histories(alarms: Alarms) {
  return {
    DescribeAlarmHistory(input: CloudWatch.DescribeAlarmHistoryCommandInput) {
      alarms.evaluate();
      const { AlarmName, HistoryItemType, StartDate, EndDate, MaxRecords = 100, ScanBy } = input;
      const found = alarms
        .all()
        .filter(({ name }) => AlarmName === undefined || name === AlarmName)
        .flatMap(({ history }) => history)
        .filter(
          (item) =>
            (HistoryItemType === undefined || item.HistoryItemType === HistoryItemType) &&
            (!StartDate || item.Timestamp! >= StartDate) &&
            (!EndDate || item.Timestamp! <= EndDate),
        )
        .toSorted((a, b) => b.Timestamp!.getTime() - a.Timestamp!.getTime());
      if (ScanBy === 'TimestampAscending') found.reverse();
      return {
        AlarmHistoryItems: found.slice(0, MaxRecords),
      } satisfies Answer<CloudWatch.DescribeAlarmHistoryCommandOutput>;
    },
  };
}

/** The same text for the same dimensions. */
const written = (dimensions: CloudWatch.Dimension[] = []) =>
  dimensions
    .map(({ Name, Value }) => `${Name}=${Value}`)
    .toSorted()
    .join();

const actionsOf = ({ given }: Alarm) => [
  ...(given.AlarmActions ?? []),
  ...(given.OKActions ?? []),
  ...(given.InsufficientDataActions ?? []),
];

function common(alarm: Alarm) {
  const { given } = alarm;
  return {
    AlarmName: alarm.name,
    AlarmArn: alarm.arn,
    ...(given.AlarmDescription === undefined ? {} : { AlarmDescription: given.AlarmDescription }),
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.configured),
    ActionsEnabled: alarm.actionsEnabled,
    OKActions: given.OKActions ?? [],
    AlarmActions: given.AlarmActions ?? [],
    InsufficientDataActions: given.InsufficientDataActions ?? [],
    StateValue: alarm.state,
    StateReason: alarm.reason,
    ...(alarm.reasonData === undefined ? {} : { StateReasonData: alarm.reasonData }),
    StateUpdatedTimestamp: new Date(alarm.updated),
    StateTransitionedTimestamp: new Date(alarm.transitioned),
  };
}

function metricAlarm(alarm: Alarm): CloudWatch.MetricAlarm {
  const { AlarmRule: _, Tags: _tags, ActionsEnabled: _enabled, ...given } = alarm.given;
  return { ...given, ...(given.Metrics ? {} : { Dimensions: given.Dimensions ?? [] }), ...common(alarm) };
}

const compositeAlarm = (alarm: Alarm): CloudWatch.CompositeAlarm => ({
  ...common(alarm),
  AlarmRule: alarm.given.AlarmRule,
});
