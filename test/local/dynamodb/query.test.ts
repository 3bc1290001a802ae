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

test('strings are ordered by their UTF-8 bytes', async () => {
  const { db } = await withTable({
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'name', KeyType: 'RANGE' },
    ],
    AttributeDefinitions: [{ AttributeName: 'name', AttributeType: 'S' }],
  });
  const names = ['\uffff', '\u{10000}', 'z', 'a', 'Z', 'é'];
  await items(
    db,
    names.map((S) => ({ pk: { S: 'a' }, name: { S } })),
  );
  const { Items } = await db.send(query('pk = :pk'));
  expect(Items!.map(({ name }) => name!.S)).toEqual(['Z', 'a', 'z', 'é', '\uffff', '\u{10000}']);
});

test('a page ends after the item that brings it to 1 MB', async () => {
  const { db } = await withTable({ sorted: true });
  const x = { S: 'x'.repeat(300 * 1024) };
  await items(
    db,
    of('a', '1', '2', '3', '4', '5').map((item) => ({ ...item, x })),
  );
  const first = await db.send(query('pk = :pk'));
  expect(numbers(first)).toEqual(['1', '2', '3', '4']);
  const { LastEvaluatedKey: ExclusiveStartKey } = first;
  expect(numbers(await db.send(query('pk = :pk', [], { ExclusiveStartKey })))).toEqual(['5']);
});

test('a filter is applied to what a page has read', async () => {
  const { db } = await withTable({ sorted: true });
  await items(
    db,
    of('a', '1', '2', '3').map((item, i) => ({ ...item, odd: { BOOL: i % 2 === 0 } })),
  );
  const page = await db.send(
    new DDB.QueryCommand({
      TableName: 'orders',
      KeyConditionExpression: 'pk = :pk',
      FilterExpression: 'odd = :odd',
      ExpressionAttributeValues: { ':pk': { S: 'a' }, ':odd': { BOOL: true } },
      Limit: 2,
    }),
  );
  expect(page).toMatchObject({ Count: 1, ScannedCount: 2, LastEvaluatedKey: { sk: { N: '2' } } });
});

test.each<[string, Partial<DDB.QueryCommandInput>, string]>([
  ['sk = :0', {}, 'Query condition missed key schema element: pk'],
  ['pk > :pk AND sk = :0', {}, 'Query key condition not supported'],
  ['pk = :pk OR sk = :0', {}, 'Invalid operator used in KeyConditionExpression: OR'],
  ['pk = :pk AND x = :0', {}, 'Query condition missed key schema element: sk'],
  [
    'pk = :0',
    {},
    'One or more parameter values were invalid: Condition parameter type does not match schema type',
  ],
  ['pk = :pk', { IndexName: 'nope' }, 'The table does not have the specified index: nope'],
  [
    'pk = :pk',
    { FilterExpression: 'attribute_exists(sk)' },
    'Filter Expression can only contain non-primary key attributes: Primary key attribute: sk',
  ],
  [
    'pk = :pk',
    { ExclusiveStartKey: { pk: { S: 'b' }, sk: { N: '1' } } },
    'The provided starting key is outside query boundaries based on provided conditions',
  ],
  ['pk = :pk', { ExclusiveStartKey: { pk: { S: 'a' } } }, 'The provided starting key is invalid'],
  [
    'pk = :pk',
    { Select: 'COUNT', ProjectionExpression: 'x' },
    'Cannot specify the ProjectionExpression when choosing to get only the Count',
  ],
])('Query %s with %j is refused in the words of AWS', async (condition, more, message) => {
  const { db } = await withTable({ sorted: true });
  const ExpressionAttributeValues = {
    ...(condition.includes(':pk') ? { ':pk': { S: 'a' } } : {}),
    ...(condition.includes(':0') ? { ':0': { N: '1' } } : {}),
  };
  const command = query(condition, [], { ExpressionAttributeValues, ...more });
  await expect(db.send(command)).rejects.toMatchObject({ name: 'ValidationException', message });
});

test('the segments of a scan, page by page, are all items once', async () => {
  const { db } = await withTable();
  const all = Array.from({ length: 50 }, (_, i) => `key-${i}`);
  await items(
    db,
    all.map((S) => ({ pk: { S } })),
  );
  const found: string[] = [];
  for (const Segment of [0, 1, 2]) {
    let ExclusiveStartKey: Record<string, DDB.AttributeValue> | undefined;
    do {
      const input = { TableName: 'orders', TotalSegments: 3, Segment, Limit: 7 };
      const page = await db.send(
        new DDB.ScanCommand(ExclusiveStartKey ? { ...input, ExclusiveStartKey } : input),
      );
      found.push(...page.Items!.map(({ pk }) => pk!.S!));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
  }
  expect(found.toSorted()).toEqual(all.toSorted());
});
