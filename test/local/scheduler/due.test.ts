import {
  DeleteScheduleCommand,
  ListSchedulesCommand,
  UpdateScheduleCommand,
  type UpdateScheduleCommandInput,
} from '@aws-sdk/client-scheduler';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { timetable } from '../../../local/services/scheduler/expression.ts';
import { ROLE, scheduling } from './scheduling.ts';

const iso = (time: number) => new Date(time).toISOString().slice(0, 19);

describe('schedules fall due', () => {
  const from = Date.UTC(2030, 0, 1, 12, 0, 30); // a Tuesday
  const due = (ScheduleExpression: string, zone = 'UTC', count = 3, more: object = {}) => {
    const times = timetable({ ScheduleExpression, ScheduleExpressionTimezone: zone, ...more }, from);
    const found: string[] = [];
    for (let at = times(); at !== undefined && found.length < count; at = times(at)) found.push(iso(at));
    return found;
  };

  test.for([
    ['rate(1 minute)', '2030-01-01T12:00:30', '2030-01-01T12:01:30', '2030-01-01T12:02:30'],
    ['rate(1 hours)', '2030-01-01T12:00:30', '2030-01-01T13:00:30', '2030-01-01T14:00:30'],
    ['rate(2 days)', '2030-01-01T12:00:30', '2030-01-03T12:00:30', '2030-01-05T12:00:30'],
    ['cron(15 10 ? * 6L 2030-2031)', '2030-01-25T10:15:00', '2030-02-22T10:15:00', '2030-03-29T10:15:00'],
    ['at(2030-06-01T08:30:15)', '2030-06-01T08:30:15'],
    ['at(2020-06-01T08:30:15)', '2020-06-01T08:30:15'],
  ])('%s', ([expression, ...expected]) => {
    expect(due(expression!)).toEqual(expected);
  });

  test('by the clocks of their time zone', () => {
    expect(due('at(2030-07-01T09:00:00)', 'America/New_York')).toEqual(['2030-07-01T13:00:00']);
    expect(due('cron(0 9 * 3 ? *)', 'Europe/Berlin', 31).slice(29)).toEqual([
      '2030-03-30T08:00:00',
      '2030-03-31T07:00:00',
    ]);
  });

  test('not in the hour that clocks leave out in spring, and once in the one that they show twice', () => {
    const zone = 'America/Los_Angeles';
    expect(due('cron(30 2 9-11 3 ? *)', zone)).toEqual([
      '2030-03-09T10:30:00',
      '2030-03-11T09:30:00',
      '2031-03-10T09:30:00',
    ]);
    expect(due('cron(30 1 2-4 11 ? *)', zone)).toEqual([
      '2030-11-02T08:30:00',
      '2030-11-03T08:30:00',
      '2030-11-04T09:30:00',
    ]);
    expect(due('at(2030-03-10T02:30:00)', zone)).toEqual(['2030-03-10T10:30:00']);
  });

  test('not again when one is made while clocks show that hour for the second time', () => {
    const times = {
      ScheduleExpression: 'cron(30 1 * * ? *)',
      ScheduleExpressionTimezone: 'America/Los_Angeles',
    };
    const next = timetable(times, Date.parse('2030-11-03T09:20:00Z'))()!;
    expect(iso(next)).toBe('2030-11-04T09:30:00');
  });

  test('from StartDate on, until EndDate, but for those that are due once', () => {
    const StartDate = new Date('2030-01-02T00:00:00Z');
    const EndDate = new Date('2030-01-02T01:00:00Z');
    expect(due('rate(20 minutes)', 'UTC', 9, { StartDate, EndDate })).toEqual([
      '2030-01-02T00:00:00',
      '2030-01-02T00:20:00',
      '2030-01-02T00:40:00',
      '2030-01-02T01:00:00',
    ]);
    expect(due('cron(0/30 * * * ? *)', 'UTC', 9, { StartDate, EndDate })).toEqual([
      '2030-01-02T00:00:00',
      '2030-01-02T00:30:00',
      '2030-01-02T01:00:00',
    ]);
    expect(due('at(2030-06-01T00:00:00)', 'UTC', 9, { StartDate, EndDate })).toHaveLength(1);
  });
});

