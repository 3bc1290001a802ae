/**
 * What must hold at the end of every run, whatever went wrong in it, computed from what was said alone. The numbers are those
 * of the invariants in docs/guarantees.md.
 */
import type { Order } from '../../functions/checkout/decide.ts';
import { openingStock, type Stock } from '../../functions/inventory/stock.ts';
import type { Books } from '../../functions/ledger/decide.ts';
import { LIMIT, type Payment } from '../../functions/payments/decide.ts';
import type { Shipment } from '../../functions/shipping/decide.ts';
import { HINTS } from '../../functions/runtime/errors.ts';
import { MAX_HOPS } from '../../functions/runtime/consume/arrival.ts';
import type { Kept } from './evidence.ts';
import { expectLetters, expectOneAttempt, type Expect } from './letters.ts';
import type { Run } from './simulate.ts';
import { accepted, CANARY, possible, type Placed, type Said } from './workload.ts';

/** What does not hold, each with its number; nothing when all is well. */
export function violations(run: Run): string[] {
  const broken: string[] = [];
  const expect: Expect = (holds, what) => {
    if (!holds) broken.push(what);
  };
  expectCalm(run, expect);
  expectOrders(run, expect);
  expectOutcomes(run, expect);
  expectStock(run, expect);
  expectBooks(run, expect);
  expectEvents(run, expect);
  expectLetters(run, expect);
  expectOneAttempt(run, expect);
  expectSecrecy(run, expect);
  return [...new Set(broken)];
}

type States<State> = Record<string, Kept & { state: State }>;
const of = <State>({ found }: Run, consumer: string) => found.states[consumer] as States<State>;

function expectCalm({ calms, before, found }: Run, expect: Expect): void {
  for (const [i, minutes] of calms.entries())
    expect(minutes < Infinity, `I10 liveness: something is still under way after calm ${i + 1}`);
  expect(found.unpublished.length === 0, `I15 outbox: never published: ${found.unpublished.join()}`);
  for (const [consumer, states] of Object.entries(before))
    for (const [key, { state }] of Object.entries(states))
      if (consumer === 'checkout' || (consumer === 'payments' && (state as Payment).status !== 'void'))
        expect(
          JSON.stringify(found.states[consumer]![key]?.state) === JSON.stringify(state),
          `I7 I8 redrive and replay: ${consumer} ${key} was changed by what it had seen before`,
        );
}

/** Every order is there once, as it was said; nothing else is. */
function expectOrders(run: Run, expect: Expect): void {
  const placed = of<Order>(run, 'checkout');
  const orders = run.said.filter(({ kind }) => kind === 'order');
  for (const said of orders.filter(accepted)) {
    const { orderId } = said.data as Placed;
    expect(orderId in placed, `I1 I16 conservation: ${orderId}, accepted as ${said.id}, is nowhere`);
  }
  for (const [orderId, { version, state }] of Object.entries(placed)) {
    expect(version === 1, `I2 at most once: ${orderId} was placed ${version} times`);
    const same = ({ data }: Said) => {
      const { customerId, total } = data as Placed;
      return (data as Placed).orderId === orderId && customerId === state.customerId && total === state.total;
    };
    expect(orders.filter(possible).some(same), `I3 I4 no invention: nobody has said ${orderId} like that`);
  }
}

/** Each placed order was paid or declined, and shipped or cancelled: whatever the order of arrival. */
function expectOutcomes(run: Run, expect: Expect): void {
  const placed = of<Order>(run, 'checkout');
  const payments = of<Payment>(run, 'payments');
  const shipments = of<Shipment>(run, 'shipping');
  for (const consumer of [payments, shipments])
    for (const orderId of Object.keys(consumer))
      expect(orderId in placed, `I3 I15 no invention: ${orderId} was never placed`);
  for (const [orderId, { state: order }] of Object.entries(placed)) {
    const payment = payments[orderId]?.state;
    const shipment = shipments[orderId]?.state;
    const says = `${orderId}: payment ${payment?.status}, shipment ${shipment?.status} ${shipment?.reason ?? ''}`;
    const paid = order.total > LIMIT ? payment?.status === 'declined' : payment?.captured === order.total;
    expect(paid, `I1 conservation: ${says}, total ${order.total}`);
    expect(shipment?.reason !== 'deadline', `I9 order: ${says}`);
    const shipped = payment?.status === 'captured' && shipment?.status === 'shipped';
    const called = payment?.status === 'refunded' || payment?.status === 'declined';
    expect(shipped || (called && shipment?.status === 'cancelled'), `I9 order: ${says}`);
    expect(
      payment?.status !== 'refunded' || payment.refunded === payment.captured,
      `I2 at most once: ${says}`,
    );
  }
}

