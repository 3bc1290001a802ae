import * as DDB from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { withTable } from './fixture.ts';

const items = async (db: DDB.DynamoDBClient, list: Record<string, DDB.AttributeValue>[]) => {
  for (const Item of list) await db.send(new DDB.PutItemCommand({ TableName: 'orders', Item }));
};
const numbers = ({ Items }: { Items?: Record<string, DDB.AttributeValue>[] | undefined }) =>
  Items!.map(({ sk }) => sk!.N);
const of = (pk: string, ...numbers: string[]) => numbers.map((N) => ({ pk: { S: pk }, sk: { N } }));

const query = (KeyConditionExpression: string, sk: string[] = [], more: object = {}) =>
  new DDB.QueryCommand({
    TableName: 'orders',
    KeyConditionExpression,
    ExpressionAttributeValues: {
      ':pk': { S: 'a' },
      ...Object.fromEntries(sk.map((N, i) => [`:${i}`, { N }])),
    },
    ...more,
  });

test.each([
  ['pk = :pk', [], ['-10', '-1.5', '0', '2', '10']],
  ['pk = :pk AND sk = :0', ['2.0'], ['2']],
  ['pk = :pk AND sk < :0', ['0'], ['-10', '-1.5']],
  ['pk = :pk AND sk <= :0', ['0'], ['-10', '-1.5', '0']],
  ['pk = :pk AND sk > :0', ['0'], ['2', '10']],
  ['pk = :pk AND sk >= :0', ['0'], ['0', '2', '10']],
  ['pk = :pk AND sk BETWEEN :0 AND :1', ['-2', '2'], ['-1.5', '0', '2']],
  ['pk = :pk AND :0 < sk', ['0'], ['2', '10']],
])('Query %s gives items in the order of their numbers', async (condition, values, expected) => {
  const { db } = await withTable({ sorted: true });
  await items(db, [...of('a', '10', '-1.5', '0', '2', '-10'), ...of('b', '1')]);

  expect(numbers(await db.send(query(condition, values)))).toEqual(expected);
  const backwards = await db.send(query(condition, values, { ScanIndexForward: false }));
  expect(numbers(backwards)).toEqual(expected.toReversed());
});

test('pages follow each other by LastEvaluatedKey, in both directions, also when the key is gone', async () => {
  const { db } = await withTable({ sorted: true });
  await items(db, of('a', '1', '2', '3', '4', '5'));
  for (const ScanIndexForward of [true, false]) {
    const first = await db.send(query('pk = :pk', [], { Limit: 2, ScanIndexForward }));
    const Key = first.LastEvaluatedKey!;
    await db.send(new DDB.DeleteItemCommand({ TableName: 'orders', Key }));
    const rest = await db.send(query('pk = :pk', [], { ExclusiveStartKey: Key, ScanIndexForward }));
    expect(numbers(rest)).toEqual(ScanIndexForward ? ['3', '4', '5'] : ['3', '1']);
    expect(rest.LastEvaluatedKey).toBeUndefined();
  }
});
