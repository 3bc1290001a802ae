import {
  GetItemCommand,
  PutItemCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  type TransactWriteItem,
} from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { withTable } from './fixture.ts';

const put = (pk: string, more: object = {}): TransactWriteItem => ({
  Put: { TableName: 'orders', Item: { pk: { S: pk } }, ...more },
});
const ifNew = { ConditionExpression: 'attribute_not_exists(pk)' };
const get = (pk: string) => new GetItemCommand({ TableName: 'orders', Key: { pk: { S: pk } } });

test('F06 a transaction whose condition fails writes nothing and says which item failed', async () => {
  const { db } = await withTable();
  await db.send(new PutItemCommand({ TableName: 'orders', Item: { pk: { S: 'b' }, n: { N: '1' } } }));

  const refused = db.send(
    new TransactWriteItemsCommand({
      TransactItems: [put('a'), put('b', { ...ifNew, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' })],
    }),
  );

  await expect(refused).rejects.toMatchObject({
    name: 'TransactionCanceledException',
    message:
      'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]',
    CancellationReasons: [
      { Code: 'None' },
      {
        Code: 'ConditionalCheckFailed',
        Message: 'The conditional request failed',
        Item: { pk: { S: 'b' }, n: { N: '1' } },
      },
    ],
  });
  expect((await db.send(get('a'))).Item).toBeUndefined();
});

const transact = (TransactItems: TransactWriteItem[], more: object = {}) =>
  new TransactWriteItemsCommand({ TransactItems, ...more });

test('a transaction with a condition check, an update and a deletion does all of it', async () => {
  const { db } = await withTable();
  await db.send(transact([put('a'), put('b'), put('c')]));
  const Key = (pk: string) => ({ TableName: 'orders', Key: { pk: { S: pk } } });
  await db.send(
    transact([
      { ConditionCheck: { ...Key('a'), ConditionExpression: 'attribute_exists(pk)' } },
      {
        Update: {
          ...Key('b'),
          UpdateExpression: 'SET n = :n',
          ExpressionAttributeValues: { ':n': { N: '1' } },
        },
      },
      { Delete: Key('c') },
    ]),
  );
  expect((await db.send(get('b'))).Item).toEqual({ pk: { S: 'b' }, n: { N: '1' } });
  expect((await db.send(get('c'))).Item).toBeUndefined();
});

test('an update that does not fit the item cancels the transaction with ValidationError', async () => {
  const { db } = await withTable();
  const Update = { TableName: 'orders', Key: { pk: { S: 'b' } }, UpdateExpression: 'SET a = b' };
  await expect(db.send(transact([put('a'), { Update }]))).rejects.toMatchObject({
    CancellationReasons: [
      { Code: 'None' },
      {
        Code: 'ValidationError',
        Message: 'The provided expression refers to an attribute that does not exist in the item',
      },
    ],
  });
  expect((await db.send(get('a'))).Item).toBeUndefined();
});

test('a ClientRequestToken makes a transaction happen once in ten minutes', async () => {
  const { aws, db } = await withTable();
  const once = () => transact([put('a', ifNew)], { ClientRequestToken: 'token' });
  await db.send(once());
  await aws.advance('9m');
  await expect(db.send(once())).resolves.toBeDefined();
  await expect(db.send(transact([put('b')], { ClientRequestToken: 'token' }))).rejects.toMatchObject({
    name: 'IdempotentParameterMismatchException',
  });
  await aws.advance('1m');
  await expect(db.send(once())).rejects.toMatchObject({ name: 'TransactionCanceledException' });
});

test('a transaction that was cancelled may be tried again with its token', async () => {
  const { db } = await withTable();
  await db.send(transact([put('a')]));
  const again = () => transact([put('a', ifNew)], { ClientRequestToken: 'token' });
  await expect(db.send(again())).rejects.toMatchObject({ name: 'TransactionCanceledException' });
  await expect(db.send(again())).rejects.toMatchObject({ name: 'TransactionCanceledException' });
});

const many = (count: number) => Array.from({ length: count }, (_, i) => put(`item-${i}`));
const heavy = (count: number): TransactWriteItem[] =>
  Array.from({ length: count }, (_, i) => ({
    Put: { TableName: 'orders', Item: { pk: { S: `${i}` }, x: { S: 'x'.repeat(390 * 1024) } } },
  }));

test.each([
  [
    'one item twice',
    [put('a'), put('a')],
    'Transaction request cannot include multiple operations on one item',
  ],
  [
    'more than 100 items',
    many(101),
    "at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to 100",
  ],
  ['more than 4 MB', heavy(11), 'Collection size of items in a transaction cannot exceed 4MB'],
  [
    'two actions in one',
    [{ ...put('a'), Delete: { TableName: 'orders', Key: { pk: { S: 'b' } } } }],
    'TransactItems can only contain one of Check, Put, Update or Delete',
  ],
])('a transaction with %s is refused', async (_, items, message) => {
  const { db } = await withTable();
  await expect(db.send(transact(items))).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining(message),
  });
});

test('TransactGetItems reads several items, one empty answer for each that is not there', async () => {
  const { db } = await withTable();
  await db.send(transact([put('a')]));
  const { Responses } = await db.send(
    new TransactGetItemsCommand({
      TransactItems: ['a', 'b'].map((pk) => ({ Get: { TableName: 'orders', Key: { pk: { S: pk } } } })),
    }),
  );
  expect(Responses).toEqual([{ Item: { pk: { S: 'a' } } }, {}]);
});
