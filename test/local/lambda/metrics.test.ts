import {
  CloudWatchClient,
  GetMetricStatisticsCommand,
  type StandardUnit,
  type Statistic,
} from '@aws-sdk/client-cloudwatch';
import { DeleteRolePolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  InvokeCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
} from '@aws-sdk/client-lambda';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, DeleteQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startFunctions, type Functions } from './fixture.ts';

const QUEUE = 'arn:aws:sqs:eu-west-1:000000000000:told';
const TOPIC = 'arn:aws:sns:eu-west-1:000000000000:told';

const SILENT = 'exports.handler = async () => {};';
const FAILING = `exports.handler = async () => { throw new Error('no'); };`;

let aws: Functions;

beforeEach(async () => {
  aws = await startFunctions();
});
afterEach(() => aws.stop());

/** Of the hour that has passed. */
async function metric(MetricName: string, statistic: Statistic = 'Sum', Unit?: StandardUnit) {
  const now = aws.world.clock.now();
  const { Datapoints = [] } = await aws.client(CloudWatchClient).send(
    new GetMetricStatisticsCommand({
      Namespace: 'AWS/Lambda',
      MetricName,
      Dimensions: [{ Name: 'FunctionName', Value: 'f' }],
      StartTime: new Date(now - 3_600_000),
      EndTime: new Date(now),
      Period: 3600,
      Statistics: [statistic],
      Unit,
    }),
  );
  return Datapoints[0]?.[statistic];
}
const send = () => aws.lambda.send(new InvokeCommand({ FunctionName: 'f', InvocationType: 'Event' }));

test('asynchronous invocation counts what was received and dropped, and tells how old events were at each attempt', async () => {
  await aws.make(FAILING);
  await send();
  await send();
  await aws.advance('10m');
  expect(await metric('AsyncEventsReceived')).toBe(2);
  expect(await metric('AsyncEventsDropped')).toBe(2);
  expect(await metric('AsyncEventAge', 'SampleCount')).toBe(6);
  expect(await metric('AsyncEventAge', 'Maximum', 'Milliseconds')).toBeGreaterThanOrEqual(180_000);
  expect(await metric('AsyncEventAge', 'Minimum')).toBeLessThan(1000);
});

test('an event that succeeded is not counted as dropped', async () => {
  await aws.make(SILENT);
  await send();
  await aws.advance('10m');
  expect(await metric('AsyncEventsReceived')).toBe(1);
  expect(await metric('AsyncEventsDropped')).toBeUndefined();
});

test('what a function without any concurrency drops is counted, and has no age', async () => {
  await aws.make(SILENT);
  await aws.lambda.send(
    new PutFunctionConcurrencyCommand({ FunctionName: 'f', ReservedConcurrentExecutions: 0 }),
  );
  await send();
  await aws.advance('10m');
  expect(await metric('AsyncEventsDropped')).toBe(1);
  expect(await metric('AsyncEventAge', 'SampleCount')).toBeUndefined();
});

test('what reached neither dead-letter queue nor destination is counted', async () => {
  const { QueueUrl } = await aws.client(SQSClient).send(new CreateQueueCommand({ QueueName: 'told' }));
  await aws.client(SNSClient).send(new CreateTopicCommand({ Name: 'told' }));
  await aws.make(FAILING, { DeadLetterConfig: { TargetArn: QUEUE } });
  await aws.lambda.send(
    new PutFunctionEventInvokeConfigCommand({
      FunctionName: 'f',
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination: TOPIC } },
    }),
  );
  await send();
  await aws.advance('1m');
  expect(await metric('DeadLetterErrors')).toBeUndefined();
  expect(await metric('DestinationDeliveryFailures')).toBeUndefined();

  await aws.client(SQSClient).send(new DeleteQueueCommand({ QueueUrl }));
  await aws.client(IAMClient).send(new DeleteRolePolicyCommand({ RoleName: 'function', PolicyName: 'own' }));
  await send();
  await aws.advance('1m');
  expect(await metric('DeadLetterErrors')).toBe(1);
  expect(await metric('DestinationDeliveryFailures')).toBe(1);
});
