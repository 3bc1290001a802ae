/** What payments says. */
import * as z from 'zod/mini';
import { event } from '../runtime/contract.ts';
import { amount } from './money.ts';

const payment = { orderId: z.string(), customerId: z.string(), amount, acceptedAt: z.iso.datetime() };

/** The whole amount of the order was taken. */
export const PaymentCaptured = event('payment.captured', { source: 'shop.payments', data: payment });

/** The amount of the order was not taken, and the order will be cancelled. */
export const PaymentDeclined = event('payment.declined', {
  source: 'shop.payments',
  data: { ...payment, reason: z.enum(['over-limit']) },
});

/** What was captured went back. */
export const PaymentRefunded = event('payment.refunded', { source: 'shop.payments', data: payment });
