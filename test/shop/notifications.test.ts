import { expect, test } from 'vitest';
import { handler } from '../../functions/notifications/handler.ts';
import { deliver } from '../../functions/runtime/deliver.ts';
import { orderPlaced } from './messages.ts';

test('a notice names the order and its sum, and not the customer', async () => {
  const lines: string[] = [];
  const { outcome } = await deliver(handler, orderPlaced(), undefined, {
    now: () => 0,
    write: (line) => lines.push(line),
  });
  expect(outcome).toBe('committed');
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { notice: 'order of 19.9800 USD placed', orderId: 'CA-1' },
  ]);
});

test('only large orders are listened to', () => {
  expect(handler.definition.on.map(({ pattern }) => pattern.detail)).toEqual([
    { data: { total: [{ numeric: ['>=', 5_000_000] }] } },
  ]);
});
