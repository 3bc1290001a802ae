import type { OrderPlaced } from '../contracts/checkout.ts';
import type { StockShort } from '../contracts/inventory.ts';
import { posting } from '../contracts/ledger.ts';
import { usd } from '../contracts/money.ts';
import { PaymentCaptured, PaymentDeclined, PaymentRefunded } from '../contracts/payments.ts';
import type { OrderCancelled } from '../contracts/shipping.ts';
import type { MessageOf } from '../runtime/contract.ts';
import type { Decision } from '../runtime/consume/definition.ts';

/** The payment of one order. */
export interface Payment {
  /** `void`: the order was called off before it was known here. */
  status: 'void' | 'captured' | 'declined' | 'refunded';
  /** Ten-thousandths of a dollar. */
  captured: number;
  refunded: number;
  /** What was captured, to be able to refund it. @default nothing was */
  payment?: Captured;
}

interface Captured {
  orderId: string;
  customerId: string;
  amount: number;
  acceptedAt: string;
}

/** A single order above this is declined. */
export const LIMIT = usd(50_000);

/**
 * An order is captured once, and refunded once when it is called off (stock short, or cancelled). Called off before it
 * was placed, it is captured and refunded in one decision, so the totals do not depend on the order of arrival.
 */
export function decide(
  before: Payment | undefined,
  event: MessageOf<typeof OrderPlaced | typeof StockShort | typeof OrderCancelled>,
): Decision<Payment> {
  if (event.type !== 'order.placed') return calledOff(before);
  if (before && before.status !== 'void') return {};
  const { orderId, customerId, total: amount, acceptedAt } = event.data;
  const payment = { orderId, customerId, amount, acceptedAt };
  if (amount > LIMIT)
    return {
      state: { status: 'declined', captured: 0, refunded: 0 },
      publish: [PaymentDeclined({ ...payment, reason: 'over-limit' })],
    };
  const captured: Payment = { status: 'captured', captured: amount, refunded: 0, payment };
  const refund = before ? calledOff(captured) : {};
  return {
    state: refund.state ?? captured,
    publish: [PaymentCaptured(payment), ...(refund.publish ?? [])],
    send: [posting('capture', payment), ...(refund.send ?? [])],
  };
}

function calledOff(before: Payment | undefined): Decision<Payment> {
  if (!before) return { state: { status: 'void', captured: 0, refunded: 0 } };
  if (before.status !== 'captured' || !before.payment) return {};
  return {
    state: { ...before, status: 'refunded', refunded: before.captured },
    publish: [PaymentRefunded(before.payment)],
    send: [posting('refund', before.payment)],
  };
}
