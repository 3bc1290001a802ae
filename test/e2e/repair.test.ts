import { readFileSync } from 'node:fs';
import { GetQueueAttributesCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PlaceOrder } from '../../functions/contracts/index.ts';
import { emit } from '../../operate/emit.ts';
import { readBooks } from '../../operate/summary/books.ts';
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

test('events that a rule could not deliver are found, explained and brought back, and the books balance (F37, I7)', async () => {
  const sqs = shop.aws(SQSClient);
  const QueueUrl = shop.discovered.consumers['payments']!.queueUrls[0]!;
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['Policy'] }),
  );
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy: '' } }));
  await emit(shop.aws, async () => shop.discovered, PlaceOrder, { ...ORDER, orderId: 'R-1' });
  await shop.quiet();

  expect((await says('dlq', 'ls')).text).toMatch(/payments +rule +order\.placed +UNDELIVERED +1 /);
  expect((await says('dlq', 'show', 'payments')).text).toContain('UNDELIVERED: NO_PERMISSIONS');
  await shop.local.advance('2m');
  const { consumers, alarms } = await statusOf(shop.aws, shop.discovered, shop.local.world.clock.now());
  expect(consumers).toContainEqual(
    expect.objectContaining({ consumer: 'payments', waiting: 0, deadLetters: 1 }),
  );
  expect(consumers).toContainEqual({
    consumer: 'checkout',
    waiting: 0,
    inFlight: 0,
    deadLetters: 0,
    unpublished: 0,
    received: 1,
    success: 1,
  });
  expect(alarms.map(({ runbook }) => runbook)).toEqual([
    expect.stringContaining('payments: EventBridge could not deliver an event. `spillway dlq show payments`'),
    expect.stringContaining('payments: EventBridge gave up'),
  ]);

  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy: Attributes!['Policy'] } }));
  const back = await says('dlq', 'redrive', 'payments', '--yes');
  expect(back.code).toBe(0);
  await shop.quiet();
  expect(await readBooks(shop.aws, shop.discovered)).toMatchObject({ shipped: 1, captured: ORDER.total });
});
