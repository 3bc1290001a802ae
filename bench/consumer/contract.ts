import * as z from 'zod/mini';
import { event } from '../../functions/runtime/contract.ts';

const id = z.string().check(z.minLength(1), z.maxLength(64));

/** What the orders of `batches.ts` say; `powertools.mjs` says the same with zod. */
export const OrderPlaced = event('order.placed', {
  source: 'bench.checkout',
  data: {
    orderId: id,
    customerId: id,
    placedOn: z.iso.date(),
    total: z.int().check(z.minimum(0)),
    lines: z.array(z.object({ productId: id, quantity: z.int().check(z.minimum(1), z.maximum(10_000)) })),
    acceptedAt: z.iso.datetime(),
  },
});
