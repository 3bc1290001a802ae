import {
  DynamoDBClient,
  PutItemCommand,
  DeleteItemCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { CreateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { streamedTable } from '../dynamodb/streamed.ts';
import { recording, seenBy, startFunctions, type Functions } from './fixture.ts';

let aws: Functions;
let dynamodb: DynamoDBClient;
let stream: string;

interface Event {
  Records: { eventName: string; dynamodb: { Keys: { pk: { S: string } }; SequenceNumber: string } }[];
}
const batches = async () =>
  (await seenBy<Event>(aws)).map(({ Records }) => Records.map(({ dynamodb: { Keys } }) => Keys.pk.S));
const map = (settings: object = {}) =>
  aws.lambda.send(
    new CreateEventSourceMappingCommand({
      FunctionName: 'f',
      EventSourceArn: stream,
      StartingPosition: 'TRIM_HORIZON',
      ...settings,
    }),
  );
const put = async (...keys: string[]) => {
  for (const key of keys)
    await dynamodb.send(
      new PutItemCommand({ TableName: 'table', Item: { pk: { S: key }, b: { B: Buffer.from('x') } } }),
    );
};

beforeEach(async () => {
  aws = await startFunctions();
  dynamodb = aws.client(DynamoDBClient);
  stream = await streamedTable(aws);
});
afterEach(() => aws.stop());

test('changes arrive in order, as AWS shows them', async () => {
  await aws.make(await recording());
  await put('a', 'b');
  await map();
  await aws.advance('1s');
  const [event] = await seenBy<Event>(aws);
  expect(event!.Records[0]).toEqual({
    eventID: expect.any(String),
    eventName: 'INSERT',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'eu-west-1',
    dynamodb: {
      ApproximateCreationDateTime: 1_893_456_000,
      Keys: { pk: { S: 'a' } },
      NewImage: { pk: { S: 'a' }, b: { B: 'eA==' } },
      SequenceNumber: expect.any(String),
      SizeBytes: expect.any(Number),
      StreamViewType: 'NEW_IMAGE',
    },
    eventSourceARN: stream,
  });
  expect(await batches()).toEqual([['a', 'b']]);
});

test('from LATEST only what comes later arrives, even after the shard iterator has expired', async () => {
  await aws.make(await recording());
  await put('before');
  await aws.advance('1m');
  await map({ StartingPosition: 'LATEST' });
  await aws.advance('2h');
  await put('after');
  await aws.advance('2h');
  await put('later');
  await aws.advance('1s');
  expect(await batches()).toEqual([['after'], ['later']]);
});

test('a filter passes over what does not match', async () => {
  await aws.make(await recording());
  const Pattern = JSON.stringify({
    eventName: ['INSERT'],
    dynamodb: { Keys: { pk: { S: [{ prefix: 'o#' }] } } },
  });
  await map({ FilterCriteria: { Filters: [{ Pattern }] } });
  await put('o#1', 'a#1', 'o#2');
  await dynamodb.send(new DeleteItemCommand({ TableName: 'table', Key: { pk: { S: 'o#1' } } }));
  await aws.advance('1s');
  expect((await batches()).flat()).toEqual(['o#1', 'o#2']);
});

test('who deleted an expired item is said, and filtered, in the letters of Lambda', async () => {
  const userIdentity = { type: 'Service', principalId: 'dynamodb.amazonaws.com' };
  await aws.make(await recording());
  const Pattern = JSON.stringify({
    userIdentity: { type: ['Service'], principalId: [{ prefix: 'dynamodb' }] },
  });
  await map({ FilterCriteria: { Filters: [{ Pattern }] } });
  await dynamodb.send(
    new UpdateTimeToLiveCommand({
      TableName: 'table',
      TimeToLiveSpecification: { Enabled: true, AttributeName: 'expires' },
    }),
  );
  await dynamodb.send(
    new PutItemCommand({ TableName: 'table', Item: { pk: { S: 'a' }, expires: { N: '1893456060' } } }),
  );
  await aws.advance('5h');
  expect(await seenBy(aws)).toMatchObject([{ Records: [{ eventName: 'REMOVE', userIdentity }] }]);
});

test('a batch that fails is tried again, with ever longer waits, and nothing passes it', async () => {
  await aws.make(
    await recording(`if (event.Records[0].dynamodb.Keys.pk.S === 'bad') throw new Error('no');`),
  );
  await map({ BatchSize: 1 });
  await put('bad', 'good');
  await aws.advance('4s');
  expect(await batches()).toEqual([['bad'], ['bad'], ['bad']]);
});

test('what fails too often is given up, and the destination is told where it is', async () => {
  const sqs = aws.client(SQSClient);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'failed' }));
  await aws.make(
    await recording(`if (event.Records.some((r) => r.dynamodb.Keys.pk.S === 'bad')) throw new Error('no');`),
  );
  await put('a', 'bad', 'b', 'c');
  await map({
    MaximumRetryAttempts: 1,
    BisectBatchOnFunctionError: true,
    DestinationConfig: { OnFailure: { Destination: 'arn:aws:sqs:eu-west-1:000000000000:failed' } },
  });
  await aws.advance('1m');
  expect(await batches()).toEqual([
    ['a', 'bad', 'b', 'c'],
    ['a', 'bad'],
    ['a'],
    ['bad'],
    ['bad'],
    ['b', 'c'],
  ]);
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  expect(JSON.parse(Messages![0]!.Body!)).toMatchObject({
    requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 2 },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    DDBStreamBatchInfo: { batchSize: 1, streamArn: stream },
  });
});

