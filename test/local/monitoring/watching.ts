import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  type MetricDatum,
  type PutMetricAlarmCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { startLocal } from '../../../local/index.ts';

/** An embedded AWS with what most tests of CloudWatch begin with. */
export async function watching() {
  const aws = await startLocal();
  const cloudwatch = aws.client(CloudWatchClient);
  return {
    ...aws,
    cloudwatch,
    now: () => new Date(aws.world.clock.now()),
    put: (...data: Partial<MetricDatum>[]) =>
      cloudwatch.send(
        new PutMetricDataCommand({
          Namespace: 'Shop',
          MetricData: data.map((datum) => ({ MetricName: 'Orders', ...datum })),
        }),
      ),
    alarm: (input: Partial<PutMetricAlarmCommandInput> = {}) =>
      cloudwatch.send(
        new PutMetricAlarmCommand({
          AlarmName: 'a',
          EvaluationPeriods: 1,
          ComparisonOperator: 'GreaterThanThreshold',
          Threshold: 10,
          ...(input.Metrics ? {} : { Namespace: 'Shop', MetricName: 'Orders', Statistic: 'Sum', Period: 60 }),
          ...input,
        }),
      ),
    async described(AlarmName = 'a') {
      const { MetricAlarms = [], CompositeAlarms = [] } = await cloudwatch.send(
        new DescribeAlarmsCommand({ AlarmNames: [AlarmName] }),
      );
      return MetricAlarms[0] ?? CompositeAlarms[0]!;
    },
    async state(name?: string) {
      return (await this.described(name)).StateValue;
    },
  };
}
