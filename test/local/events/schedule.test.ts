import {
  DeleteRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseSchedule } from '../../../local/services/events/schedule.ts';
import { eventing } from './eventing.ts';

describe('schedules fall due', () => {
  const noon = Date.UTC(2030, 0, 1, 12, 0, 30); // a Tuesday
  test.for([
    ['rate(1 minute)', '2030-01-01T12:01:30', '2030-01-01T12:02:30'],
    ['rate(2 hours)', '2030-01-01T14:00:30', '2030-01-01T16:00:30'],
    ['rate(7 days)', '2030-01-08T12:00:30', '2030-01-15T12:00:30'],
    ['cron(* * * * ? *)', '2030-01-01T12:01:00', '2030-01-01T12:02:00'],
    ['cron(0 10 * * ? *)', '2030-01-02T10:00:00', '2030-01-03T10:00:00'],
    [
      'cron(0 18 ? * MON-FRI *)',
      '2030-01-01T18:00:00',
      '2030-01-02T18:00:00',
      '2030-01-03T18:00:00',
      '2030-01-04T18:00:00',
      '2030-01-07T18:00:00',
    ],
    ['cron(0 8 1 * ? *)', '2030-02-01T08:00:00', '2030-03-01T08:00:00'],
    ['cron(0/25 * * * ? *)', '2030-01-01T12:25:00', '2030-01-01T12:50:00', '2030-01-01T13:00:00'],
    ['cron(0/30 20-23 ? * MON-FRI *)', '2030-01-01T20:00:00', '2030-01-01T20:30:00', '2030-01-01T21:00:00'],
    ['cron(5,35 14 * * ? *)', '2030-01-01T14:05:00', '2030-01-01T14:35:00', '2030-01-02T14:05:00'],
    ['cron(0 12 L * ? *)', '2030-01-31T12:00:00', '2030-02-28T12:00:00'],
    ['cron(0 12 ? * L *)', '2030-01-05T12:00:00'],
    ['cron(15 10 ? * 6L 2030)', '2030-01-25T10:15:00', '2030-02-22T10:15:00'],
    ['cron(0 0 ? MAY 6L *)', '2030-05-31T00:00:00', '2031-05-30T00:00:00'],
    ['cron(0 2 ? * SAT#3 *)', '2030-01-19T02:00:00', '2030-02-16T02:00:00'],
    ['cron(0 0 3W * ? *)', '2030-01-03T00:00:00', '2030-02-04T00:00:00', '2030-03-04T00:00:00'],
    ['cron(0 0 1W JUN ? *)', '2030-06-03T00:00:00', '2031-06-02T00:00:00'],
    ['cron(0 0 31W MAR,AUG ? *)', '2030-03-29T00:00:00', '2030-08-30T00:00:00'],
    ['cron(0 0 29 FEB ? *)', '2032-02-29T00:00:00', '2036-02-29T00:00:00'],
    [
      'cron(0 22 ? * FRI-MON *)',
      '2030-01-04T22:00:00',
      '2030-01-05T22:00:00',
      '2030-01-06T22:00:00',
      '2030-01-07T22:00:00',
      '2030-01-11T22:00:00',
    ],
  ])('%s', ([expression, ...expected]) => {
    const schedule = parseSchedule(expression!);
    let at = noon;
    const due = expected.map(() => (at = schedule(at, noon)!));
    expect(due.map((time) => new Date(time).toISOString().slice(0, 19))).toEqual(expected);
  });

  test('and never again after their last year', () => {
    expect(parseSchedule('cron(15 10 ? * 6L 2002-2005)')(noon, noon)).toBeUndefined();
    expect(parseSchedule('cron(0 0 30 FEB ? *)')(noon, noon)).toBeUndefined();
  });
});

describe('a schedule is refused', () => {
  test.for([
    'cron(INVALID)',
    'cron(0 dummy ? * MON-FRI *)',
    'cron(71 8 1 * ? *)',
    'cron(0 1 * * * *)',
    'cron(7 20 * * NOT *)',
    'cron(0 1 ? * ? *)',
    'cron(0/10 * ? * *)',
    'cron(0 0 ? * 8 *)',
    'cron(0 0 0 * ? *)',
    'cron(0 0 ? * SAT#6 *)',
    'rate(0 minutes)',
    'rate(1 minutes)',
    'rate(3 minute)',
    'rate(1.5 hours)',
    'rate(5 seconds)',
    'every minute',
  ])('%s', (expression) => {
    expect(() => parseSchedule(expression)).toThrow(
      expect.objectContaining({
        code: 'ValidationException',
        message: 'Parameter ScheduleExpression is not valid.',
      }),
    );
  });
});

describe('a rule with a schedule', () => {
  let aws: Awaited<ReturnType<typeof eventing>>;
  beforeEach(async () => void (aws = await eventing()));
  afterEach(() => aws.stop());
  const times = async (queue: string) =>
    (await aws.bodies(queue)).map((body) => (JSON.parse(body) as { time: string }).time);

  test('sends AWS’s event when it is due', async () => {
    const queue = await aws.queue('q');
    const rule = await aws.rule({ Name: 'r', ScheduleExpression: 'cron(0 6 * * ? *)' }, { Arn: queue });
    await aws.advance('6h');
    const [body] = await aws.bodies(queue);
    expect(JSON.parse(body!)).toEqual({
      version: '0',
      id: expect.any(String),
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: '000000000000',
      time: '2030-01-01T06:00:00Z',
      region: 'eu-west-1',
      resources: [rule],
      detail: {},
    });
  });

  test('counts its rate from its creation, not from its targets', async () => {
    const queue = await aws.queue('q');
    await aws.rule({ Name: 'r', ScheduleExpression: 'rate(10 minutes)' });
    await aws.advance('4m');
    await aws.rule({ Name: 'r', ScheduleExpression: 'rate(10 minutes)' }, { Arn: queue });
    await aws.advance('17m');
    expect(await times(queue)).toEqual(['2030-01-01T00:10:00Z', '2030-01-01T00:20:00Z']);
  });

  test('stops when disabled, and begins anew when enabled', async () => {
    const queue = await aws.queue('q');
    await aws.rule({ Name: 'r', ScheduleExpression: 'rate(10 minutes)' }, { Arn: queue });
    await aws.events.send(new DisableRuleCommand({ Name: 'r' }));
    await aws.advance('15m');
    await aws.events.send(new EnableRuleCommand({ Name: 'r' }));
    await aws.advance('10m');
    expect(await times(queue)).toEqual(['2030-01-01T00:25:00Z']);
  });

  test('ends with the rule', async () => {
    const queue = await aws.queue('q');
    await aws.rule({ Name: 'r', ScheduleExpression: 'rate(1 minute)' }, { Arn: queue });
    await aws.advance('1m');
    await aws.events.send(new RemoveTargetsCommand({ Rule: 'r', Ids: ['t0'] }));
    await aws.events.send(new DeleteRuleCommand({ Name: 'r' }));
    await aws.advance('5m');
    expect(await times(queue)).toHaveLength(1);
  });

  test('may have a pattern as well', async () => {
    const queue = await aws.queue('q');
    const EventPattern = '{"source":["shop"]}';
    await aws.rule({ Name: 'r', ScheduleExpression: 'rate(1 minute)', EventPattern }, { Arn: queue });
    await aws.put({});
    await aws.advance('1m');
    expect(await times(queue)).toHaveLength(2);
  });
});
