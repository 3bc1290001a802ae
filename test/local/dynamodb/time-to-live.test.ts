import * as DDB from '@aws-sdk/client-dynamodb';
import * as Streams from '@aws-sdk/client-dynamodb-streams';
import { expect, test } from 'vitest';
import { withTable } from './fixture.ts';

const TableName = 'orders';
const ttl = (Enabled: boolean, AttributeName = 'expires') =>
  new DDB.UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { Enabled, AttributeName } });
const START = Date.UTC(2030, 0, 1) / 1000;
const put = (pk: string, expires?: DDB.AttributeValue) =>
  new DDB.PutItemCommand({ TableName, Item: { pk: { S: pk }, ...(expires ? { expires } : {}) } });
const keys = async (db: DDB.DynamoDBClient) =>
  (await db.send(new DDB.ScanCommand({ TableName }))).Items!.map(({ pk }) => pk!.S!).toSorted();

test('items vanish some hours after they expired, those that were there before it was enabled too', async () => {
  const { aws, db } = await withTable();
  await db.send(put('early', { N: String(START + 60) }));
  await db.send(ttl(true));
  await db.send(put('late', { N: String(START + 10 * 3600) }));
  await db.send(put('never'));
  await db.send(put('text', { S: String(START) }));
  await db.send(put('ancient', { N: '1' }));

  await aws.advance('1h');
  expect(await keys(db)).toEqual(['ancient', 'early', 'late', 'never', 'text']);
  await aws.advance('2h');
  expect(await keys(db)).toEqual(['ancient', 'late', 'never', 'text']);
  await aws.advance('9h');
  expect(await keys(db)).toEqual(['ancient', 'never', 'text']);
});

test('an item whose expiry was put off in time stays', async () => {
  const { aws, db } = await withTable();
  await db.send(ttl(true));
  await db.send(put('a', { N: String(START + 60) }));
  await aws.advance('1h');
  await db.send(put('a', { N: String(START + 24 * 3600) }));
  await aws.advance('5h');
  expect(await keys(db)).toEqual(['a']);
});

test('the stream says that DynamoDB itself deleted the item', async () => {
  const { aws, db, streams, streamArn } = await withTable({
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
  });
  await db.send(ttl(true));
  await db.send(put('a', { N: String(START + 60) }));
  await aws.advance('4h');
  const { StreamDescription } = await streams.send(
    new Streams.DescribeStreamCommand({ StreamArn: streamArn }),
  );
  const { ShardIterator } = await streams.send(
    new Streams.GetShardIteratorCommand({
      StreamArn: streamArn,
      ShardId: StreamDescription!.Shards![0]!.ShardId!,
      ShardIteratorType: 'TRIM_HORIZON',
    }),
  );
  const { Records } = await streams.send(new Streams.GetRecordsCommand({ ShardIterator: ShardIterator! }));
  expect(Records!.map(({ eventName, userIdentity }) => ({ eventName, userIdentity }))).toEqual([
    { eventName: 'INSERT', userIdentity: undefined },
    { eventName: 'REMOVE', userIdentity: { Type: 'Service', PrincipalId: 'dynamodb.amazonaws.com' } },
  ]);
});

test('is switched on and off once, for one attribute', async () => {
  const { db } = await withTable();
  const refused = (message: string) => ({ name: 'ValidationException', message });
  await expect(db.send(ttl(false))).rejects.toMatchObject(refused('TimeToLive is already disabled'));
  await db.send(ttl(true));
  await expect(db.send(ttl(true))).rejects.toMatchObject(refused('TimeToLive is already enabled'));
  await expect(db.send(ttl(true, 'other'))).rejects.toMatchObject(
    refused('TimeToLive is active on a different AttributeName: current AttributeName is expires'),
  );
  const { TimeToLiveDescription } = await db.send(new DDB.DescribeTimeToLiveCommand({ TableName }));
  expect(TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expires' });
});
