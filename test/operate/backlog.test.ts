import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLocal, type Local } from '../../local/index.ts';
import { backlog } from '../../operate/backlog.ts';
import { awsOf } from '../../operate/up/aws-of-local.ts';
import { outboxTable } from './outbox-table.ts';

let local: Local;
beforeAll(async () => {
  local = await startLocal();
});
afterAll(() => local.stop());

test('an outbox row counts as unpublished while it waits, and one for later from its moment on', async () => {
  const table = await outboxTable(local);
  const discovered = {
    bus: 'bus',
    commands: {},
    consumers: { payments: { function: 'f', table, queueUrls: [], deadLetterUrls: [], on: [] } },
  };
  const now = local.world.clock.now();
  const row = (pk: string, pending: string, dueAt: number) =>
    local.client(DynamoDBClient).send(
      new PutItemCommand({
        TableName: table,
        Item: { pk: { S: pk }, pending: { S: pending }, dueAt: { N: String(dueAt) } },
      }),
    );
  await row('o#1', 'now', now);
  await row('o#2', 'later', now + 60_000);
  expect((await backlog(awsOf(local), discovered, now)).unpublished).toBe(1);
  expect((await backlog(awsOf(local), discovered, now + 60_000)).unpublished).toBe(2);
});
