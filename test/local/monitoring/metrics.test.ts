import {
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  type MetricDataQuery,
} from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { watching } from './watching.ts';

let aws: Awaited<ReturnType<typeof watching>>;
beforeEach(async () => void (aws = await watching()));
afterEach(() => aws.stop());

const start = new Date(Date.UTC(2030, 0, 1));
const after = (minutes: number) => new Date(start.getTime() + minutes * 60_000);
const stat = (Stat: string, more: object = {}) => ({
  Metric: { Namespace: 'Shop', MetricName: 'Orders' },
  Period: 60,
  Stat,
  ...more,
});
const get = async (...MetricDataQueries: MetricDataQuery[]) => {
  const { MetricDataResults } = await aws.cloudwatch.send(
    new GetMetricDataCommand({
      StartTime: start,
      EndTime: after(10),
      MetricDataQueries,
      ScanBy: 'TimestampAscending',
    }),
  );
  return MetricDataResults!;
};

describe('GetMetricData', () => {
  test.for([
    ['Sum', 5061],
    ['Average', 50.109900990099],
    ['Minimum', 1],
    ['Maximum', 100],
    ['SampleCount', 101],
    ['p50', 50],
    ['p99', 99],
    ['p100', 100],
  ] as const)('%s', async ([name, expected]) => {
    const Values = Array.from({ length: 100 }, (_, i) => i + 1);
    await aws.put({ Values, Counts: Values.map((value) => (value === 11 ? 2 : 1)) });
    const [result] = await get({ Id: 'q', MetricStat: stat(name) });
    expect(result).toMatchObject({ Id: 'q', Label: 'Orders', StatusCode: 'Complete', Timestamps: [start] });
    expect(result!.Values![0]).toBeCloseTo(expected);
  });

  test('has one datapoint for each period that has data', async () => {
    for (const minute of [0, 1, 5]) await aws.put({ Value: minute + 1, Timestamp: after(minute) });
    const [byMinute, byFive] = await get(
      { Id: 'm', MetricStat: stat('Sum') },
      { Id: 'f', MetricStat: stat('Sum', { Period: 300 }) },
    );
    expect(byMinute).toMatchObject({ Timestamps: [after(0), after(1), after(5)], Values: [1, 2, 6] });
    expect(byFive).toMatchObject({ Timestamps: [after(0), after(5)], Values: [3, 6] });
  });

  test('tells dimensions and units apart', async () => {
    const Dimensions = [
      { Name: 'b', Value: '2' },
      { Name: 'a', Value: '1' },
    ];
    await aws.put({ Value: 1 }, { Value: 2, Dimensions }, { Value: 4, Dimensions, Unit: 'Seconds' });
    const Metric = { Namespace: 'Shop', MetricName: 'Orders', Dimensions: Dimensions.toReversed() };
    const results = await get(
      { Id: 'none', MetricStat: stat('Sum') },
      { Id: 'both', MetricStat: stat('Sum', { Metric }) },
      { Id: 'seconds', MetricStat: stat('Sum', { Metric, Unit: 'Seconds' }) },
    );
    expect(results.map(({ Values }) => Values)).toEqual([[1], [6], [4]]);
  });

  test('computes over other queries', async () => {
    await aws.put({ Value: 6, Timestamp: after(0) }, { Value: 9, Timestamp: after(2) });
    await aws.put({ MetricName: 'Failures', Value: 3, Timestamp: after(0) });
    const Metric = { Namespace: 'Shop', MetricName: 'Failures' };
    const queries = (Expression: string) => [
      { Id: 'orders', MetricStat: stat('Sum'), ReturnData: false },
      { Id: 'failures', MetricStat: stat('Sum', { Metric }), ReturnData: false },
      { Id: 'e', Expression },
    ];
    const values = async (expression: string) => (await get(...queries(expression)))[0]!.Values;
    expect(await values('100 * failures / orders')).toEqual([50]);
    expect(await values('FILL(failures, 0) / orders')).toEqual([0.5, 0]);
    expect(await values('SUM([orders, failures])')).toEqual([9, 9]);
    expect(await values('SUM(METRICS()) - -1')).toEqual([10, 10]);
    expect(await values('orders > 0 AND orders < 0 OR orders > 1')).toEqual([1, 1]);
    expect(await values('IF(orders > 6, 1, 0)')).toEqual([0, 1]);
    expect(await values('(orders + 2) * 2 ^ 2')).toEqual([32, 44]);
  });

  test.for([
    [`SEARCH('{Shop}', 'Sum')`, 'NotImplemented'],
    ['ANOMALY_DETECTION_BAND(orders, 2)', 'NotImplemented'],
    ['orders +', 'ValidationException'],
    ['unknown * 2', 'ValidationException'],
  ])('refuses the expression %s', async ([Expression, name]) => {
    await expect(
      get({ Id: 'orders', MetricStat: stat('Sum') }, { Id: 'e', Expression }),
    ).rejects.toMatchObject({ name });
  });
});