/** What is missing on the shelves is what was shipped. */
function expectStock(run: Run, expect: Expect): void {
  const shipments = of<Shipment>(run, 'shipping');
  const gone = new Map<string, number>();
  for (const { state } of Object.values(shipments))
    for (const { productId, quantity } of state.status === 'shipped' ? (state.lines ?? []) : [])
      gone.set(productId, (gone.get(productId) ?? 0) + quantity);
  for (const [productId, { state }] of Object.entries(of<Stock>(run, 'inventory'))) {
    const missing = openingStock(productId).onHand - state.onHand;
    expect(
      missing === (gone.get(productId) ?? 0),
      `I1 I2 stock: ${missing} of ${productId} are missing, shipped ${gone.get(productId)}`,
    );
  }
}

/** The books of each customer are exactly what his own orders come to. */
function expectBooks(run: Run, expect: Expect): void {
  const placed = Object.entries(of<Order>(run, 'checkout'));
  const payments = of<Payment>(run, 'payments');
  const shipments = of<Shipment>(run, 'shipping');
  const all = of<Books>(run, 'ledger');
  const customers = new Set([...placed.map(([, { state }]) => state.customerId), ...Object.keys(all)]);
  for (const customer of customers) {
    const own = placed.filter(([, { state }]) => state.customerId === customer);
    const sum = (amountOf: (orderId: string) => number | undefined) => {
      const amounts = own.map(([orderId]) => amountOf(orderId)).filter((amount) => amount !== undefined);
      return { count: amounts.length, total: amounts.reduce((a, b) => a + b, 0) };
    };
    const paid = (orderId: string) => payments[orderId]?.state;
    const captured = sum((id) => (paid(id)?.payment ? paid(id)!.captured : undefined));
    const refunded = sum((id) => (paid(id)?.status === 'refunded' ? paid(id)!.refunded : undefined));
    const earned = sum((id) =>
      shipments[id]?.state.status === 'shipped' ? shipments[id].state.total : undefined,
    );
    const { debits, credits, balances, postings } = all[customer]?.state ?? NOTHING;
    const due = captured.total + refunded.total + earned.total;
    const count = captured.count + refunded.count + earned.count;
    expect(
      postings === count && debits === due && credits === due,
      `I2 I13 I15 books of ${customer}: ${postings} postings, debits ${debits}, credits ${credits}; due ${count}, ${due}`,
    );
    expect(balances.deposits === 0, `I1 books of ${customer}: ${balances.deposits} are still deposits`);
    expect(balances.revenue === -earned.total, `I1 books of ${customer}: revenue ${balances.revenue}`);
  }
}

const NOTHING = { debits: 0, credits: 0, balances: { cash: 0, deposits: 0, revenue: 0 }, postings: 0 };

/** Each fact was published under one id, by what was committed. */
function expectEvents(run: Run, expect: Expect): void {
  const { found, said } = run;
  const ids = (type: string, orderId: string) =>
    found.events.filter(
      (event) => event.type === type && (event.data as { orderId?: string }).orderId === orderId,
    );
  const placed = of<Order>(run, 'checkout');
  const payments = of<Payment>(run, 'payments');
  const shipments = of<Shipment>(run, 'shipping');
  for (const orderId of Object.keys(placed)) {
    const once = { 'order.placed': true, 'order.shipped': shipments[orderId]?.state.status === 'shipped' };
    const { payment, status } = payments[orderId]?.state ?? {};
    const facts = { ...once, 'payment.captured': !!payment, 'payment.refunded': status === 'refunded' };
    for (const [type, happened] of Object.entries(facts)) {
      const count = ids(type, orderId).length;
      expect(count === (happened ? 1 : 0), `I15 outbox: ${count} times ${type} of ${orderId}`);
    }
  }
  for (const { type, id, hops = 0 } of found.events)
    expect(hops <= MAX_HOPS, `I17 hops: ${type} ${id} came through ${hops} consumers`);
  for (const { id } of said.filter((one) => one.kind === 'stranger' && accepted(one)))
    expect(found.unrouted.includes(id), `I1 conservation: ${id}, which nobody listens to, is nowhere`);
}

function expectSecrecy({ found }: Run, expect: Expect): void {
  const reasons = found.letters.map(({ reason }) => JSON.stringify(reason));
  for (const text of [...found.logs, ...reasons])
    expect(!text.includes(CANARY), `I12 secrecy: ${text.slice(0, 300)}`);
  for (const { reason } of found.letters)
    expect(reason.code in HINTS || OWN_CODES.has(reason.code), `I5 reason: unknown code ${reason.code}`);
}

/** What the shop itself refuses. */
const OWN_CODES = new Set(['ORDER_AMOUNT', 'ORDER_TOTAL', 'LEDGER_UNBALANCED']);
