import * as DDB from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { withTable } from './fixture.ts';

const TableName = 'orders';
const Key = { pk: { S: 'a' } };
const ITEM = {
  ...Key,
  s: { S: 'é\u{10000}' },
  n: { N: '-1.5' },
  b: { B: Uint8Array.of(0, 255) },
  bool: { BOOL: false },
  nothing: { NULL: true },
  ss: { SS: ['b', 'a'] },
  ns: { NS: ['1', '2'] },
  bs: { BS: [Uint8Array.of(1)] },
  l: { L: [{ S: '' }, { M: {} }] },
  m: { M: { deep: { L: [{ N: '1' }] } } },
};

test('PutItem keeps every type, GetItem gives it back, DeleteItem takes it away', async () => {
  const { db } = await withTable();
  await db.send(new DDB.PutItemCommand({ TableName, Item: ITEM }));
  const get = new DDB.GetItemCommand({ TableName, Key, ConsistentRead: true });
  expect((await db.send(get)).Item).toEqual(ITEM);
  const { Attributes } = await db.send(
    new DDB.DeleteItemCommand({ TableName, Key, ReturnValues: 'ALL_OLD' }),
  );
  expect(Attributes).toEqual(ITEM);
  expect((await db.send(get)).Item).toBeUndefined();
});

test('UpdateItem makes the item that is missing', async () => {
  const { db } = await withTable();
  const { Attributes } = await db.send(
    new DDB.UpdateItemCommand({
      TableName,
      Key,
      UpdateExpression: 'ADD n :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
      ReturnValues: 'ALL_NEW',
    }),
  );
  expect(Attributes).toEqual({ ...Key, n: { N: '1' } });
});

test('a condition that fails leaves the item, and shows it when asked', async () => {
  const { db } = await withTable();
  await db.send(new DDB.PutItemCommand({ TableName, Item: { ...Key, n: { N: '1' } } }));
  const put = new DDB.PutItemCommand({
    TableName,
    Item: Key,
    ConditionExpression: 'attribute_not_exists(pk)',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  await expect(db.send(put)).rejects.toMatchObject({
    name: 'ConditionalCheckFailedException',
    message: 'The conditional request failed',
    Item: { ...Key, n: { N: '1' } },
  });
  expect((await db.send(new DDB.GetItemCommand({ TableName, Key }))).Item).toEqual({ ...Key, n: { N: '1' } });
});

describe('an item is refused', () => {
  const nested = (levels: number): DDB.AttributeValue =>
    levels === 0 ? { S: '' } : { L: [nested(levels - 1)] };
  const large = (bytes: number) => ({ ...Key, x: { S: 'x'.repeat(bytes - 'pkax'.length) } });

  test.each<[string, Record<string, DDB.AttributeValue>, string]>([
    [
      'without its key',
      { x: { S: 'a' } },
      'One or more parameter values were invalid: Missing the key pk in the item',
    ],
    [
      'with a key of another type',
      { pk: { N: '1' } },
      'One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N',
    ],
    [
      'with an empty key',
      { pk: { S: '' } },
      'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk',
    ],
    [
      'with a hash key over 2048 bytes',
      { pk: { S: 'é'.repeat(1025) } },
      'One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes',
    ],
    ['over 400 KB', large(400 * 1024 + 1), 'Item size has exceeded the maximum allowed size'],
    [
      'with a value of two types',
      { ...Key, x: { S: 'a', N: '1' } as never },
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    ],
    [
      'with a set that repeats a member',
      { ...Key, x: { SS: ['a', 'a'] } },
      'One or more parameter values were invalid: Input collection [a, a] contains duplicates.',
    ],
    [
      'with a number set that repeats a number',
      { ...Key, x: { NS: ['1', '1.0'] } },
      'Input collection contains duplicates',
    ],
    [
      'nested deeper than 32 levels',
      { ...Key, x: nested(32) },
      'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit',
    ],
    [
      'with a null that is none',
      { ...Key, x: { NULL: false } },
      'One or more parameter values were invalid: Null attribute value types must have the value of true',
    ],
  ])('%s', async (_, Item, message) => {
    const { db } = await withTable();
    await expect(db.send(new DDB.PutItemCommand({ TableName, Item }))).rejects.toMatchObject({
      name: 'ValidationException',
      message,
    });
  });

  test('but not at 400 KB or 32 levels', async () => {
    const { db } = await withTable();
    await db.send(new DDB.PutItemCommand({ TableName, Item: { ...Key, x: nested(31) } }));
    await db.send(new DDB.PutItemCommand({ TableName, Item: large(400 * 1024) }));
    const more = new DDB.UpdateItemCommand({
      TableName,
      Key,
      UpdateExpression: 'SET y = :y',
      ExpressionAttributeValues: { ':y': { BOOL: true } },
    });
    await expect(db.send(more)).rejects.toMatchObject({
      message: 'Item size to update has exceeded the maximum allowed size',
    });
  });
});

test('a key that does not fit the table is refused', async () => {
  const { db } = await withTable();
  const keys: Record<string, DDB.AttributeValue>[] = [{}, { pk: { N: '1' } }, { ...Key, x: { S: 'x' } }];
  for (const key of keys)
    await expect(db.send(new DDB.GetItemCommand({ TableName, Key: key }))).rejects.toMatchObject({
      message: 'The provided key element does not match the schema',
    });
});

test('a table that is not there is refused', async () => {
  const { db } = await withTable();
  await expect(db.send(new DDB.GetItemCommand({ TableName: 'other', Key }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'Requested resource not found',
  });
});

test('parameters that expressions replaced are refused by name', async () => {
  const { db } = await withTable();
  const put = new DDB.PutItemCommand({ TableName, Item: Key, Expected: { pk: { Exists: false } } });
  await expect(db.send(put)).rejects.toMatchObject({
    name: 'NotImplemented',
    message: expect.stringContaining('Expected of dynamodb:PutItem'),
  });
});

describe('ReturnConsumedCapacity', () => {
  const TOTAL = { ReturnConsumedCapacity: 'TOTAL' } as const;

  test('counts a unit for each KB written and each 4 KB read, half of it for an eventually consistent read', async () => {
    const { db } = await withTable();
    const Item = { ...Key, x: { S: 'x'.repeat(5000) } };
    const put = await db.send(new DDB.PutItemCommand({ TableName, Item, ...TOTAL }));
    expect(put.ConsumedCapacity).toEqual({ TableName, CapacityUnits: 5 });
    for (const [ConsistentRead, CapacityUnits] of [
      [true, 2],
      [false, 1],
    ] as const) {
      const get = await db.send(new DDB.GetItemCommand({ TableName, Key, ConsistentRead, ...TOTAL }));
      expect(get.ConsumedCapacity).toEqual({ TableName, CapacityUnits });
    }
    const smaller = await db.send(new DDB.PutItemCommand({ TableName, Item: Key, ...TOTAL }));
    expect(smaller.ConsumedCapacity).toEqual({ TableName, CapacityUnits: 5 });
  });

  test('counts a transaction twice', async () => {
    const { db } = await withTable();
    const { ConsumedCapacity } = await db.send(
      new DDB.TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName, Item: Key } }], ...TOTAL }),
    );
    expect(ConsumedCapacity).toEqual([{ TableName, CapacityUnits: 2, WriteCapacityUnits: 2 }]);
  });
});
