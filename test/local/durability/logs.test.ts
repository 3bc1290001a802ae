import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import * as Logs from '@aws-sdk/client-cloudwatch-logs';
import { expect, test } from 'vitest';
import { startKept } from './killed.ts';

test('the filters of a log group are kept, and count in the next process', async () => {
  const aws = await startKept();
  const logs = aws.client(Logs.CloudWatchLogsClient);
  await logs.send(new Logs.CreateLogGroupCommand({ logGroupName: 'g' }));
  await logs.send(
    new Logs.PutMetricFilterCommand({
      logGroupName: 'g',
      filterName: 'f',
      filterPattern: '{ $.level = "error" }',
      metricTransformations: [{ metricNamespace: 'Shop', metricName: 'Errors', metricValue: '1' }],
    }),
  );
  const next = await aws.killed();
  const now = next.world.clock.now();
  next.world.service('logs').append('g', 's', [{ timestamp: now, message: '{"level":"error"}' }]);
  const { MetricDataResults } = await next.client(CloudWatchClient).send(
    new GetMetricDataCommand({
      StartTime: new Date(now - 60_000),
      EndTime: new Date(now + 60_000),
      MetricDataQueries: [
        {
          Id: 'm',
          MetricStat: { Metric: { Namespace: 'Shop', MetricName: 'Errors' }, Period: 60, Stat: 'Sum' },
        },
      ],
    }),
  );
  expect(MetricDataResults![0]!.Values).toEqual([1]);
});
