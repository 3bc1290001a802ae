import type { Entry, PostToLedger } from '../contracts/ledger.ts';
import type { MessageOf } from '../runtime/contract.ts';
import type { Decision } from '../runtime/consume/definition.ts';
import { Permanent } from '../runtime/errors.ts';

/** The books of one customer; all amounts in ten-thousandths of a dollar. */
export interface Books {
  customerId: string;
  /** Sums of all debits and of all credits: always equal. */
  debits: number;
  credits: number;
  /** Debits less credits by account: cash is what we hold, deposits (negative) what we owe, revenue (negative) what we earned. */
  balances: Record<Entry['account'], number>;
  postings: number;
}

/** Only what balances is posted. */
export function decide(books: Books | undefined, { data }: MessageOf<typeof PostToLedger>): Decision<Books> {
  const { customerId, entries } = data;
  const sum = (side: Entry['side']) =>
    entries.reduce((total, entry) => total + (entry.side === side ? entry.amount : 0), 0);
  if (sum('debit') !== sum('credit'))
    throw new Permanent('the debits of a posting are not its credits', { code: 'LEDGER_UNBALANCED' });

  const before: Books = books ?? {
    customerId,
    debits: 0,
    credits: 0,
    balances: { cash: 0, deposits: 0, revenue: 0 },
    postings: 0,
  };
  const balances = { ...before.balances };
  for (const { account, side, amount } of entries) balances[account] += side === 'debit' ? amount : -amount;
  return {
    state: {
      customerId,
      debits: before.debits + sum('debit'),
      credits: before.credits + sum('credit'),
      balances,
      postings: before.postings + 1,
    },
  };
}
