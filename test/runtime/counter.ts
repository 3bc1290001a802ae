/** A small consumer for tests: counts per account, tells, and sends. */
import * as z from 'zod/mini';
import { consume, type Collaborators } from '../../functions/runtime/consume.ts';
import { command, event } from '../../functions/runtime/contract.ts';
import { Permanent } from '../../functions/runtime/errors.ts';

export const Paid = event('paid', {
  version: 2,
  source: 'test.shop',
  data: { account: z.string(), amount: z.int(), note: z.optional(z.string()) },
  upcast: { 1: ({ sum, ...old }) => ({ ...old, amount: sum }) },
});
export const Counted = event('counted', {
  source: 'test.counter',
  data: { account: z.string(), sum: z.int() },
});
export const Tell = command('tell', { orderBy: 'account', data: { account: z.string() } });
export const Add = command('add', { orderBy: 'account', data: { account: z.string(), amount: z.int() } });

export const Strict = command('strict', {
  orderBy: 'account',
  onPoison: 'park',
  data: { account: z.string(), amount: z.int() },
});

export interface Sum {
  sum: number;
  seen: number[];
}

/** Adds up; refuses negative amounts for good, and fails on 13. */
export const counter = (collaborators: Collaborators) =>
  consume(
    [Paid, Add, Strict],
    {
      key: ({ data }) => data.account,
      decide: ({ sum, seen }: Sum = { sum: 0, seen: [] }, { data: { account, amount } }) => {
        if (amount < 0) throw new Permanent('the amount is negative', { code: 'NEGATIVE' });
        if (amount === 13) throw new Error('bad luck');
        return {
          state: { sum: sum + amount, seen: [...seen, amount] },
          publish: [Counted({ account, sum: sum + amount })],
          send: [Tell({ account })],
          after: amount === 7 ? [{ delaySeconds: 60, publish: [Counted({ account, sum: 0 })] }] : [],
        };
      },
    },
    collaborators,
  );