test('GetMetricStatistics has the statistics that were asked for', async () => {
  const StatisticValues = { SampleCount: 4, Sum: 20, Minimum: 1, Maximum: 9 };
  await aws.put({ StatisticValues, Unit: 'Count' });
  const { Datapoints, Label } = await aws.cloudwatch.send(
    new GetMetricStatisticsCommand({
      Namespace: 'Shop',
      MetricName: 'Orders',
      StartTime: start,
      EndTime: after(1),
      Period: 60,
      Statistics: ['Sum', 'Maximum', 'SampleCount'],
    }),
  );
  expect(Label).toBe('Orders');
  expect(Datapoints).toEqual([{ Timestamp: start, Sum: 20, Maximum: 9, SampleCount: 4, Unit: 'Count' }]);
});

test('ListMetrics lists what has datapoints of the last two weeks', async () => {
  await aws.put({ Value: 1, Dimensions: [{ Name: 'd', Value: '1' }] }, { MetricName: 'Other', Value: 1 });
  const listed = async (input: object) =>
    (await aws.cloudwatch.send(new ListMetricsCommand(input))).Metrics!.map(({ MetricName }) => MetricName);
  expect(await listed({ Namespace: 'Shop' })).toEqual(['Orders', 'Other']);
  expect(await listed({ Namespace: 'Shop', Dimensions: [{ Name: 'd' }] })).toEqual(['Orders']);
  expect(await listed({ Namespace: 'Shop', Dimensions: [{ Name: 'd', Value: '2' }] })).toEqual([]);
  await aws.advance('15d');
  expect(await listed({ Namespace: 'Shop' })).toEqual([]);
});

describe('PutMetricData is refused for', () => {
  test.for<[reason: string, datum: object, name: string, message: string]>([
    [
      'a value and values',
      { Value: 1, Values: [1] },
      'InvalidParameterCombination',
      'The parameters MetricData.member.1.Value and MetricData.member.1.Values are mutually exclusive and you have specified both.',
    ],
    [
      'a value and a set',
      { Value: 1, StatisticValues: { SampleCount: 1, Sum: 1, Minimum: 1, Maximum: 1 } },
      'InvalidParameterCombination',
      'The parameters MetricData.member.1.Value and MetricData.member.1.StatisticValues are mutually exclusive and you have specified both.',
    ],
    [
      'more values than counts',
      { Values: [1, 2], Counts: [1] },
      'InvalidParameterValue',
      'The parameters MetricData.member.1.Values and MetricData.member.1.Counts must be of the same size.',
    ],
    [
      'a time long past',
      { Value: 1, Timestamp: new Date(0) },
      'InvalidParameterValue',
      'The parameter MetricData.member.1.Timestamp must specify a time no more than two weeks in the past.',
    ],
  ])('%s', async ([, datum, name, message]) => {
    await expect(aws.put(datum)).rejects.toMatchObject({ name: expect.stringContaining(name), message });
  });
});

describe('metrics of services', () => {
  const sum = async (statistic: string, from = 0, to = 10) => {
    const { MetricDataResults } = await aws.cloudwatch.send(
      new GetMetricDataCommand({
        StartTime: after(from),
        EndTime: after(to),
        ScanBy: 'TimestampAscending',
        MetricDataQueries: [
          {
            Id: 'q',
            MetricStat: {
              Metric: {
                Namespace: 'AWS/SQS',
                MetricName: 'Depth',
                Dimensions: [{ Name: 'QueueName', Value: 'q' }],
              },
              Period: 60,
              Stat: statistic,
            },
          },
        ],
      }),
    );
    return MetricDataResults![0]!.Values;
  };

  test('are recorded in passing', async () => {
    const { record, meter } = aws.world.service('monitoring');
    record('AWS/SQS', 'Depth', { QueueName: 'q' }, 2);
    const add = meter('AWS/SQS', 'Depth', { QueueName: 'q' });
    for (let i = 0; i < 1000; i++) add(1);
    expect(await sum('Sum')).toEqual([1002]);
  });

  test('a gauge stands until it is changed, and an empty one falls silent after six hours', async () => {
    const set = aws.world.service('monitoring').gauge('AWS/SQS', 'Depth', { QueueName: 'q' });
    set(3);
    await aws.advance('2m');
    set(7);
    set(5);
    await aws.advance('1m');
    set(0);
    await aws.advance('7h');
    expect(await sum('Maximum')).toEqual([3, 3, 5, 0, 0, 0, 0, 0, 0, 0]);
    expect(await sum('SampleCount', 0, 600)).toHaveLength(3 + 1 + 360);
  });

  test('a gauge may grow with time, as an age does', async () => {
    const set = aws.world.service('monitoring').gauge('AWS/SQS', 'Depth', { QueueName: 'q' });
    set(0, 1);
    await aws.advance('150s');
    expect(await sum('Maximum')).toEqual([60, 120, 150]);
  });

  test('stay small, however much is recorded', async () => {
    const add = aws.world.service('monitoring').meter('AWS/SQS', 'Depth', { QueueName: 'q' });
    for (let i = 0; i < 100_000; i++) add(Math.sin(i) * 1e6);
    const [median] = (await sum('p50'))!;
    expect(Math.abs(median!)).toBeLessThan(50_000);
  });
});
