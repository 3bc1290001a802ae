import * as DDB from '@aws-sdk/client-dynamodb';
import * as Streams from '@aws-sdk/client-dynamodb-streams';
import { expect, test } from 'vitest';
import { withTable } from './fixture.ts';

const put = (pk: string, n: number) =>
  new DDB.PutItemCommand({ TableName: 'orders', Item: { pk: { S: pk }, n: { N: String(n) } } });
const remove = (pk: string) => new DDB.DeleteItemCommand({ TableName: 'orders', Key: { pk: { S: pk } } });

const withStream = async (StreamViewType: DDB.StreamViewType) => {
  const table = await withTable({ StreamSpecification: { StreamEnabled: true, StreamViewType } });
  const { StreamDescription } = await table.streams.send(
    new Streams.DescribeStreamCommand({ StreamArn: table.streamArn }),
  );
  const ShardId = StreamDescription!.Shards![0]!.ShardId!;
  const iterator = async (
    ShardIteratorType: Streams.ShardIteratorType,
    SequenceNumber?: string,
  ): Promise<string> => {
    const { ShardIterator } = await table.streams.send(
      new Streams.GetShardIteratorCommand({
        StreamArn: table.streamArn,
        ShardId,
        ShardIteratorType,
        ...(SequenceNumber === undefined ? {} : { SequenceNumber }),
      }),
    );
    return ShardIterator!;
  };
  const records = async (ShardIterator: string, Limit?: number) =>
    table.streams.send(
      new Streams.GetRecordsCommand({ ShardIterator, ...(Limit === undefined ? {} : { Limit }) }),
    );
  return { ...table, iterator, records, StreamDescription: StreamDescription! };
};

const brief = ({ Records }: Streams.GetRecordsCommandOutput) =>
  Records!.map(({ eventName, dynamodb }) => {
    const { Keys, OldImage, NewImage } = dynamodb!;
    return { eventName, Keys, OldImage, NewImage };
  });

const a = { pk: { S: 'a' } };
const a1 = { ...a, n: { N: '1' } };
const a2 = { ...a, n: { N: '2' } };

test.each<[DDB.StreamViewType, object, object, object]>([
  ['KEYS_ONLY', {}, {}, {}],
  ['NEW_IMAGE', { NewImage: a1 }, { NewImage: a2 }, {}],
  ['OLD_IMAGE', {}, { OldImage: a1 }, { OldImage: a2 }],
  ['NEW_AND_OLD_IMAGES', { NewImage: a1 }, { OldImage: a1, NewImage: a2 }, { OldImage: a2 }],
])(
  'a stream of %s records changes in order, and none where an item stayed the same',
  async (view, ...images) => {
    const { db, iterator, records } = await withStream(view);
    await db.send(put('a', 1));
    await db.send(put('a', 1));
    await db.send(put('a', 2));
    await db.send(remove('a'));
    await db.send(remove('a'));

    expect(brief(await records(await iterator('TRIM_HORIZON')))).toEqual([
      { eventName: 'INSERT', Keys: a, ...images[0] },
      { eventName: 'MODIFY', Keys: a, ...images[1] },
      { eventName: 'REMOVE', Keys: a, ...images[2] },
    ]);
  },
);

test('a LATEST iterator gives what comes after it, a page at a time', async () => {
  const { db, iterator, records } = await withStream('NEW_IMAGE');
  await db.send(put('a', 1));
  const latest = await iterator('LATEST');
  await db.send(put('b', 1));
  await db.send(put('c', 1));

  const first = await records(latest, 1);
  expect(brief(first)).toMatchObject([{ Keys: { pk: { S: 'b' } } }]);
  const second = await records(first.NextShardIterator!);
  expect(brief(second)).toMatchObject([{ Keys: { pk: { S: 'c' } } }]);
  expect(brief(await records(second.NextShardIterator!))).toEqual([]);

  const { SequenceNumber } = first.Records![0]!.dynamodb!;
  expect(brief(await records(await iterator('AT_SEQUENCE_NUMBER', SequenceNumber)))).toHaveLength(2);
  expect(brief(await records(await iterator('AFTER_SEQUENCE_NUMBER', SequenceNumber)))).toHaveLength(1);
});

