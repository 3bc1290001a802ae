import * as CloudWatch from '@aws-sdk/client-cloudwatch';
import * as Logs from '@aws-sdk/client-cloudwatch-logs';
import * as SNS from '@aws-sdk/client-sns';
import * as SQS from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import type { LocalOptions } from '../../../local/index.ts';
import { openTo } from '../../queue-policy.ts';
import { startKept, type Kept } from './killed.ts';

const sqs = (aws: Kept) => aws.client(SQS.SQSClient);
const sns = (aws: Kept) => aws.client(SNS.SNSClient);
const url = (queue: string) => `http://127.0.0.1:4566/000000000000/${queue}`;

const bodies = async (aws: Kept, queue: string) => {
  const { Messages = [] } = await sqs(aws).send(
    new SQS.ReceiveMessageCommand({ QueueUrl: url(queue), MaxNumberOfMessages: 10 }),
  );
  return Messages.map(({ Body }) => Body!);
};

/** A topic whose raw messages go to the queue `q` with its ending, if they are for `shop`. */
async function aTopic(ending: '' | '.fifo', options: LocalOptions = {}) {
  const aws = await startKept(options);
  const queue = `arn:aws:sqs:eu-west-1:000000000000:q${ending}`;
  const fifo = ending === '' ? {} : { FifoQueue: 'true' };
  const Policy = openTo('sns.amazonaws.com', queue);
  await sqs(aws).send(
    new SQS.CreateQueueCommand({ QueueName: `q${ending}`, Attributes: { ...fifo, Policy } }),
  );
  const { TopicArn } = await sns(aws).send(
    new SNS.CreateTopicCommand({
      Name: `t${ending}`,
      ...(ending === '' ? {} : { Attributes: { FifoTopic: 'true' } }),
    }),
  );
  await sns(aws).send(
    new SNS.SubscribeCommand({
      TopicArn,
      Protocol: 'sqs',
      Endpoint: queue,
      Attributes: { RawMessageDelivery: 'true', FilterPolicy: '{"for":["shop"]}' },
    }),
  );
  const publish = (at: Kept, Message: string, target: string, more: object = {}) =>
    sns(at).send(
      new SNS.PublishCommand({
        TopicArn,
        Message,
        MessageAttributes: { for: { DataType: 'String', StringValue: target } },
        ...more,
      }),
    );
  return { aws, publish };
}

test('topics go on, with their subscriptions and filters', async () => {
  const { aws, publish } = await aTopic('');
  const next = await aws.killed();
  await publish(next, 'other', 'bank');
  await publish(next, 'one', 'shop');
  await next.advance('1s');
  expect(await bodies(next, 'q')).toEqual(['one']);
});

test('a message that could not be delivered yet is delivered by the next process', async () => {
  const { aws, publish } = await aTopic('', {
    faults: [{ fault: 'throttle', service: 'sqs', operation: 'SendMessage' }],
  });
  await publish(aws, 'one', 'shop');
  await aws.advance('10s');
  const next = await aws.killed({ faults: [] });
  await next.advance('1m');
  expect(await bodies(next, 'q')).toEqual(['one']);
});

test('a FIFO topic knows what it has had, and counts on', async () => {
  const { aws, publish } = await aTopic('.fifo');
  const fifo = (id: string) => ({ MessageGroupId: 'g', MessageDeduplicationId: id });
  const first = await publish(aws, 'one', 'shop', fifo('1'));
  await aws.advance('1s');
  const next = await aws.killed();
  expect((await publish(next, 'one', 'shop', fifo('1'))).SequenceNumber).toBe(first.SequenceNumber);
  const second = await publish(next, 'two', 'shop', fifo('2'));
  expect(BigInt(second.SequenceNumber!)).toBeGreaterThan(BigInt(first.SequenceNumber!));
  await next.advance('1s');
  expect(await bodies(next, 'q.fifo')).toEqual(['one', 'two']);
});

