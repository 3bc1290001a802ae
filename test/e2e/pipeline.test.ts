import { readFileSync } from 'node:fs';
import { CloudWatchClient, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import {
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PlaceOrder } from '../../functions/contracts/index.ts';
import { REASON } from '../../functions/runtime/index.ts';
import { emit } from '../../operate/emit.ts';
import { readBooks } from '../../operate/summary/books.ts';
import { shownBy } from './dashboard.ts';
import { startShop, type Shop } from './shop.ts';

const ORDER = JSON.parse(readFileSync('docs/examples/order.place.json', 'utf8'));

/** One that notifications hear of. */
const LARGE = { lines: [{ ...ORDER.lines[0], quantity: 5, amount: 6_549_000 }], total: 6_549_000 };

let shop: Shop;
beforeAll(async () => {
  shop = await startShop();
}, 60_000);
afterAll(() => shop.local.stop());

const place = (changes: object, id?: string) =>
  emit(shop.aws, async () => shop.discovered, PlaceOrder, { ...ORDER, ...changes }, id);
const books = () => readBooks(shop.aws, shop.discovered);

describe('an order goes through commands, rules, queues and functions of the deployed app', () => {
  test('and comes out shipped, paid and posted', async () => {
    const before = await books();
    await place({ orderId: 'E2E-1' });
    await shop.quiet();
    const after = await books();
    expect(after.shipped - before.shipped).toBe(1);
    expect(after.captured - before.captured).toBe(ORDER.total);
    expect(after.revenue - before.revenue).toBe(ORDER.total);
    expect(after.debits).toBe(after.credits);
  });

  test('whose stock is short is refunded and cancelled', async () => {
    const before = await books();
    const lines = [{ ...ORDER.lines[0], productId: 'FUR-BO-10000013' }];
    await place({ orderId: 'E2E-2', lines, total: lines[0].amount });
    await shop.quiet();
    const after = await books();
    expect(after.cancelled - before.cancelled).toBe(1);
    expect(after.refunded - before.refunded).toBe(lines[0].amount);
    expect(after.revenue).toBe(before.revenue);
    expect(after.deposits).toBe(0);
  });

  test('sent twice with one id takes effect once, even after the deduplication window of SQS (I2)', async () => {
    const before = await books();
    await place({ orderId: 'E2E-3' }, 'the-same-id');
    await shop.quiet();
    await shop.local.advance('6m');
    await place({ orderId: 'E2E-3' }, 'the-same-id');
    await shop.quiet();
    const after = await books();
    expect(after.placed - before.placed).toBe(1);
    expect(after.captured - before.captured).toBe(ORDER.total);
  });
});

test('the dashboard shows throughput, success, availability and the parts of latency of each consumer', async () => {
  await place({ orderId: 'E2E-5', ...LARGE });
  await shop.quiet();
  await shop.local.advance('1m');
  const { relay, 'checkout API': _api, ...consumers } = await shownBy(shop);
  expect(Object.keys(consumers).toSorted()).toEqual(Object.keys(shop.discovered.consumers));
  for (const [name, row] of Object.entries(consumers)) {
    const { Throughput, 'Success and availability, %': shares, 'Latency p99': latency } = row;
    expect(Throughput, name).toEqual([Throughput![0], Throughput![0]]);
    expect(sum(Throughput![0]!), name).toBeGreaterThan(0);
    for (const share of shares!) expect(new Set(share), name).toEqual(new Set([100]));
    expect(
      latency!.map((line) => line.length > 0),
      name,
    ).toEqual([true, true, true]);
    expect(
      row['Backlog']!.every((line) => line.length > 0),
      name,
    ).toBe(true);
  }
  expect(sum(relay!['Throughput']![0]!)).toBeGreaterThan(0);
  expect(relay!['Lag']!.every((line) => line.length > 0)).toBe(true);
});

test('the metrics of a pipeline are told from those of another, in whatever stage', async () => {
  const { Metrics = [] } = await shop
    .aws(CloudWatchClient)
    .send(new ListMetricsCommand({ Namespace: 'Spillway' }));
  expect(Metrics.length).toBeGreaterThan(0);
  for (const { Dimensions = [], MetricName } of Metrics) {
    const whose = Dimensions.find(({ Name }) => Name === 'Bus' || Name === 'Relay')!;
    const { bus, relay } = shop.discovered;
    expect(whose.Value, MetricName).toBe(whose.Name === 'Bus' ? bus : relay);
  }
});

const sum = (values: number[]) => values.reduce((all, value) => all + value, 0);

describe('a command that can not be read', () => {
  test('is in the dead-letter queue with its reason after one attempt (B41, F31)', async () => {
    const { queueUrl } = shop.discovered.commands['order.place']!;
    const deadLetterUrl = shop.discovered.consumers['checkout']!.deadLetterUrls[0]!;
    const sqs = shop.aws(SQSClient);
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: '{"orderId":',
        MessageGroupId: 'g',
        MessageDeduplicationId: 'bad-1',
      }),
    );
    await shop.quiet();
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: deadLetterUrl, MessageAttributeNames: ['All'] }),
    );
    expect(Messages).toHaveLength(1);
    expect(Messages[0]!.Body).toBe('{"orderId":');
    const reason = JSON.parse(Messages[0]!.MessageAttributes![REASON]!.StringValue!);
    expect(reason).toMatchObject({ code: 'BODY_NOT_JSON', consumer: 'checkout', receives: 1 });
  });

  test('does not hold up the orders of the same customer', async () => {
    const before = await books();
    const { queueUrl } = shop.discovered.commands['order.place']!;
    await shop.aws(SQSClient).send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: 'no JSON at all',
        MessageGroupId: ORDER.customerId,
        MessageDeduplicationId: 'bad-2',
      }),
    );
    await place({ orderId: 'E2E-4' });
    await shop.quiet();
    expect((await books()).shipped - before.shipped).toBe(1);
  });
});

test('nothing is left anywhere: every queue of a consumer is empty but for the two letters above', async () => {
  const { consumers } = shop.discovered;
  const urls = Object.values(consumers).flatMap(({ queueUrls, deadLetterUrls, ruleDeadLetterUrl }) => [
    ...queueUrls,
    ...deadLetterUrls,
    ...(ruleDeadLetterUrl ? [ruleDeadLetterUrl] : []),
  ]);
  const depths = await Promise.all(
    urls.map(async (QueueUrl) =>
      Number(
        (
          await shop
            .aws(SQSClient)
            .send(
              new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
            )
        ).Attributes!['ApproximateNumberOfMessages'],
      ),
    ),
  );
  expect(depths.reduce((sum, depth) => sum + depth, 0)).toBeLessThanOrEqual(2);
});
