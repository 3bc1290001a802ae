import { readFileSync } from 'node:fs';
import { GetQueueAttributesCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PlaceOrder } from '../../functions/contracts/index.ts';
import type { CloudEvent } from '../../functions/runtime/contract/cloudevent.ts';
import { emit } from '../../operate/emit.ts';
import { readBooks } from '../../operate/summary/books.ts';
import { followed } from '../../operate/trace/tail.ts';
import { traceOf } from '../../operate/trace/trace.ts';
import { statusOf } from '../../operate/status/status.ts';
import { told } from '../operate/told.ts';
import { startOnlineShop, type Shop } from './shop.ts';
import { against } from './spillway.ts';

const ORDER = JSON.parse(readFileSync('docs/examples/order.place.json', 'utf8'));

let shop: Shop;
let env: Record<string, string>;
beforeAll(async () => {
  shop = await startOnlineShop();
  env = against(shop.local.world.endpoint());
}, 60_000);
afterAll(() => shop.local.stop());

/** What a person reads on the terminal; `code` is how the command ends. */
async function says(...args: string[]) {
  const { code, lines } = await told(args, env);
  return { code, text: lines.join('\n') };
}

const payments = () => shop.discovered.consumers['payments']!.queueUrls[0]!;
const setPolicy = (Policy: string) =>
  shop.aws(SQSClient).send(new SetQueueAttributesCommand({ QueueUrl: payments(), Attributes: { Policy } }));

describe('an event that a rule could not deliver', () => {
  let policy: string;
  let placed: CloudEvent;
  beforeAll(async () => {
    const asked = { QueueUrl: payments(), AttributeNames: ['Policy' as const] };
    const { Attributes } = await shop.aws(SQSClient).send(new GetQueueAttributesCommand(asked));
    policy = Attributes!['Policy']!;
    await setPolicy('');
    placed = await emit(shop.aws, async () => shop.discovered, PlaceOrder, { ...ORDER, orderId: 'R-1' });
    await shop.quiet();
    await shop.local.advance('2m');
  }, 60_000);

  test('is counted and explained', async () => {
    expect((await says('dlq', 'ls')).text).toMatch(/payments +rule +order\.placed +UNDELIVERED +1 /);
    expect((await says('dlq', 'show', 'payments')).text).toContain('UNDELIVERED: NO_PERMISSIONS');
  });

  test('raises alarms; the status says so, and how everybody else does', async () => {
    const { aws, discovered, local } = shop;
    const { consumers, alarms } = await statusOf(aws, discovered, local.world.clock.now());
    const quiet = { waiting: 0, inFlight: 0, unpublished: 0 };
    expect(consumers).toContainEqual({ consumer: 'payments', ...quiet, deadLetters: 1 });
    expect(consumers).toContainEqual({
      consumer: 'checkout',
      ...quiet,
      deadLetters: 0,
      received: 1,
      success: 1,
    });
    expect(alarms.map(({ runbook }) => runbook)).toEqual([
      expect.stringContaining(
        'payments: EventBridge could not deliver an event. `spillway dlq show payments`',
      ),
      expect.stringContaining('payments: EventBridge gave up'),
    ]);
  });

  test('is found by the command that caused it, as what was applied is', async () => {
    const { lines, applied, letters } = await traceOf(shop.aws, shop.discovered, placed.id, 0);
    expect(lines.map(({ consumer, type }) => `${consumer} ${type}`)).toContain('inventory order.placed');
    expect(applied).toEqual([{ consumer: 'checkout', at: expect.any(String) }]);
    expect(letters).toMatchObject([
      { queue: { owner: 'payments', kind: 'rule' }, reason: { code: 'UNDELIVERED' } },
    ]);
  });

  test('is brought back, and the books balance (F37, I7)', async () => {
    await setPolicy(policy);
    expect(await says('dlq', 'redrive', 'payments', '--yes')).toMatchObject({ code: 0 });
    await shop.quiet();
    expect(await readBooks(shop.aws, shop.discovered)).toMatchObject({ shipped: 1, captured: ORDER.total });
    const { text } = await says('trace', placed.id, '--since', '1970-01-02');
    expect(text).toMatch(/checkout +order.place +committed [^]*shipping +payment.captured +committed/);
    expect(text).toContain(`${placed.id} was applied by checkout (`);
  });
});

test('what is known of no message is not found', async () => {
  expect(await says('trace', 'nobody-knows')).toEqual({
    code: 4,
    text: expect.stringContaining('Nothing is known of nobody-knows'),
  });
});

test('what consumers do is told as it comes, each line once', async () => {
  const { aws, discovered, local } = shop;
  await emit(aws, async () => discovered, PlaceOrder, { ...ORDER, orderId: 'R-2' });
  const told: string[] = [];
  let looks = 0;
  const following = {
    since: local.world.clock.now(),
    stopped: () => looks++ > 30,
    wait: () => local.advance('1s'),
  };
  for await (const { consumer, type, id } of followed(aws, discovered, following))
    told.push(`${consumer} ${type} ${id}`);
  expect(told[0]).toContain('checkout order.place');
  expect(told.join()).toContain('shipping payment.captured');
  expect(new Set(told).size).toBe(told.length);
});
