import {
  GetItemCommand,
  PutItemCommand,
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
