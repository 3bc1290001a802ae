/** Calls to the outside world, requests that wait for their reply, and marks that expire, in a deployed app: test/fixtures/card-desk. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { DisableRuleCommand, EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { App } from 'aws-cdk-lib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ambient, publish, REASON, requester } from '../../functions/runtime/index.ts';
import { startLocal, type Local } from '../../local/index.ts';
import { discover, type Discovered } from '../../operate/discovery.ts';
import { awsOf } from '../../operate/up/aws-of-local.ts';
import { CardCharged, ChargeCard } from '../fixtures/card-desk/contracts.ts';
import { DeskStack } from '../fixtures/card-desk/desk-stack.ts';
import { context } from '../infra/shopfront/index.ts';

let local: Local;
let folder: string;
let desk: Discovered;
let requests: ReturnType<typeof requester>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'desk-'));
  const app = new App({ outdir: folder, context: { ...context, 'aws:cdk:bundling-stacks': ['**'] } });
  void new DeskStack(app, 'desk');
  local = await startLocal({ region: 'us-east-1' });
  await local.deploy(app.synth().directory);
  desk = await discover(awsOf(local), { pipeline: 'desk' });
  const { clock } = local.world;
  requests = requester({
    queues: { 'card.charge': desk.commands['card.charge']!.queueUrl },
    sqs: local.client(SQSClient),
    ambient: {
      ...ambient,
      now: clock.now,
      after(ms, run) {
        const timer = clock.after(ms, run);
        return () => timer.cancel();
      },
    },
  });
}, 60_000);
afterEach(() => local.world.faults.set([]));
afterAll(async () => {
  await local.stop();
  rmSync(folder, { recursive: true });
});

const charge = (account: string, timeout = 3_600_000) =>
  local.world.clock.until(
    requests.request(ChargeCard({ account, cents: 5 }), { reply: CardCharged, timeout }),
  );

/** How often the bank took the money, by receipt. */
async function charges(): Promise<Record<string, number>> {
  const { Items = [] } = await local.client(DynamoDBClient).send(new ScanCommand({ TableName: 'bank' }));
  return Object.fromEntries(Items.map(({ id, charges }) => [id!.S!, Number(charges!.N)]));
}
async function item(pk: string) {
  const TableName = desk.consumers['receipts']!.table;
  const found = await local
    .client(DynamoDBClient)
    .send(new GetItemCommand({ TableName, Key: { pk: { S: pk } } }));
  return found.Item;
}
const receipts = async (account: string) => JSON.parse((await item(`a#${account}`))?.state?.S ?? '[]');

describe('a process that asks', () => {
  test('is answered by the consumer of the command', async () => {
    const { data, causationid } = await charge('asked');
    expect(data).toEqual({ account: 'asked', cents: 5, receipt: causationid });
    expect((await charges())[causationid!]).toBe(1);
  });

  test('is told when no answer came in time, which is then discarded', async () => {
    local.world.faults.set([{ fault: 'throttle', service: 'lambda', target: '*Cards*' }]);
    await expect(charge('slow', 5_000)).rejects.toMatchObject({ code: 'REPLY_TIMEOUT' });
    local.world.faults.set([]);
    await local.advance('30m');
    expect(await receipts('slow')).toHaveLength(1);
    const { data } = await charge('slow');
    await local.advance('1m');
    expect(await receipts('slow')).toContain(data.receipt);
  });
});

describe('a call to the outside world (F50)', () => {
  test('of which the answer was lost is asked after, and not made again', async () => {
    local.world.faults.set([{ fault: 'lost', service: 'dynamodb', operation: 'UpdateItem', times: 1 }]);
    const { data } = await charge('lost');
    expect((await charges())[data.receipt]).toBe(1);
  });

  test('I2: is made once, wherever its function crashes', async () => {
    local.world.faults.set([{ fault: 'crash', target: '*Cards*', times: 5 }]);
    const accounts = ['a', 'b', 'c', 'd', 'e'];
    const replies = await Promise.all(accounts.map((account) => charge(account)));
    const made = await charges();
    expect(replies.map(({ data }) => made[data.receipt])).toEqual([1, 1, 1, 1, 1]);
    expect(local.world.faults.declared()).toMatchObject([{ times: 0 }]);
  });
});

test('a mark goes behind its fence: a copy that comes later is dead-lettered as EXPIRED, never run (I11, F49)', async () => {
  const time = new Date(local.world.clock.now() - 28 * DAY_MS).toISOString();
  const charged = CardCharged({ account: 'kept', cents: 5, receipt: 'r-1' }, { time });
  const tell = async () => {
    await publish([charged], { bus: desk.bus, eventbridge: local.client(EventBridgeClient) });
    await local.advance('1m');
  };
  await tell();
  await tell();
  expect(await receipts('kept')).toEqual(['r-1']);
  expect(await item(`m#${charged.id}`)).toBeDefined();

  await stopSweeping();
  await local.advance('32d');
  expect(await item(`m#${charged.id}`)).toBeUndefined();
  await tell();
  expect(await receipts('kept')).toEqual(['r-1']);
  const { Messages = [] } = await local.client(SQSClient).send(
    new ReceiveMessageCommand({
      QueueUrl: desk.consumers['receipts']!.deadLetterUrls[0]!,
      MessageAttributeNames: ['All'],
    }),
  );
  expect(
    Messages.map(({ MessageAttributes }) => JSON.parse(MessageAttributes![REASON]!.StringValue!)),
  ).toMatchObject([{ code: 'EXPIRED', id: charged.id }]);
});

const DAY_MS = 86_400_000;

/** Nothing is left in any outbox, and a month has 44,640 minutes. */
async function stopSweeping(): Promise<void> {
  const events = local.client(EventBridgeClient);
  const { Rules = [] } = await events.send(new ListRulesCommand({}));
  for (const { Name } of Rules) await events.send(new DisableRuleCommand({ Name }));
}