test('records can be read for 24 hours', async () => {
  const { aws, db, iterator, records } = await withStream('NEW_IMAGE');
  await db.send(put('a', 1));
  await aws.advance('12h');
  await db.send(put('b', 1));
  await aws.advance('12h');

  expect(brief(await records(await iterator('TRIM_HORIZON')))).toMatchObject([{ Keys: { pk: { S: 'b' } } }]);
});

test('an iterator expires after 15 minutes', async () => {
  const { aws, iterator, records } = await withStream('NEW_IMAGE');
  const latest = await iterator('LATEST');
  await aws.advance('16m');
  await expect(records(latest)).rejects.toMatchObject({ name: 'ExpiredIteratorException' });
});

test('a stream that is disabled can be read to its end', async () => {
  const { db, iterator, records, streams, streamArn } = await withStream('NEW_IMAGE');
  await db.send(put('a', 1));
  await db.send(
    new DDB.UpdateTableCommand({ TableName: 'orders', StreamSpecification: { StreamEnabled: false } }),
  );
  await db.send(put('b', 1));

  const { Records, NextShardIterator } = await records(await iterator('TRIM_HORIZON'));
  expect(Records).toHaveLength(1);
  expect(NextShardIterator).toBeUndefined();
  const { StreamDescription } = await streams.send(
    new Streams.DescribeStreamCommand({ StreamArn: streamArn }),
  );
  expect(StreamDescription).toMatchObject({ StreamStatus: 'DISABLED' });
});

test('a stream that is enabled again is a new one, even at the same moment', async () => {
  const { db, streams, streamArn } = await withStream('NEW_IMAGE');
  const stream = (StreamSpecification: DDB.StreamSpecification) =>
    db.send(new DDB.UpdateTableCommand({ TableName: 'orders', StreamSpecification }));
  const enabled = { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' } as const;
  await expect(stream(enabled)).rejects.toMatchObject({
    name: 'ValidationException',
    message: 'Table already has an enabled stream: TableName: orders',
  });
  await stream({ StreamEnabled: false });
  await expect(stream({ StreamEnabled: false })).rejects.toMatchObject({
    name: 'ValidationException',
    message: 'Table has no stream to disable: TableName: orders',
  });
  const { TableDescription } = await stream(enabled);

  const { Streams: found } = await streams.send(new Streams.ListStreamsCommand({ TableName: 'orders' }));
  expect(found!.map(({ StreamArn }) => StreamArn)).toEqual([streamArn, TableDescription!.LatestStreamArn]);
  expect(TableDescription!.LatestStreamArn).not.toBe(streamArn);
});

test('readers in the process are told once of all that a transaction changed', async () => {
  const { aws, db, streamArn } = await withStream('NEW_IMAGE');
  let told = 0;
  const stop = aws.world.service('dynamodb').whenStreamed(streamArn, () => void told++);
  const items = ['a', 'b'].map((pk) => ({ Put: { TableName: 'orders', Item: { pk: { S: pk } } } }));
  await db.send(new DDB.TransactWriteItemsCommand({ TransactItems: items }));
  expect(told).toBe(1);

  stop();
  await db.send(put('c', 1));
  expect(told).toBe(1);
});

test('ListStreams gives the streams of a table', async () => {
  const { streams, streamArn } = await withStream('NEW_IMAGE');
  const { Streams: found } = await streams.send(new Streams.ListStreamsCommand({ TableName: 'orders' }));
  expect(found).toEqual([
    { StreamArn: streamArn, TableName: 'orders', StreamLabel: streamArn.split('/stream/')[1] },
  ]);
});
