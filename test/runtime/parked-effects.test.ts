import { afterEach, beforeEach, expect, test } from 'vitest';
import { consume } from '../../functions/runtime/consume.ts';
import { Permanent } from '../../functions/runtime/errors.ts';
import { Strict } from './counter.ts';
import { startRig, type Rig } from './rig.ts';

let rig: Rig;
let charged: number[];
beforeEach(async () => {
  rig = await startRig({ fifo: true });
  charged = [];
});
afterEach(() => rig.stop());

/** Charges what is not negative, and keeps a list. */
const charging = () =>
  consume(
    [Strict],
    {
      key: ({ data }) => data.account,
      effect: {
        perform: async ({ data: { amount } }) => {
          if (amount < 0) throw new Permanent('the amount is negative', { code: 'NEGATIVE' });
          charged.push(amount);
          return amount;
        },
      },
      decide: (before: number[] | undefined = [], _, { answer }) => ({ state: [...before, answer] }),
    },
    rig,
  );

const put = (id: string, amount: number, copy = 0) =>
  rig.put(Strict({ account: 'a', amount }, { id }), { group: 'a', id: `${id}-${copy}` });
const letters = async () => (await rig.dead()).map(({ reason }) => [reason.id, reason.code]);

test('no call is made for a command whose turn it is not: it parks, in the same batch and in a later one', async () => {
  await put('first', -1);
  await put('second', 2);
  expect(await rig.poll(charging())).toEqual([]);
  await put('third', 3);
  expect(await rig.poll(charging())).toEqual([]);
  expect(charged).toEqual([]);
  expect(await letters()).toEqual([
    ['first', 'NEGATIVE'],
    ['second', 'PARKED'],
    ['third', 'PARKED'],
  ]);
});

test('redriven in order, each call is made once', async () => {
  await put('first', -1);
  await put('second', 2);
  await rig.poll(charging());
  await put('first', 1, 1);
  await put('second', 2, 1);
  expect(await rig.poll(charging())).toEqual([]);
  expect(charged).toEqual([1, 2]);
  expect(await rig.stateOf('a')).toEqual([1, 2]);
});
