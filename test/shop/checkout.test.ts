import { expect, test } from 'vitest';
import type { Order } from '../../functions/checkout/decide.ts';
import { handler } from '../../functions/checkout/handler.ts';
import { usd } from '../../functions/contracts/money.ts';
import { deliver } from '../../functions/runtime/deliver.ts';
import { acceptedAt, line, order, placeOrder } from './messages.ts';

test('an order is accepted as of when the command was given', async () => {
  const { state, published, outcome } = await deliver<Order>(handler, placeOrder());
  expect(outcome).toBe('committed');
  expect(state).toEqual({
    orderId: 'CA-1',
    customerId: 'CG-1',
    total: usd('19.98'),
    placedOn: '2016-11-08',
    acceptedAt,
  });
  expect(published).toMatchObject([
    {
      type: 'order.placed',
      dataschema: 'urn:spillway:order.placed:2',
      data: { total: usd('19.98'), lines: [{ productId: 'FUR-1', quantity: 2 }], acceptedAt },
    },
  ]);
});

test('placing it again has no effect', async () => {
  const first = await deliver<Order>(handler, placeOrder());
  const again = await deliver(handler, placeOrder(), first.state);
  expect(again).toMatchObject({ outcome: 'committed', published: [], state: first.state });
});

test.each([
  [
    'an amount that is not quantity × unit price × (1 − discount)',
    { lines: [{ ...line, discount: 10 }] },
    'ORDER_AMOUNT',
  ],
  ['a total that is not the sum of the lines', { lines: [line, line] }, 'ORDER_TOTAL'],
  [
    'a unit price that is not whole cents',
    { lines: [{ ...line, unitPrice: 99_901, amount: 199_802 }], total: 199_802 },
    'EVT_SCHEMA',
  ],
  ['a negative quantity', { lines: [{ ...line, quantity: -2 }] }, 'EVT_SCHEMA'],
  ['no line at all', { lines: [], total: 0 }, 'EVT_SCHEMA'],
  ['a day that does not exist', { placedOn: '2016-02-30' }, 'EVT_SCHEMA'],
])('%s is refused for good', async (_, changes, code) => {
  const event = { ...placeOrder(), data: { ...order, ...changes } };
  expect(await deliver(handler, event)).toMatchObject({
    outcome: 'dead-lettered',
    fault: { code },
    published: [],
  });
});
