import {
  CreateScheduleCommand,
  CreateScheduleGroupCommand,
  ListSchedulesCommand,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { withRole } from '../iam/role.ts';
import { virtualClock } from '../../../local/clock.ts';
import { startKept, type Kept } from './killed.ts';

/** A world with a queue, and schedules in a group that send their names to it. */
async function withSchedules(...schedules: [Name: string, ScheduleExpression: string, Input?: string][]) {
  const aws = await startKept();
  await aws.client(SQSClient).send(new CreateQueueCommand({ QueueName: 'q' }));
  const RoleArn = await withRole(aws, {
    trust: { Service: 'scheduler.amazonaws.com' },
    statements: [{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }],
  });
  const scheduler = aws.client(SchedulerClient);
  await scheduler.send(new CreateScheduleGroupCommand({ Name: 'g' }));
  for (const [Name, ScheduleExpression, Input = Name] of schedules)
    await scheduler.send(
      new CreateScheduleCommand({
        Name,
        GroupName: 'g',
        ScheduleExpression,
        ActionAfterCompletion: 'DELETE',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: { Arn: 'arn:aws:sqs:eu-west-1:000000000000:q', RoleArn, Input },
      }),
    );
  return aws;
}

async function sentIn(aws: Kept): Promise<string[]> {
  const QueueUrl = 'http://127.0.0.1:4566/000000000000/q';
  const { Messages = [] } = await aws
    .client(SQSClient)
    .send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  return Messages.map(({ Body = '' }) => Body).toSorted();
}

test('a schedule is due in the next process, where a rate counts from when it began', async () => {
  const aws = await withSchedules(['rate', 'rate(1 hour)'], ['once', 'at(2030-01-01T00:30:00)']);
  await aws.advance('1s');
  expect(await sentIn(aws)).toEqual(['rate']);
  const next = await aws.killed();
  await next.advance('59m');
  expect(await sentIn(next)).toEqual(['once', 'rate']);
  await next.advance('2m');
  expect(await sentIn(next)).toEqual(['once', 'rate', 'rate']);
  const { Schedules = [] } = await next.client(SchedulerClient).send(new ListSchedulesCommand({}));
  expect(Schedules.map(({ GroupName, Name }) => `${GroupName}/${Name}`)).toEqual(['g/rate']);
});

test('of what was due while there was no process, only what is due once is made up for', async () => {
  const aws = await withSchedules(['hourly', 'cron(30 * * * ? *)'], ['once', 'at(2030-01-01T00:30:00)']);
  const next = await aws.killed({ clock: virtualClock({ start: Date.UTC(2030, 0, 1, 1, 0) }) });
  await next.advance('1s');
  expect(await sentIn(next)).toEqual(['once']);
  await next.advance('30m');
  expect(await sentIn(next)).toContain('hourly');
});

test('an invocation that waits for its next attempt is made in the next process', async () => {
  const aws = await withSchedules(['once', 'at(2030-01-01T00:30:00)', '<aws.scheduler.attempt-number>']);
  aws.world.faults.set([{ fault: 'throttle', service: 'sqs', operation: 'SendMessage', times: 3 }]);
  await aws.advance('30m');
  await aws.advance('1s');
  const next = await aws.killed();
  expect(await sentIn(next)).toEqual([]);
  await next.advance('1m');
  expect(await sentIn(next)).toEqual(['3']);
});