test('a reported item is a checkpoint: what is before it is done', async () => {
  await aws.make(
    await recording(`const bad = event.Records.find((r) => r.dynamodb.Keys.pk.S === 'b');
      return { batchItemFailures: event.Records.length > 2 && bad ? [{ itemIdentifier: bad.dynamodb.SequenceNumber }] : [] };`),
  );
  await put('a', 'b', 'c');
  await map({ FunctionResponseTypes: ['ReportBatchItemFailures'] });
  await aws.advance('10s');
  expect(await batches()).toEqual([
    ['a', 'b', 'c'],
    ['b', 'c'],
  ]);
});

test('what is too old is given up', async () => {
  await aws.make(await recording(`throw new Error('no');`));
  await map({ MaximumRecordAgeInSeconds: 60 });
  await put('a');
  await aws.advance('10m');
  expect((await batches()).length).toBeLessThan(8);
  await put('b');
  await aws.advance('1s');
  expect((await batches()).at(-1)).toEqual(['b']);
});

test('a window gathers changes', async () => {
  await aws.make(await recording());
  await map({ MaximumBatchingWindowInSeconds: 5 });
  await put('a');
  await aws.advance('2s');
  await put('b');
  expect(await batches()).toEqual([]);
  await aws.advance('3.1s');
  expect(await batches()).toEqual([['a', 'b']]);
});

test('with a parallelization factor items go side by side, and each in order', async () => {
  await aws.make(await recording(`await new Promise((r) => setTimeout(r, 1000));`));
  await map({ ParallelizationFactor: 4, BatchSize: 1 });
  await put('a', 'b', 'c', 'd', 'e', 'f');
  await aws.advance('900ms');
  expect((await batches()).length).toBeGreaterThan(1);
  await aws.advance('10s');
  expect((await batches()).flat().toSorted()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
});

test.each(['error', 'lost'] as const)(
  'changes that could not be read (%s) are read later, without another change',
  async (fault) => {
    await aws.make(await recording());
    await map();
    await aws.advance('1s');
    aws.world.faults.set([{ fault, service: 'dynamodb', operation: 'GetRecords', times: 3 }]);
    await put('a');
    await aws.advance('1m');
    expect(await batches()).toEqual([['a']]);
  },
);

test('a stream that could not be found at first is looked for again', async () => {
  await aws.make(await recording());
  aws.world.faults.set([{ fault: 'error', service: 'dynamodb', operation: 'DescribeStream', times: 2 }]);
  await map();
  await put('a');
  await aws.advance('1m');
  expect(await batches()).toEqual([['a']]);
});
