/** What inventory says. */
import * as z from 'zod/mini';
import { event } from '../runtime/contract.ts';
import { stockLine } from './checkout.ts';

const reservation = { orderId: z.string(), customerId: z.string(), acceptedAt: z.iso.datetime() };

/** Every line of the order is set aside. */
export const StockReserved = event('stock.reserved', {
  source: 'shop.inventory',
  data: { ...reservation, lines: z.array(stockLine) },
});

/** At least one line cannot be had, so none was set aside. */
export const StockShort = event('stock.short', {
  source: 'shop.inventory',
  data: { ...reservation, missing: z.array(z.string()) },
});
