import * as DDB from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { withTable } from './fixture.ts';

const keys = (count: number) => Array.from({ length: count }, (_, i) => ({ pk: { S: `${i}` } }));
const writes = (orders: DDB.WriteRequest[]) => new DDB.BatchWriteItemCommand({ RequestItems: { orders } });
const puts = (count: number) => keys(count).map((Item) => ({ PutRequest: { Item } }));
const reads = (Keys: Record<string, DDB.AttributeValue>[]) =>
  new DDB.BatchGetItemCommand({ RequestItems: { orders: { Keys } } });

test('BatchWriteItem puts and deletes, BatchGetItem gives what is there', async () => {
  const { db } = await withTable();
  await db.send(writes(puts(3)));
  await db.send(writes([{ DeleteRequest: { Key: { pk: { S: '0' } } } }, ...puts(5).slice(4)]));
  const { Responses, UnprocessedKeys } = await db.send(reads(keys(6)));
  expect(Responses!['orders']!.map(({ pk }) => pk!.S)).toEqual(['1', '2', '4']);
  expect(UnprocessedKeys).toEqual({});
});

test('what would make an answer larger than 16 MB is handed back', async () => {
  const { db } = await withTable();
  const x = { S: 'x'.repeat(399 * 1024) };
  for (const key of keys(45))
    await db.send(new DDB.PutItemCommand({ TableName: 'orders', Item: { ...key, x } }));
  const { Responses, UnprocessedKeys } = await db.send(reads(keys(45)));
  expect(Responses!['orders']).toHaveLength(41);
  expect(UnprocessedKeys!['orders']!.Keys).toEqual(keys(45).slice(41));
});

test('more than 25 writes, 100 reads, or the same item twice are refused', async () => {
  const { db } = await withTable();
  const refusal = (message: string) => ({ name: 'ValidationException', message });
  await expect(db.send(writes(puts(26)))).rejects.toMatchObject(
    refusal('Too many items requested for the BatchWriteItem call'),
  );
  await expect(db.send(reads(keys(101)))).rejects.toMatchObject(
    refusal('Too many items requested for the BatchGetItem call'),
  );
  const twice = refusal('Provided list of item keys contains duplicates');
  await expect(db.send(writes([...puts(1), ...puts(1)]))).rejects.toMatchObject(twice);
  await expect(db.send(reads([...keys(1), ...keys(1)]))).rejects.toMatchObject(twice);
});
