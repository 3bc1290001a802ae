import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { DeleteQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aTopic, openQueue } from './topic.ts';

let topic: Awaited<ReturnType<typeof aTopic>>;
beforeEach(async () => {
  topic = await aTopic();
});
afterEach(() => topic.aws.stop());

/** The sum of the day that has passed. */
async function sum(MetricName: string) {
  await topic.aws.advance('1h');
  const now = topic.aws.world.clock.now();
  const { Datapoints = [] } = await topic.aws.client(CloudWatchClient).send(
    new GetMetricStatisticsCommand({
      Namespace: 'AWS/SNS',
      MetricName,
      Dimensions: [{ Name: 'TopicName', Value: 'topic' }],
      StartTime: new Date(now - 86_400_000),
      EndTime: new Date(now),
      Period: 86_400,
      Statistics: ['Sum'],
    }),
  );
  return Datapoints[0]?.Sum;
}
const remove = ({ QueueUrl }: { QueueUrl: string | undefined }) =>
  topic.aws.client(SQSClient).send(new DeleteQueueCommand({ QueueUrl }));

test('a topic counts what is published, with its bytes, and what arrives', async () => {
  await topic.queue({}, 'one');
  await topic.queue({}, 'other');
  await topic.publish('four', { MessageAttributes: { a: { DataType: 'String', StringValue: 'b' } } });
  await topic.publish('six...');
  expect(await sum('NumberOfMessagesPublished')).toBe(2);
  expect(await sum('PublishSize')).toBe('fouraStringb'.length + 'six...'.length);
  expect(await sum('NumberOfNotificationsDelivered')).toBe(4);
  expect(await sum('NumberOfNotificationsFailed')).toBeUndefined();
});

test('what a filter leaves out is counted, and told apart where there were no attributes', async () => {
  await topic.queue({ FilterPolicy: '{"a":["c"]}' });
  await topic.publish('x', { MessageAttributes: { a: { DataType: 'String', StringValue: 'b' } } });
  await topic.publish('x');
  expect(await sum('NumberOfNotificationsFilteredOut')).toBe(2);
  expect(await sum('NumberOfNotificationsFilteredOut-NoMessageAttributes')).toBe(1);
  expect(await sum('NumberOfNotificationsDelivered')).toBeUndefined();
});

test('what cannot be delivered is counted once, however often it was tried, and so is where it went', async () => {
  const dead = await openQueue(topic.aws, topic.TopicArn, 'dead');
  const queue = await topic.queue({ RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn }) });
  await remove(queue);
  await topic.publish('x');
  expect(await sum('NumberOfNotificationsRedrivenToDlq')).toBe(1);
  await remove(dead);
  await topic.publish('x');
  expect(await sum('NumberOfNotificationsFailed')).toBe(2);
  expect(await sum('NumberOfNotificationsFailedToRedriveToDlq')).toBe(1);
  expect(await sum('NumberOfNotificationsDelivered')).toBeUndefined();
});
