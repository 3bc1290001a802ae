import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { backlog } from '../../operate/backlog.ts';
import { awsOf } from '../../operate/up/aws-of-local.ts';
import { startRig, type Rig } from '../runtime/rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.stop());

test('an outbox row counts as unpublished while it waits, and one for later from its moment on', async () => {
  const consumer = { function: 'f', table: 'table', queueUrls: [], deadLetterUrls: [], on: [] };
  const discovered = { bus: 'bus', commands: {}, consumers: { payments: consumer }, apis: {} };
  const now = rig.aws.world.clock.now();
  const row = (pk: string, pending: string, dueAt: number) =>
    rig.dynamodb.send(
      new PutItemCommand({
        TableName: 'table',
        Item: { pk: { S: pk }, pending: { S: pending }, dueAt: { N: String(dueAt) } },
      }),
    );
  await row('o#1', 'now', now);
  await row('o#2', 'later', now + 60_000);
  expect((await backlog(awsOf(rig.aws), discovered, now)).unpublished).toBe(1);
  expect((await backlog(awsOf(rig.aws), discovered, now + 60_000)).unpublished).toBe(2);
});
