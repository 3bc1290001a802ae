import {
  DeleteAlarmsCommand,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  DescribeAlarmsForMetricCommand,
  ListTagsForResourceCommand,
  PutCompositeAlarmCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { judged } from '../../../local/services/monitoring/alarm.ts';
import { watching } from './watching.ts';

let aws: Awaited<ReturnType<typeof watching>>;
beforeEach(async () => void (aws = await watching()));
afterEach(() => aws.stop());

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html: `X` breaches, `0` does not, `-` is missing. */
describe('missing data', () => {
  const cases: [
    needed: string,
    points: string,
    missing: string,
    ignore: string,
    breaching: string,
    not: string,
  ][] = [
    ['3 of 3', '0 - X - X', 'OK', 'OK', 'OK', 'OK'],
    ['3 of 3', '- - - - 0', 'OK', 'OK', 'OK', 'OK'],
    ['3 of 3', '- - - - -', 'INSUFFICIENT_DATA', 'same', 'ALARM', 'OK'],
    ['3 of 3', '0 X X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['3 of 3', '- - X - -', 'ALARM', 'same', 'ALARM', 'OK'],
    ['2 of 3', '0 - X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['2 of 3', '0 0 X 0 X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['2 of 3', '0 - X - -', 'OK', 'OK', 'ALARM', 'OK'],
    ['2 of 3', '- - - - 0', 'OK', 'OK', 'ALARM', 'OK'],
    ['2 of 3', '- - - X -', 'ALARM', 'same', 'ALARM', 'OK'],
    ['2 of 3', '- - - - X', 'same', 'same', 'ALARM', 'OK'],
  ];
  test.for(cases)('%s: %s', ([needed, points, ...expected]) => {
    const values = points.split(' ').map((point) => ({ X: 1, '0': 0 })[point]);
    const states = (['missing', 'ignore', 'breaching', 'notBreaching'] as const).map(
      (TreatMissingData) =>
        judged(
          {
            AlarmName: 'a',
            EvaluationPeriods: 3,
            DatapointsToAlarm: Number(needed[0]),
            ComparisonOperator: 'GreaterThanThreshold',
            Threshold: 0,
            TreatMissingData,
          },
          values,
          () => 0,
        )?.state ?? 'same',
    );
    expect(states).toEqual(expected);
  });
});

describe('an alarm', () => {
  test('begins unchecked, and is judged when its first period is over', async () => {
    await aws.alarm({ TreatMissingData: 'notBreaching' });
    expect(await aws.described()).toMatchObject({
      AlarmArn: 'arn:aws:cloudwatch:eu-west-1:000000000000:alarm:a',
      ActionsEnabled: true,
      AlarmActions: [],
      OKActions: [],
      InsufficientDataActions: [],
      Dimensions: [],
      StateTransitionedTimestamp: aws.now(),
    });
    await aws.advance('1m');
    expect(await aws.state()).toBe('OK');
  });

  test('rises when a period breaches, and falls when the datapoints have gone', async () => {
    await aws.alarm({ TreatMissingData: 'notBreaching' });
    await aws.put({ Value: 6 }, { Value: 5 });
    await aws.advance('1m');
    expect(await aws.described()).toMatchObject({
      StateValue: 'ALARM',
      StateReason:
        'Threshold Crossed: 1 datapoint [11.0 (01/01/30 00:00:00)] was greater than the threshold (10.0).',
    });
    await aws.advance('2m'); // a late datapoint may still come
    expect(await aws.state()).toBe('ALARM');
    await aws.advance('10m');
    expect(await aws.described()).toMatchObject({
      StateValue: 'OK',
      StateReason:
        'Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [NonBreaching].',
    });
  });

  test('waits for as many periods as it asks', async () => {
    await aws.alarm({ EvaluationPeriods: 3, DatapointsToAlarm: 2 });
    const states: unknown[] = [];
    for (const Value of [1, 20, 1, 1, 20, 20]) {
      await aws.put({ Value });
      await aws.advance('1m');
      states.push(await aws.state());
    }
    expect(states).toEqual(['OK', 'OK', 'OK', 'OK', 'OK', 'ALARM']);
  });

  test('watches a gauge without looking at it again and again', async () => {
    const depth = aws.world.service('monitoring').gauge('AWS/SQS', 'Depth', { QueueName: 'dead' });
    const Dimensions = [{ Name: 'QueueName', Value: 'dead' }];
    await aws.alarm({
      Namespace: 'AWS/SQS',
      MetricName: 'Depth',
      Dimensions,
      Statistic: 'Maximum',
      Threshold: 0,
      TreatMissingData: 'notBreaching',
    });
    depth(1);
    await aws.advance('1m');
    expect(await aws.state()).toBe('ALARM');
    let timers = 0;
    const { after } = aws.world.clock;
    aws.world.clock.after = (ms, run) => after(ms, () => (timers++, run()));
    await aws.advance('5m');
    timers = 0;
    await aws.advance('14d');
    expect(timers).toBe(0);
    expect(await aws.state()).toBe('ALARM');
    depth(0);
    await aws.advance('5m');
    expect(await aws.state()).toBe('OK');
    timers = 0;
    await aws.advance('14d');
    expect(timers).toBeLessThan(10);
  });

  test('rises when an age has grown past its threshold', async () => {
    const age = aws.world.service('monitoring').gauge('AWS/SQS', 'Age', {}, 'Seconds');
    await aws.alarm({
      Namespace: 'AWS/SQS',
      MetricName: 'Age',
      Statistic: 'Maximum',
      Threshold: 3600,
      TreatMissingData: 'notBreaching',
    });
    age(0, 1);
    await aws.advance('59m');
    expect(await aws.state()).toBe('OK');
    await aws.advance('3m');
    expect(await aws.state()).toBe('ALARM');
  });

  test('over an expression', async () => {
    const metric = (Id: string, MetricName: string) => ({
      Id,
      MetricStat: { Metric: { Namespace: 'Shop', MetricName }, Period: 60, Stat: 'Sum' },
      ReturnData: false,
    });
    const Metrics = [
      metric('orders', 'Orders'),
      metric('failed', 'Failed'),
      { Id: 'e', Expression: '100 * failed / orders' },
    ];
    await aws.alarm({ Metrics });
    await aws.put({ Value: 100 }, { MetricName: 'Failed', Value: 11 });
    await aws.advance('1m');
    expect(await aws.state()).toBe('ALARM');
  });

  test('keeps its history, newest first', async () => {
    await aws.alarm();
    await aws.put({ Value: 11 });
    await aws.advance('1m');
    const { AlarmHistoryItems } = await aws.cloudwatch.send(
      new DescribeAlarmHistoryCommand({ AlarmName: 'a' }),
    );
    expect(
      AlarmHistoryItems!.map(({ HistoryItemType, HistorySummary }) => [HistoryItemType, HistorySummary]),
    ).toEqual([
      ['StateUpdate', 'Alarm updated from INSUFFICIENT_DATA to ALARM'],
      ['ConfigurationUpdate', 'Alarm "a" created'],
    ]);
    expect(JSON.parse(AlarmHistoryItems![0]!.HistoryData!)).toMatchObject({
      oldState: { stateValue: 'INSUFFICIENT_DATA', stateReason: 'Unchecked: Initial alarm creation' },
      newState: { stateValue: 'ALARM' },
    });
  });

  test('can be told its state, until it is judged again', async () => {
    await aws.alarm({ TreatMissingData: 'notBreaching' });
    await aws.cloudwatch.send(
      new SetAlarmStateCommand({ AlarmName: 'a', StateValue: 'ALARM', StateReason: 'a drill' }),
    );
    const { MetricAlarms } = await aws.cloudwatch.send(
      new DescribeAlarmsForMetricCommand({ Namespace: 'Shop', MetricName: 'Orders' }),
    );
    expect(MetricAlarms).toMatchObject([{ AlarmName: 'a' }]);
    const { AlarmHistoryItems } = await aws.cloudwatch.send(
      new DescribeAlarmHistoryCommand({ AlarmName: 'a', HistoryItemType: 'StateUpdate' }),
    );
    expect(AlarmHistoryItems!.at(-1)!.HistorySummary).toBe('Alarm updated from INSUFFICIENT_DATA to ALARM');
  });

  test('is told on the default bus', async () => {
    const told: unknown[] = [];
    aws.world.activity.listen((happening) => happening.kind === 'alarm' && told.push(happening));
    await aws.alarm();
    await aws.put({ Value: 11 });
    await aws.advance('1m');
    expect(told).toMatchObject([{ alarm: 'a', state: 'ALARM', was: 'INSUFFICIENT_DATA' }]);
  });

  test('is deleted with its tags', async () => {
    await aws.alarm({ Tags: [{ Key: 'k', Value: 'v' }] });
    const ResourceARN = 'arn:aws:cloudwatch:eu-west-1:000000000000:alarm:a';
    const tags = async () =>
      (await aws.cloudwatch.send(new ListTagsForResourceCommand({ ResourceARN }))).Tags;
    expect(await tags()).toEqual([{ Key: 'k', Value: 'v' }]);
    await aws.cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: ['a'] }));
    expect((await aws.cloudwatch.send(new DescribeAlarmsCommand({}))).MetricAlarms).toEqual([]);
    expect(await tags()).toEqual([]);
  });

  test.for<[reason: string, input: object, message: RegExp]>([
    ['periods below a minute', { Period: 10 }, /periods below a minute/],
    [
      'actions other than topics',
      { AlarmActions: ['arn:aws:automate:eu-west-1:ec2:stop'] },
      /alarm action arn:aws:automate/,
    ],
    ['an unknown treatment of missing data', { TreatMissingData: 'maybe' }, /TreatMissingData/],
    ['both statistics', { ExtendedStatistic: 'p99' }, /Exactly one of the parameters/],
  ])('is refused for %s', async ([, input, message]) => {
    await expect(aws.alarm(input)).rejects.toThrow(message);
  });

  test('states have three names only', async () => {
    await aws.alarm();
    await expect(
      aws.cloudwatch.send(
        new SetAlarmStateCommand({ AlarmName: 'a', StateValue: 'INVALID' as 'OK', StateReason: '' }),
      ),
    ).rejects.toThrow(
      "1 validation error detected: Value 'INVALID' at 'stateValue' failed to satisfy constraint: Member must satisfy enum value set: [INSUFFICIENT_DATA, ALARM, OK]",
    );
  });
});

describe('a composite alarm', () => {
  const composite = (AlarmRule: string) =>
    aws.cloudwatch.send(new PutCompositeAlarmCommand({ AlarmName: 'c', AlarmRule }));

  test('follows the alarms of its rule', async () => {
    await aws.alarm({ TreatMissingData: 'notBreaching' });
    await aws.alarm({ AlarmName: 'b', MetricName: 'Other', TreatMissingData: 'notBreaching' });
    await composite('ALARM("a") AND NOT (OK(b) AND FALSE)');
    expect(await aws.state('c')).toBe('OK');
    await aws.put({ Value: 11 });
    await aws.advance('1m');
    expect(await aws.state('c')).toBe('ALARM');
    await aws.advance('10m');
    expect(await aws.state('c')).toBe('OK');
  });

  test('is refused when its rule cannot be read', async () => {
    await expect(composite('ALARM("a") AND')).rejects.toThrow('AlarmRule must not contain invalid syntax');
  });
});