describe('a schedule that is due', () => {
  let aws: Awaited<ReturnType<typeof scheduling>>;
  beforeEach(async () => {
    aws = await scheduling();
  });
  afterEach(() => aws.stop());

  const update = (input: Partial<UpdateScheduleCommandInput> = {}) =>
    aws.scheduler.send(
      new UpdateScheduleCommand({
        Name: 's',
        ScheduleExpression: 'at(2030-01-01T01:00:00)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: { Arn: aws.target, RoleArn: ROLE, Input: 'changed' },
        ...input,
      }),
    );
  const names = async () => {
    const { Schedules = [] } = await aws.scheduler.send(new ListSchedulesCommand({}));
    return Schedules.map(({ Name }) => Name);
  };

  test('invokes its target once, at its time', async () => {
    await aws.schedule();
    await aws.advance('59m');
    expect(await aws.times()).toEqual([]);
    await aws.advance('2d');
    expect(await aws.times()).toEqual(['2030-01-01T01:00:00']);
    expect(await names()).toEqual(['s']);
  });

  test('begins at once with a rate, and goes on after an update of something else', async () => {
    await aws.schedule({ ScheduleExpression: 'rate(10 minutes)' });
    await aws.advance('15m');
    await update({ ScheduleExpression: 'rate(10 minutes)' });
    await aws.advance('10m');
    expect(await aws.times()).toEqual(['2030-01-01T00:00:00', '2030-01-01T00:10:00', '2030-01-01T00:20:00']);
  });

  test('is due by its new times after an update of those', async () => {
    await aws.schedule();
    await aws.advance('2h');
    await update({ ScheduleExpression: 'at(2030-01-01T03:00:00)' });
    await aws.advance('2h');
    expect(await aws.bodies(aws.target)).toEqual(['due', 'changed']);
  });

  test('does nothing while it is disabled, and makes up for the one time that it was due', async () => {
    await aws.schedule({ State: 'DISABLED' });
    await aws.schedule({ Name: 'r', State: 'DISABLED', ScheduleExpression: 'rate(1 minute)' });
    await aws.advance('2h');
    expect(await aws.times()).toEqual([]);
    await update({ State: 'ENABLED' });
    await aws.advance('2h');
    expect(await aws.times()).toEqual(['2030-01-01T02:00:00']);
    await update({ State: 'DISABLED' });
    await update({ State: 'ENABLED' });
    await aws.advance('2h');
    expect(await aws.times()).toHaveLength(1);
  });

  test('does nothing once it is deleted', async () => {
    await aws.schedule({ ScheduleExpression: 'rate(1 minute)' });
    await aws.advance('30s');
    await aws.scheduler.send(new DeleteScheduleCommand({ Name: 's' }));
    await aws.advance('1h');
    expect(await aws.times()).toHaveLength(1);
  });

  test('is invoked within its flexible time window, at another moment each time', async () => {
    await aws.schedule({
      ScheduleExpression: 'cron(0 * * * ? *)',
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 },
      Target: { Input: '<aws.scheduler.scheduled-time>' },
    });
    await aws.advance('3h');
    await aws.advance('20m');
    const sent = await aws.received(aws.target);
    const late = sent.map(
      ({ Attributes, Body = '' }) => Number(Attributes?.SentTimestamp) - Date.parse(Body),
    );
    expect(sent.map(({ Body = '' }) => Body.slice(11))).toEqual(['01:00:00Z', '02:00:00Z', '03:00:00Z']);
    expect(new Set(late).size).toBe(3);
    for (const each of late) expect(each).toBeGreaterThanOrEqual(0);
    for (const each of late) expect(each).toBeLessThan(15 * 60_000);
  });

  test('is deleted after its last invocation, where that is asked for and it has an end', async () => {
    const DELETE = { ActionAfterCompletion: 'DELETE' } as const;
    await aws.schedule({ ...DELETE, Name: 'once' });
    await aws.schedule({
      ...DELETE,
      Name: 'ends',
      ScheduleExpression: 'rate(1 hour)',
      EndDate: new Date('2030-01-01T02:30:00Z'),
    });
    await aws.schedule({ ...DELETE, Name: 'endless', ScheduleExpression: 'cron(0 1 1 1 ? 2030)' });
    await aws.schedule({ Name: 'stays' });
    await aws.advance('90m');
    expect(await names()).toEqual(['endless', 'ends', 'stays']);
    await aws.advance('1h');
    expect(await names()).toEqual(['endless', 'stays']);
  });

  test('is not deleted before its last retry', async () => {
    await aws.schedule({
      ActionAfterCompletion: 'DELETE',
      ScheduleExpression: 'rate(1 minute)',
      EndDate: new Date('2030-01-01T00:01:00Z'),
    });
    aws.world.faults.set([{ fault: 'throttle', service: 'sqs', operation: 'SendMessage', lasts: '59s' }]);
    await aws.advance('60s');
    expect(await aws.times()).toHaveLength(1);
    expect(await names()).toEqual(['s']);
    await aws.advance('2m');
    expect(await names()).toEqual([]);
  });

  test('is invoked twice now and then, as the fault `duplicate` has it', async () => {
    await aws.schedule();
    aws.world.faults.set([{ fault: 'duplicate', service: 'scheduler', target: '*:schedule/default/s' }]);
    await aws.advance('2h');
    expect(await aws.bodies(aws.target)).toEqual(['due', 'due']);
  });

  test('is not tried again once it is deleted', async () => {
    await aws.schedule({ ScheduleExpression: 'at(2030-01-01T00:00:00)' });
    aws.world.faults.set([{ fault: 'throttle', service: 'sqs', operation: 'SendMessage', lasts: '10s' }]);
    await aws.advance('10s');
    await aws.scheduler.send(new DeleteScheduleCommand({ Name: 's' }));
    await aws.advance('1h');
    expect(await aws.times()).toEqual([]);
  });
});
