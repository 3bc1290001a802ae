/** What the ledger takes: double entry, one set of books per customer. */
import * as z from 'zod/mini';
import { command, type Data } from '../runtime/contract.ts';
import { amount } from './money.ts';

const entry = z.object({
  account: z.enum(['cash', 'deposits', 'revenue']),
  side: z.enum(['debit', 'credit']),
  amount,
});

/** Something was moved: enter it into the books of the customer. `entries` balance: their debits are their credits. */
export const PostToLedger = command('ledger.post', {
  orderBy: 'customerId',
  data: {
    customerId: z.string(),
    orderId: z.string(),
    posting: z.enum(['capture', 'refund', 'revenue']),
    entries: z.array(entry).check(z.minLength(2)),
  },
});

export type Posting = Data<typeof PostToLedger>['posting'];
export type Entry = Data<typeof PostToLedger>['entries'][number];

/**
 * What each posting moves. A captured payment is owed to the customer (deposits) until the order ships; then it is
 * earned. So at the end deposits are zero, and revenue is what was captured less what was refunded.
 */
const MOVES: Record<Posting, { debit: Entry['account']; credit: Entry['account'] }> = {
  capture: { debit: 'cash', credit: 'deposits' },
  refund: { debit: 'deposits', credit: 'cash' },
  revenue: { debit: 'deposits', credit: 'revenue' },
};

/** The command that posts `amount` to the books of a customer. */
export const posting = (
  kind: Posting,
  { customerId, orderId, amount }: { customerId: string; orderId: string; amount: number },
) =>
  PostToLedger({
    customerId,
    orderId,
    posting: kind,
    entries: [
      { account: MOVES[kind].debit, side: 'debit', amount },
      { account: MOVES[kind].credit, side: 'credit', amount },
    ],
  });
