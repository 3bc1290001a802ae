import { CloudWatchClient, GetMetricStatisticsCommand, type Statistic } from '@aws-sdk/client-cloudwatch';
import { expect, test } from 'vitest';
import type { Local } from '../../../local/index.ts';
import { aFifoQueue, aQueue, sourceWithDeadLetters } from './queue.ts';

/** A statistic of the last minute. */
async function lastMinute(aws: Local, QueueName: string, MetricName: string, statistic: Statistic) {
  const now = aws.world.clock.now();
  const { Datapoints } = await aws.client(CloudWatchClient).send(
    new GetMetricStatisticsCommand({
      Namespace: 'AWS/SQS',
      MetricName,
      Dimensions: [{ Name: 'QueueName', Value: QueueName }],
      StartTime: new Date(now - 60_000),
      EndTime: new Date(now),
      Period: 60,
      Statistics: [statistic],
    }),
  );
  return Datapoints?.[0]?.[statistic];
}

test('a queue tells how deep it is, and counts what is done with it', async () => {
  const { aws, send, receive, remove } = await aQueue();
  for (const body of ['a', 'bb', 'ccc']) await send(body);
  await send('later', { DelaySeconds: 600 });
  const [message] = await receive({ MaxNumberOfMessages: 2, VisibilityTimeout: 600 });
  await remove(message!);
  await receive();
  await receive();
  await aws.advance('1m');
  const told = async (metric: string, statistic: Statistic = 'Sum') =>
    lastMinute(aws, 'queue', metric, statistic);
  expect(await told('NumberOfMessagesSent')).toBe(4);
  expect(await told('SentMessageSize', 'Maximum')).toBe(5);
  expect(await told('NumberOfMessagesReceived')).toBe(3);
  expect(await told('NumberOfEmptyReceives')).toBe(1);
  expect(await told('NumberOfMessagesDeleted')).toBe(1);
  await aws.advance('1m');
  expect(await told('ApproximateNumberOfMessagesVisible', 'Maximum')).toBe(1);
  expect(await told('ApproximateNumberOfMessagesNotVisible', 'Maximum')).toBe(1);
  expect(await told('ApproximateNumberOfMessagesDelayed', 'Maximum')).toBe(1);
  expect(await told('ApproximateAgeOfOldestMessage', 'Maximum')).toBe(120);
});

test('the age of a dead letter counts from when it became one', async () => {
  const { aws, source, deadLetters } = await sourceWithDeadLetters();
  await source.send('a');
  await source.receive();
  await aws.advance('10m');
  await source.receive();
  await aws.advance('2m');
  expect(await lastMinute(aws, 'dead', 'ApproximateAgeOfOldestMessage', 'Maximum')).toBe(120);
  expect(deadLetters.counts()).toMatchObject({ visible: 1 });
});

test.each([
  { kind: 'a standard queue', queue: aQueue, name: 'queue', ages: [300, 180, 0] },
  { kind: 'a FIFO queue', queue: aFifoQueue, name: 'queue.fifo', ages: [300, 480, 600] },
])('the oldest message of $kind, once one was received three times', async ({ queue, name, ages }) => {
  const { aws, send, receive, remove, hide } = await queue();
  const group = name === 'queue' ? {} : { MessageGroupId: 'g' };
  const age = () => lastMinute(aws, name, 'ApproximateAgeOfOldestMessage', 'Maximum');
  const receiveFirst = async () => {
    const [first] = await receive({ MaxNumberOfMessages: 1, VisibilityTimeout: 600 });
    expect(first!.Body).toBe('poison');
    return first!;
  };
  await send('poison', group);
  for (let i = 0; i < 2; i++) await hide(await receiveFirst(), 0);
  await aws.advance('5m');
  expect(await age()).toBe(ages[0]);
  const poison = await receiveFirst();
  await send('next', group);
  await aws.advance('3m');
  expect(await age()).toBe(ages[1]);
  await hide(poison, 900);
  const [next] = name === 'queue' ? await receive() : [];
  if (next) await remove(next);
  await aws.advance('2m');
  expect((await age()) ?? 0).toBe(ages[2]);
});

test('the age of a dead letter that was received often counts all the same', async () => {
  const { aws, source } = await sourceWithDeadLetters({ max: 5 });
  await source.send('a');
  for (let i = 0; i < 6; i++) await source.receive();
  await aws.advance('2m');
  expect(await lastMinute(aws, 'dead', 'ApproximateAgeOfOldestMessage', 'Maximum')).toBe(120);
});
