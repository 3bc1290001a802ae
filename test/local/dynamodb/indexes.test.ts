import * as DDB from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { withTable } from './fixture.ts';

const pending = (ProjectionType: DDB.ProjectionType = 'ALL') => ({
  IndexName: 'pending',
  KeySchema: [
    { AttributeName: 'pending', KeyType: 'HASH' as const },
    { AttributeName: 'dueAt', KeyType: 'RANGE' as const },
  ],
  Projection: { ProjectionType },
});
const PENDING = [
  { AttributeName: 'pending', AttributeType: 'S' as const },
  { AttributeName: 'dueAt', AttributeType: 'N' as const },
];
const withPending = (ProjectionType?: DDB.ProjectionType) =>
  withTable({ AttributeDefinitions: PENDING, GlobalSecondaryIndexes: [pending(ProjectionType)] });

const row = (pk: string, dueAt?: number) => ({
  pk: { S: pk },
  x: { S: 'x' },
  ...(dueAt === undefined ? {} : { pending: { S: 'p' }, dueAt: { N: String(dueAt) } }),
});
const put = (db: DDB.DynamoDBClient, Item: Record<string, DDB.AttributeValue>) =>
  db.send(new DDB.PutItemCommand({ TableName: 'orders', Item, ReturnConsumedCapacity: 'INDEXES' }));
const due = async (db: DDB.DynamoDBClient, more: Partial<DDB.QueryCommandInput> = {}) =>
  db.send(
    new DDB.QueryCommand({
      TableName: 'orders',
      IndexName: 'pending',
      KeyConditionExpression: 'pending = :p',
      ExpressionAttributeValues: { ':p': { S: 'p' } },
      ...more,
    }),
  );
const keys = ({ Items }: DDB.QueryCommandOutput) => Items!.map(({ pk }) => pk!.S);

test('a sparse index holds the items that have its keys, in its order', async () => {
  const { db } = await withPending();
  for (const item of [row('a', 3), row('b'), row('c', 1), row('d', 3), row('e', 2)]) await put(db, item);
  expect(keys(await due(db))).toEqual(['c', 'e', 'a', 'd']);

  await put(db, row('c', 9));
  await put(db, row('e'));
  await db.send(new DDB.DeleteItemCommand({ TableName: 'orders', Key: { pk: { S: 'd' } } }));
  expect(keys(await due(db))).toEqual(['a', 'c']);
});

test('pages of an index follow each other also where keys are the same', async () => {
  const { db } = await withPending();
  for (const pk of ['a', 'b', 'c']) await put(db, row(pk, 1));
  const first = await due(db, { Limit: 2 });
  expect(first.LastEvaluatedKey).toEqual({ pk: { S: 'b' }, pending: { S: 'p' }, dueAt: { N: '1' } });
  expect(keys(await due(db, { ExclusiveStartKey: first.LastEvaluatedKey! }))).toEqual(['c']);
});

test('an index of keys only has keys only', async () => {
  const { db } = await withPending('KEYS_ONLY');
  await put(db, row('a', 1));
  const { x: _, ...projected } = row('a', 1);
  expect((await due(db)).Items).toEqual([projected]);
  await expect(due(db, { ProjectionExpression: 'x' })).rejects.toMatchObject({
    message: 'One or more parameter values were invalid: Global secondary index pending does not project [x]',
  });
  await expect(due(db, { Select: 'ALL_ATTRIBUTES' })).rejects.toMatchObject({
    message:
      'One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index pending because its projection type is not ALL',
  });
});

test('a global index has no consistent reads', async () => {
  const { db } = await withPending();
  await expect(due(db, { ConsistentRead: true })).rejects.toMatchObject({
    message: 'Consistent reads are not supported on global secondary indexes',
  });
});

test('an index key of another type is refused', async () => {
  const { db } = await withPending();
  await expect(put(db, { ...row('a', 1), dueAt: { S: '1' } })).rejects.toMatchObject({
    message:
      'One or more parameter values were invalid: Type mismatch for Index Key dueAt Expected: N Actual: S IndexName: pending',
  });
});

test('writing to an index costs what changes in it', async () => {
  const { db } = await withPending();
  const cost = async (item: Record<string, DDB.AttributeValue>) =>
    (await put(db, item)).ConsumedCapacity!.GlobalSecondaryIndexes?.['pending']!.CapacityUnits;
  expect(await cost(row('a'))).toBeUndefined();
  expect(await cost(row('a', 1))).toBe(1);
  expect(await cost(row('a', 1))).toBeUndefined();
  expect(await cost(row('a', 2))).toBe(2);
  expect(await cost(row('a'))).toBe(1);
});

test('an index can be added to a table that has items, and taken away', async () => {
  const { db } = await withTable();
  await put(db, row('a', 1));
  await put(db, { ...row('of another type'), pending: { S: 'p' }, dueAt: { S: '1' } });
  const update = (change: DDB.GlobalSecondaryIndexUpdate) =>
    db.send(
      new DDB.UpdateTableCommand({
        TableName: 'orders',
        AttributeDefinitions: PENDING,
        GlobalSecondaryIndexUpdates: [change],
      }),
    );
  const names = async () => {
    const { Table } = await db.send(new DDB.DescribeTableCommand({ TableName: 'orders' }));
    return Table!.AttributeDefinitions!.map(({ AttributeName }) => AttributeName);
  };

  await update({ Create: pending() });
  expect(keys(await due(db))).toEqual(['a']);
  expect(await names()).toEqual(['pk', 'pending', 'dueAt']);
  await update({ Delete: { IndexName: 'pending' } });
  await expect(due(db)).rejects.toMatchObject({
    message: 'The table does not have the specified index: pending',
  });
  expect(await names()).toEqual(['pk']);
});

test('a local index fetches from its table what it does not hold, at a cost', async () => {
  const { db } = await withTable({
    sorted: true,
    AttributeDefinitions: [{ AttributeName: 'l', AttributeType: 'S' }],
    LocalSecondaryIndexes: [
      {
        IndexName: 'local',
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'l', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
  });
  const Item = { pk: { S: 'a' }, sk: { N: '1' }, l: { S: 'l' }, x: { S: 'x' } };
  await put(db, Item);
  const query = (more: Partial<DDB.QueryCommandInput>) =>
    db.send(
      new DDB.QueryCommand({
        TableName: 'orders',
        IndexName: 'local',
        KeyConditionExpression: 'pk = :pk AND begins_with(l, :l)',
        ExpressionAttributeValues: { ':pk': { S: 'a' }, ':l': { S: 'l' } },
        ReturnConsumedCapacity: 'INDEXES',
        ...more,
      }),
    );
  const { x: _, ...keysOnly } = Item;
  expect((await query({})).Items).toEqual([keysOnly]);
  expect(await query({ Select: 'ALL_ATTRIBUTES', ConsistentRead: true })).toMatchObject({
    Items: [Item],
    ConsumedCapacity: {
      CapacityUnits: 2,
      Table: { CapacityUnits: 1 },
      LocalSecondaryIndexes: { local: { CapacityUnits: 1 } },
    },
  });
});
