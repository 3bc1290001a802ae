import * as DynamoDB from '@aws-sdk/client-dynamodb';
import * as Streams from '@aws-sdk/client-dynamodb-streams';
import { expect, test } from 'vitest';
import { startKept, type Kept } from './killed.ts';

const ddb = (aws: Kept) => aws.client(DynamoDB.DynamoDBClient);

const aTable = async (aws: Kept) => {
  await ddb(aws).send(
    new DynamoDB.CreateTableCommand({
      TableName: 'orders',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'n', AttributeType: 'N' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'n', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byN',
          KeySchema: [{ AttributeName: 'n', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  );
  await ddb(aws).send(
    new DynamoDB.UpdateTimeToLiveCommand({
      TableName: 'orders',
      TimeToLiveSpecification: { Enabled: true, AttributeName: 'expires' },
    }),
  );
};
const item = (pk: string, n: number, rest: Record<string, DynamoDB.AttributeValue> = {}) => ({
  pk: { S: pk },
  n: { N: String(n) },
  ...rest,
});
const scanned = async (aws: Kept, IndexName?: string) =>
  (await ddb(aws).send(new DynamoDB.ScanCommand({ TableName: 'orders', IndexName }))).Items!;

test('items, indexes, the table and its settings are what they were; what was deleted stays away', async () => {
  const aws = await startKept();
  await aTable(aws);
  for (const n of [3, 1, 2])
    await ddb(aws).send(
      new DynamoDB.PutItemCommand({
        TableName: 'orders',
        Item: item('a', n, { all: { M: { b: { B: new Uint8Array([7]) }, l: { L: [{ NULL: true }] } } } }),
      }),
    );
  await ddb(aws).send(new DynamoDB.DeleteItemCommand({ TableName: 'orders', Key: item('a', 2) }));
  await ddb(aws).send(
    new DynamoDB.TransactWriteItemsCommand({
      TransactItems: [
        { Put: { TableName: 'orders', Item: item('b', 1) } },
        { Put: { TableName: 'orders', Item: item('b', 2) } },
      ],
    }),
  );
  const described = (at: Kept) => ddb(at).send(new DynamoDB.DescribeTableCommand({ TableName: 'orders' }));

  const next = await aws.killed();
  expect(await scanned(next)).toEqual(await scanned(aws));
  expect(await scanned(next, 'byN')).toEqual(await scanned(aws, 'byN'));
  expect((await described(next)).Table).toEqual((await described(aws)).Table);
  expect(await scanned(next)).toHaveLength(4);
});

test('the stream goes on: old records can be read, numbers rise, an iterator of before works', async () => {
  const aws = await startKept();
  await aTable(aws);
  const put = (at: Kept, n: number) =>
    ddb(at).send(new DynamoDB.PutItemCommand({ TableName: 'orders', Item: item('a', n) }));
  await put(aws, 1);
  const stream = aws.client(Streams.DynamoDBStreamsClient);
  const { StreamArn } = (await stream.send(new Streams.ListStreamsCommand({}))).Streams![0]!;
  const { StreamDescription } = await stream.send(new Streams.DescribeStreamCommand({ StreamArn }));
  const { ShardIterator } = await stream.send(
    new Streams.GetShardIteratorCommand({
      StreamArn,
      ShardId: StreamDescription!.Shards![0]!.ShardId,
      ShardIteratorType: 'TRIM_HORIZON',
    }),
  );
  const next = await aws.killed();
  await put(next, 2);
  const { Records } = await next
    .client(Streams.DynamoDBStreamsClient)
    .send(new Streams.GetRecordsCommand({ ShardIterator }));
  expect(Records!.map(({ dynamodb }) => dynamodb!.Keys!['n'])).toEqual([{ N: '1' }, { N: '2' }]);
  expect(Records![1]!.dynamodb!.SequenceNumber! > Records![0]!.dynamodb!.SequenceNumber!).toBe(true);
});

test('an item expires after a restart, and a transaction repeated by its token changes nothing', async () => {
  const aws = await startKept();
  await aTable(aws);
  const expires = { expires: { N: String(aws.world.clock.now() / 1000 + 60) } };
  const transaction = new DynamoDB.TransactWriteItemsCommand({
    ClientRequestToken: 'once',
    TransactItems: [
      {
        Put: {
          TableName: 'orders',
          Item: item('a', 1, expires),
          ConditionExpression: 'attribute_not_exists(pk)',
        },
      },
    ],
  });
  await ddb(aws).send(transaction);
  const next = await aws.killed();
  await ddb(next).send(transaction);
  expect(await scanned(next)).toHaveLength(1);
  await next.advance('5h');
  expect(await scanned(next)).toEqual([]);
});
