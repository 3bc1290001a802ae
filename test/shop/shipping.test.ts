import { expect, test } from 'vitest';
import { ShipmentDue } from '../../functions/contracts/shipping.ts';
import type { CloudEvent } from '../../functions/runtime/contract/cloudevent.ts';
import { deliver } from '../../functions/runtime/deliver.ts';
import { DEADLINE_SECONDS, type Shipment } from '../../functions/shipping/decide.ts';
import { handler } from '../../functions/shipping/handler.ts';
import {
  acceptedAt,
  captured,
  declined,
  lines,
  orderId,
  permutations,
  refunded,
  reserved,
  short,
} from './messages.ts';

const at = { now: () => Date.UTC(2030, 0, 2), write: () => {} };
const due = () => ShipmentDue({ orderId });

async function deliverAll(events: CloudEvent[]) {
  let state: Shipment | undefined;
  const said: CloudEvent[] = [];
  let reminders = 0;
  for (const event of events) {
    const delivered = await deliver<Shipment>(handler, event, state, at);
    expect(delivered.outcome).toBe('committed');
    state = delivered.state;
    said.push(...delivered.published, ...delivered.sent);
    reminders += delivered.after.length;
  }
  return { state, said, types: said.map(({ type }) => type), reminders };
}

test.each(permutations([captured(), reserved()]))(
  'I9 paid and reserved is shipped, in any order (%#)',
  async (...events) => {
    const { state, said, types } = await deliverAll(events);
    expect(state).toMatchObject({ status: 'shipped', acceptedAt, closedAt: '2030-01-02T00:00:00.000Z' });
    expect(types).toEqual(['order.shipped', 'ledger.post']);
    expect(said[1]).toMatchObject({ data: { posting: 'revenue' } });
  },
);

test.each(permutations([captured(), refunded(), short()]))(
  'I9 short and refunded is cancelled, in any order (%#)',
  async (...events) => {
    const { state, said, types } = await deliverAll(events);
    expect(state).toMatchObject({ status: 'cancelled', reason: 'short' });
    expect(types).toEqual(['order.cancelled']);
    expect(said[0]).toMatchObject({ data: { lines: [] } });
  },
);

test.each(permutations([declined(), reserved()]))(
  'I9 declined and reserved is cancelled, and the lines go back, in any order (%#)',
  async (...events) => {
    const { state, said } = await deliverAll(events);
    expect(state).toMatchObject({ status: 'cancelled', reason: 'declined' });
    expect(said).toMatchObject([{ type: 'order.cancelled', data: { lines } }]);
  },
);

test.each(permutations([declined(), short()]))(
  'declined and short is cancelled, in any order (%#)',
  async (...events) => {
    expect((await deliverAll(events)).said).toMatchObject([
      { type: 'order.cancelled', data: { reason: 'declined', lines: [] } },
    ]);
  },
);

test('the first answer sets one reminder, seven days ahead', async () => {
  const { after } = await deliver(handler, captured(), undefined, at);
  expect(after).toMatchObject([
    { dueAt: at.now() + DEADLINE_SECONDS * 1000, message: { type: 'shipment.due', data: { orderId } } },
  ]);
  expect((await deliverAll([captured(), reserved()])).reminders).toBe(1);
});

test('what does not come together in time is cancelled, and what is reserved afterwards goes back', async () => {
  const { state, said } = await deliverAll([captured(), due(), due(), reserved(), refunded()]);
  expect(state).toMatchObject({ status: 'cancelled', reason: 'deadline' });
  expect(said).toMatchObject([
    { type: 'order.cancelled', data: { reason: 'deadline', lines: [] } },
    { type: 'order.cancelled', data: { reason: 'deadline', lines } },
  ]);
});

test.each([[[due()]], [[captured(), reserved(), due()]]])(
  'a reminder that came too late says nothing (%#)',
  async (events) => {
    expect((await deliverAll(events)).types).not.toContain('order.cancelled');
  },
);
