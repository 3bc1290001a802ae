import { CloudWatchClient, GetMetricStatisticsCommand, type Statistic } from '@aws-sdk/client-cloudwatch';
import { expect, test } from 'vitest';
import type { Local } from '../../../local/index.ts';
import { aQueue, sourceWithDeadLetters } from './queue.ts';

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
