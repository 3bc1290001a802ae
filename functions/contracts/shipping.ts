/** What shipping says. */
import * as z from 'zod/mini';
import { event } from '../runtime/contract.ts';
import { stockLine } from './checkout.ts';
import { amount } from './money.ts';

const closed = { orderId: z.string(), customerId: z.string(), acceptedAt: z.iso.datetime() };

/** Paid for and in stock: on its way. */
export const OrderShipped = event('order.shipped', {
  source: 'shop.shipping',
  data: { ...closed, total: amount },
});

/** It will not be shipped. `lines` are set aside and to be put back; none when nothing was reserved. */
export const OrderCancelled = event('order.cancelled', {
  source: 'shop.shipping',
  data: { ...closed, reason: z.enum(['short', 'declined', 'deadline']), lines: z.array(stockLine) },
});

/** Shipping's reminder to itself: by now payment and stock should both have answered. */
export const ShipmentDue = event('shipment.due', {
  source: 'shop.shipping',
  data: { orderId: z.string() },
});
