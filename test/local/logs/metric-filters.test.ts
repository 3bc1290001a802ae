import { CloudWatchClient, DescribeAlarmsCommand, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { PutMetricAlarmCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteMetricFilterCommand,
  DescribeLogGroupsCommand,
  DescribeMetricFiltersCommand,
  PutMetricFilterCommand,
  type MetricTransformation,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLocal, type Local } from '../../../local/index.ts';

let aws: Local;
let logs: CloudWatchLogsClient;
let groups = 0;
beforeAll(async () => {
  aws = await startLocal();
  logs = aws.client(CloudWatchLogsClient);
});
afterAll(() => aws.stop());

const transformation = (more: Partial<MetricTransformation> = {}): MetricTransformation => ({
  metricNamespace: 'Shop',
  metricName: 'Errors',
  metricValue: '1',
  ...more,
});

/** A log group of its own with one filter. */
async function filtered(filterPattern: string, more: Partial<MetricTransformation> = {}) {
  const logGroupName = `g${groups++}`;
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  const metricTransformations = [transformation({ metricName: logGroupName, ...more })];
  await logs.send(
    new PutMetricFilterCommand({ logGroupName, filterName: 'f', filterPattern, metricTransformations }),
  );
  const append = (...messages: string[]) =>
    aws.world.service('logs').append(
      logGroupName,
      's',
      messages.map((message) => ({ timestamp: aws.world.clock.now(), message })),
    );
  return { logGroupName, append };
}

/** Of the last ten minutes, oldest first. */
async function values(MetricName: string, Stat = 'Sum', dimensions: Record<string, string> = {}) {
  const now = aws.world.clock.now();
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  const MetricDataQueries: MetricDataQuery[] = [
    { Id: 'm', MetricStat: { Metric: { Namespace: 'Shop', MetricName, Dimensions }, Period: 60, Stat } },
  ];
  const { MetricDataResults } = await aws.client(CloudWatchClient).send(
    new GetMetricDataCommand({
      StartTime: new Date(now - 600_000),
      EndTime: new Date(now + 60_000),
      ScanBy: 'TimestampAscending',
      MetricDataQueries,
    }),
  );
  return MetricDataResults![0]!.Values!;
}

test('what matches is counted, and an alarm goes off', async () => {
  const { logGroupName, append } = await filtered('ERROR');
  const cloudwatch = aws.client(CloudWatchClient);
  await cloudwatch.send(
    new PutMetricAlarmCommand({
      AlarmName: 'errors',
      Namespace: 'Shop',
      MetricName: logGroupName,
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanThreshold',
    }),
  );
  append('ERROR one', 'fine', 'ERROR two');
  expect(await values(logGroupName)).toEqual([2]);
  await aws.advance('2m');
  const { MetricAlarms } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: ['errors'] }));
  expect(MetricAlarms![0]!.StateValue).toBe('ALARM');
});

test('the value is a field of JSON, by the dimensions that other fields say, in its unit', async () => {
  const { logGroupName, append } = await filtered('{ $.latency = * && $.route = * }', {
    metricValue: '$.latency',
    dimensions: { Route: '$.route' },
    unit: 'Milliseconds',
  });
  append('{"latency":5,"route":"/a"}', '{"latency":7,"route":"/a"}', '{"latency":1,"route":"/b"}');
  append('{"latency":"long","route":"/a"}');
  expect(await values(logGroupName, 'Sum', { Route: '/a' })).toEqual([12]);
  expect(await values(logGroupName, 'Maximum', { Route: '/b' })).toEqual([1]);
});

test('the value is a field of a space-delimited event', async () => {
  const { logGroupName, append } = await filtered('[..., status = 2*, bytes]', { metricValue: '$bytes' });
  append('GET /a 200 10', 'GET /b 204 5', 'GET /c 404 99');
  expect(await values(logGroupName)).toEqual([15]);
});

test('the default value stands for minutes in which events came and none matched', async () => {
  const { logGroupName, append } = await filtered('ERROR', { defaultValue: 0 });
  append('fine');
  append('ERROR');
  append('fine');
  await aws.advance('1m');
  append('fine', 'fine');
  await aws.advance('3m');
  expect(await values(logGroupName)).toEqual([1, 0]);
  expect(await values(logGroupName, 'SampleCount')).toEqual([1, 1]);
});

test('a filter is replaced by name, found by its metric, counted with its group and deleted', async () => {
  const { logGroupName, append } = await filtered('ERROR');
  const put = (filterName: string, filterPattern: string) =>
    logs.send(
      new PutMetricFilterCommand({
        logGroupName,
        filterName,
        filterPattern,
        metricTransformations: [transformation({ metricName: logGroupName })],
      }),
    );
  await put('f', 'WARN');
  await put('other', 'FATAL');
  const { metricFilters } = await logs.send(
    new DescribeMetricFiltersCommand({ metricName: logGroupName, metricNamespace: 'Shop' }),
  );
  expect(metricFilters!.map(({ filterName, filterPattern }) => [filterName, filterPattern])).toEqual([
    ['f', 'WARN'],
    ['other', 'FATAL'],
  ]);
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName }));
  expect(logGroups![0]!.metricFilterCount).toBe(2);
  await logs.send(new DeleteMetricFilterCommand({ logGroupName, filterName: 'f' }));
  append('WARN', 'FATAL');
  expect(await values(logGroupName)).toEqual([1]);
  await expect(
    logs.send(new DeleteMetricFilterCommand({ logGroupName, filterName: 'f' })),
  ).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'The specified metric filter does not exist.',
  });
  for (let i = 0; i < 99; i++) await put(`n${i}`, 'x');
  await expect(put('n99', 'x')).rejects.toMatchObject({
    name: 'LimitExceededException',
    message: 'Resource limit exceeded.',
  });
});

test.each<[string, Partial<MetricTransformation>, string]>([
  [
    '{ $.a = * }',
    { defaultValue: 0, dimensions: { A: '$.a' } },
    'Invalid metric transformation: dimensions and default value are mutually exclusive properties',
  ],
  ['ERROR', { dimensions: { A: '$.a' } }, 'The specified filter pattern does not support dimensions'],
  [
    '{ $.a = * }',
    { dimensions: { A: 'VPC-A' } },
    'Invalid metric transformation: dimension value must be valid selector',
  ],
  ['[a, b]', { metricValue: 'b' }, 'Invalid metric transformation: metric value b must be a valid number'],
])('a transformation that %s does not carry is refused: %o', async (filterPattern, more, message) => {
  await expect(filtered(filterPattern, more)).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message,
  });
});

test('what is not modelled of a filter is refused by name', async () => {
  const { logGroupName } = await filtered('ERROR');
  await expect(
    logs.send(
      new PutMetricFilterCommand({
        logGroupName,
        filterName: 'g',
        filterPattern: '',
        metricTransformations: [transformation()],
        applyOnTransformedLogs: true,
      }),
    ),
  ).rejects.toMatchObject({ name: 'NotImplemented' });
});
