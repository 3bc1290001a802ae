import * as z from 'zod/mini';
import { command, event } from '../../../functions/runtime/contract.ts';

const order = { orderId: z.string(), total: z.int().check(z.minimum(0), z.maximum(1_000_000)) };

export const OrderPlaced = event('order.placed', {
  source: 'shop.checkout',
  data: { ...order, gift: z.boolean() },
});
export const OrderCancelled = event('order.cancelled', { source: 'shop.checkout', data: order });
export const PaymentCaptured = event('payment.captured', { source: 'shop.payments', data: order });
export const PlaceOrder = command('order.place', { orderBy: 'orderId', data: order });
export const RefundPayment = command('payment.refund', { orderBy: 'orderId', data: order });
