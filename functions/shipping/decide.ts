import type { StockLine } from '../contracts/checkout.ts';
import type { StockReserved, StockShort } from '../contracts/inventory.ts';
import { posting } from '../contracts/ledger.ts';
import type { PaymentCaptured, PaymentDeclined, PaymentRefunded } from '../contracts/payments.ts';
import { OrderCancelled, OrderShipped, ShipmentDue } from '../contracts/shipping.ts';
import type { MessageOf } from '../runtime/contract.ts';
import type { Decision, Moment } from '../runtime/consume/definition.ts';

/** The joining of payment and stock for one order. */
export interface Shipment {
  status: 'open' | 'shipped' | 'cancelled';
  orderId: string;
  /** @default payment and stock have said nothing yet */
  customerId?: string;
  acceptedAt?: string;
  /** @default payment has not answered */
  payment?: 'captured' | 'declined' | 'refunded';
  /** Ten-thousandths of a dollar. @default payment has not answered */
  total?: number;
  /** @default stock has not answered */
  stock?: 'reserved' | 'short';
  /** What is set aside. @default nothing */
  lines?: StockLine[];
  /** @default not cancelled */
  reason?: 'short' | 'declined' | 'deadline';
  /** When it was shipped or cancelled, RFC 3339. @default open */
  closedAt?: string;
}

type Message = MessageOf<
  | typeof PaymentCaptured
  | typeof PaymentDeclined
  | typeof PaymentRefunded
  | typeof StockReserved
  | typeof StockShort
  | typeof ShipmentDue
>;

/** Seconds that payment and stock have to answer, from the first answer on. */
export const DEADLINE_SECONDS = 7 * 24 * 60 * 60;

/**
 * Ships what is paid and set aside; cancels what was declined or short and refunded, or did not come together in time.
 * Whatever the order of arrival, the outcome is the same.
 */
export function decide(
  before: Shipment | undefined,
  event: Message,
  { now }: Pick<Moment, 'now'>,
): Decision<Shipment> {
  if (event.type === 'shipment.due')
    return before?.status === 'open' ? cancelled(before, 'deadline', now) : {};
  const shipment = joined(before ?? { status: 'open', orderId: event.data.orderId }, event);
  if (shipment.status !== 'open') return afterwards(shipment, event);
  const decision = closed(shipment, now) ?? { state: shipment };
  if (before) return decision;
  const { orderId } = shipment;
  return { ...decision, after: [{ delaySeconds: DEADLINE_SECONDS, publish: [ShipmentDue({ orderId })] }] };
}

function joined(shipment: Shipment, event: Exclude<Message, { type: 'shipment.due' }>): Shipment {
  const { customerId, acceptedAt } = event.data;
  const known = { ...shipment, customerId, acceptedAt };
  switch (event.type) {
    case 'payment.captured':
      return { ...known, total: event.data.amount, payment: shipment.payment ?? 'captured' };
    case 'payment.declined':
      return { ...known, total: event.data.amount, payment: 'declined' };
    case 'payment.refunded':
      return { ...known, total: event.data.amount, payment: 'refunded' };
    case 'stock.reserved':
      return { ...known, stock: 'reserved', lines: event.data.lines };
    case 'stock.short':
      return { ...known, stock: 'short' };
  }
}

/** Undefined while something is missing. */
function closed(shipment: Shipment, now: string): Decision<Shipment> | undefined {
  const { payment, stock } = shipment;
  if (payment === 'captured' && stock === 'reserved') return shipped(shipment, now);
  if (payment === 'declined' && stock) return cancelled(shipment, 'declined', now);
  if (payment === 'refunded' && stock) return cancelled(shipment, 'short', now);
  return undefined;
}

function shipped(shipment: Shipment, now: string): Decision<Shipment> {
  const { orderId, customerId = '', acceptedAt = now, total = 0 } = shipment;
  return {
    state: { ...shipment, status: 'shipped', closedAt: now },
    publish: [OrderShipped({ orderId, customerId, acceptedAt, total })],
    send: [posting('revenue', { orderId, customerId, amount: total })],
  };
}

function cancelled(
  shipment: Shipment,
  reason: NonNullable<Shipment['reason']>,
  now: string,
): Decision<Shipment> {
  const { orderId, customerId = '', acceptedAt = now, lines = [] } = shipment;
  return {
    state: { ...shipment, status: 'cancelled', reason, closedAt: now },
    publish: [OrderCancelled({ orderId, customerId, acceptedAt, reason, lines })],
  };
}

/** Stock that is set aside for an order that was already cancelled goes back. */
function afterwards(shipment: Shipment, event: Message): Decision<Shipment> {
  const { status, orderId, customerId = '', acceptedAt = '', reason = 'deadline' } = shipment;
  if (status !== 'cancelled' || event.type !== 'stock.reserved') return { state: shipment };
  return {
    state: shipment,
    publish: [OrderCancelled({ orderId, customerId, acceptedAt, reason, lines: event.data.lines })],
  };
}
