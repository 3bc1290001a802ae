import { expect, test } from 'vitest';
import { usd } from '../../functions/contracts/money.ts';
import { OrderCancelled } from '../../functions/contracts/shipping.ts';
import { LIMIT, type Payment } from '../../functions/payments/decide.ts';
import { handler } from '../../functions/payments/handler.ts';
import { deliver } from '../../functions/runtime/deliver.ts';
import type { CloudEvent } from '../../functions/runtime/contract/cloudevent.ts';
import { acceptedAt, customerId, orderId, orderPlaced, permutations, short } from './messages.ts';

const cancelled = () => OrderCancelled({ orderId, customerId, acceptedAt, reason: 'deadline', lines: [] });

async function deliverAll(events: CloudEvent[]) {
  let state: Payment | undefined;
  const said: CloudEvent[] = [];
  for (const event of events) {
    const delivered = await deliver<Payment>(handler, event, state);
    expect(delivered.outcome).toBe('committed');
    state = delivered.state;
    said.push(...delivered.published, ...delivered.sent);
  }
  return {
    state,
    said: said.map(({ type, data }) =>
      type === 'ledger.post' ? (data as { posting: string }).posting : type,
    ),
  };
}

test('an order is captured and posted', async () => {
  const { state, said } = await deliverAll([orderPlaced()]);
  expect(state).toMatchObject({ status: 'captured', captured: usd('19.98'), refunded: 0 });
  expect(said).toEqual(['payment.captured', 'capture']);
});

test.each(
  permutations<CloudEvent>([orderPlaced(), short()]).concat([
    [orderPlaced(), short(), cancelled()],
    [cancelled(), orderPlaced()],
    [short(), cancelled(), orderPlaced(), short()],
  ]),
)(
  'an order that is called off is captured and refunded once, whatever comes first (%#)',
  async (...events) => {
    const { state, said } = await deliverAll(events);
    expect(state).toMatchObject({ status: 'refunded', captured: usd('19.98'), refunded: usd('19.98') });
    expect(said.toSorted()).toEqual(['capture', 'payment.captured', 'payment.refunded', 'refund']);
  },
);

test('an order placed under two event ids is captured once', async () => {
  expect((await deliverAll([orderPlaced(), orderPlaced()])).said).toEqual(['payment.captured', 'capture']);
});

test.each([
  [LIMIT, 'payment.captured'],
  [LIMIT + 1, 'payment.declined'],
])('an order of %i ten-thousandths: %s', async (total, type) => {
  expect((await deliverAll([orderPlaced({ total })])).said[0]).toBe(type);
});

test('a declined order has nothing to refund', async () => {
  for (const events of permutations([orderPlaced({ total: LIMIT + 1 }), short()]))
    expect((await deliverAll(events)).said).toEqual(['payment.declined']);
});
