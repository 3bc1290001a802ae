import { expect, test } from 'vitest';
import { posting, PostToLedger } from '../../functions/contracts/ledger.ts';
import type { Books } from '../../functions/ledger/decide.ts';
import { handler } from '../../functions/ledger/handler.ts';
import { deliver } from '../../functions/runtime/deliver.ts';

const of = { customerId: 'CG-1', orderId: 'CA-1', amount: 199_800 };

async function books(...postings: ReturnType<typeof posting>[]): Promise<Books> {
  let state: Books | undefined;
  for (const one of postings) ({ state } = await deliver<Books>(handler, one, state));
  return state!;
}

test('a shipped order is earned, and nothing is owed any more', async () => {
  expect(await books(posting('capture', of), posting('revenue', of))).toEqual({
    customerId: 'CG-1',
    debits: 399_600,
    credits: 399_600,
    balances: { cash: 199_800, deposits: 0, revenue: -199_800 },
    postings: 2,
  });
});

test('a refunded order leaves no trace but its postings', async () => {
  const { balances, debits, credits } = await books(posting('capture', of), posting('refund', of));
  expect(Object.values(balances)).toEqual([0, 0, 0]);
  expect(debits).toBe(credits);
});

test('what does not balance is refused for good', async () => {
  const wrong = PostToLedger({
    customerId: 'CG-1',
    orderId: 'CA-1',
    posting: 'capture',
    entries: [
      { account: 'cash', side: 'debit', amount: 2 },
      { account: 'deposits', side: 'credit', amount: 1 },
    ],
  });
  expect(await deliver(handler, wrong)).toMatchObject({
    outcome: 'dead-lettered',
    fault: { code: 'LEDGER_UNBALANCED' },
  });
});

test('postings are kept in order by customer', () => {
  expect(posting('capture', of).partitionkey).toBe('CG-1');
});