test('log groups keep their settings and their events; what was deleted stays away', async () => {
  const aws = await startKept();
  const logs = aws.client(Logs.CloudWatchLogsClient);
  const write = (logGroupName: string, message: string) =>
    logs.send(
      new Logs.PutLogEventsCommand({
        logGroupName,
        logStreamName: 's',
        logEvents: [{ timestamp: aws.world.clock.now(), message }],
      }),
    );
  for (const logGroupName of ['kept', 'gone']) {
    await logs.send(new Logs.CreateLogGroupCommand({ logGroupName }));
    await logs.send(new Logs.CreateLogStreamCommand({ logGroupName, logStreamName: 's' }));
    await write(logGroupName, 'one');
  }
  await logs.send(new Logs.PutRetentionPolicyCommand({ logGroupName: 'kept', retentionInDays: 7 }));
  await logs.send(new Logs.DeleteLogGroupCommand({ logGroupName: 'gone' }));
  aws.world.service('logs').append('made', 'by/function', [{ timestamp: 1, message: 'two' }]);
  await write('kept', 'three');

  const next = (await aws.killed()).client(Logs.CloudWatchLogsClient);
  const described = (client: Logs.CloudWatchLogsClient) => client.send(new Logs.DescribeLogGroupsCommand({}));
  expect((await described(next)).logGroups).toEqual((await described(logs)).logGroups);
  const messages = async (logGroupName: string) =>
    (await next.send(new Logs.FilterLogEventsCommand({ logGroupName }))).events!.map(
      ({ message }) => message,
    );
  expect(await messages('kept')).toEqual(['one', 'three']);
  expect(await messages('made')).toEqual(['two']);
});

test('alarms keep their state, history and tags, and go on watching', async () => {
  const aws = await startKept();
  const cloudwatch = aws.client(CloudWatch.CloudWatchClient);
  await sqs(aws).send(new SQS.CreateQueueCommand({ QueueName: 'q' }));
  await cloudwatch.send(
    new CloudWatch.PutMetricAlarmCommand({
      AlarmName: 'waiting',
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: 'q' }],
      Statistic: 'Maximum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
      Tags: [{ Key: 'team', Value: 'shop' }],
    }),
  );
  await aws.advance('2m');
  const state = async (at: Kept) => {
    const { MetricAlarms } = await at
      .client(CloudWatch.CloudWatchClient)
      .send(new CloudWatch.DescribeAlarmsCommand({}));
    return MetricAlarms![0]!.StateValue;
  };
  expect(await state(aws)).toBe('OK');
  const next = await aws.killed();
  expect(await state(next)).toBe('OK');
  await sqs(next).send(new SQS.SendMessageCommand({ QueueUrl: url('q'), MessageBody: 'x' }));
  await next.advance('2m');
  expect(await state(next)).toBe('ALARM');
  const { Tags } = await next.client(CloudWatch.CloudWatchClient).send(
    new CloudWatch.ListTagsForResourceCommand({
      ResourceARN: 'arn:aws:cloudwatch:eu-west-1:000000000000:alarm:waiting',
    }),
  );
  expect(Tags).toEqual([{ Key: 'team', Value: 'shop' }]);
});

test('datapoints are kept, those that were put and those that services recorded', async () => {
  const aws = await startKept();
  await sqs(aws).send(new SQS.CreateQueueCommand({ QueueName: 'q' }));
  for (const MessageBody of ['a', 'b'])
    await sqs(aws).send(new SQS.SendMessageCommand({ QueueUrl: url('q'), MessageBody }));
  const Dimensions = [{ Name: 'Shop', Value: 'north' }];
  const datum = { MetricName: 'Orders', Dimensions, Values: [1, 2, 7], Unit: 'Count' as const };
  await aws
    .client(CloudWatch.CloudWatchClient)
    .send(new CloudWatch.PutMetricDataCommand({ Namespace: 'Shop', MetricData: [datum] }));

  const next = await aws.killed();
  const now = next.world.clock.now();
  const read = async (metric: object, statistics: object) => {
    const { Datapoints } = await next.client(CloudWatch.CloudWatchClient).send(
      new CloudWatch.GetMetricStatisticsCommand({
        ...(metric as { Namespace: string; MetricName: string }),
        ...statistics,
        Period: 60,
        StartTime: new Date(now - 60_000),
        EndTime: new Date(now + 60_000),
      }),
    );
    return Datapoints;
  };
  const orders = { Namespace: 'Shop', MetricName: 'Orders', Dimensions };
  expect(await read(orders, { Statistics: ['Sum', 'Maximum'] })).toMatchObject([{ Sum: 10, Maximum: 7 }]);
  expect(await read(orders, { ExtendedStatistics: ['p50'] })).toMatchObject([
    { ExtendedStatistics: { p50: 2 } },
  ]);
  const sent = {
    Namespace: 'AWS/SQS',
    MetricName: 'NumberOfMessagesSent',
    Dimensions: [{ Name: 'QueueName', Value: 'q' }],
  };
  expect(await read(sent, { Statistics: ['Sum'] })).toMatchObject([{ Sum: 2 }]);
});
