import type { Order } from '../checkout/decide.ts';
import type { Shipment } from '../shipping/decide.ts';

/** An order as its customer may see it: as checkout took it, and as far as shipping has got. */
export function show(order: Order | undefined, shipment: Shipment | undefined): object | undefined {
  if (!order) return undefined;
  const { orderId, customerId, total, placedOn, acceptedAt } = order;
  const { status = 'open', payment, stock, reason, closedAt } = shipment ?? {};
  return { orderId, customerId, status, total, placedOn, acceptedAt, payment, stock, reason, closedAt };
}
