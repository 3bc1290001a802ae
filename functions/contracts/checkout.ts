/** What checkout takes and says. */
import * as z from 'zod/mini';
import { command, event, type Data } from '../runtime/contract.ts';
import { amount, unitPrice } from './money.ts';

const id = z.string().check(z.minLength(1), z.maxLength(64));
const quantity = z.int().check(z.minimum(1), z.maximum(10_000));

const orderedLine = z.object({
  productId: id,
  name: z.string().check(z.maxLength(200)),
  quantity,
  unitPrice,
  /** Whole percent. */
  discount: z.int().check(z.minimum(0), z.maximum(100)),
  /** quantity × unitPrice × (1 − discount), exactly. */
  amount,
});

/** A customer wants this. `total` is the sum of the lines. */
export const PlaceOrder = command('order.place', {
  orderBy: 'customerId',
  source: 'shop.customers',
  data: {
    orderId: id,
    customerId: id,
    customerName: z.optional(z.string().check(z.maxLength(100))),
    placedOn: z.iso.date(),
    lines: z.array(orderedLine).check(z.minLength(1), z.maxLength(100)),
    total: amount,
    shipMode: z.optional(z.string().check(z.maxLength(40))),
    shipTo: z.optional(
      z.object({ city: z.string(), state: z.string(), postalCode: z.string(), country: z.string() }),
    ),
  },
});

/** What is needed of a line to reserve it and to put it back. */
export const stockLine = z.object({ productId: id, quantity });

/** An order was taken as it stands; payment and stock are asked next. */
export const OrderPlaced = event('order.placed', {
  version: 2,
  source: 'shop.checkout',
  data: {
    orderId: id,
    customerId: id,
    placedOn: z.iso.date(),
    total: amount,
    /** Since version 2. */
    lines: z.array(stockLine),
    /** When the command was given, RFC 3339. */
    acceptedAt: z.iso.datetime(),
  },
  upcast: { 1: (old) => ({ ...old, lines: [] }) },
});

export type OrderedLine = Data<typeof PlaceOrder>['lines'][number];
export type StockLine = Data<typeof OrderPlaced>['lines'][number];
