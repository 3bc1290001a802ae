import { expect, test } from 'vitest';
import { consume } from '../../functions/runtime/consume.ts';
import type { Effect } from '../../functions/runtime/consume/definition.ts';
import type { MessageOf } from '../../functions/runtime/contract.ts';
import { deliver } from '../../functions/runtime/deliver.ts';
import { Unavailable } from '../../functions/runtime/errors.ts';
import { Paid } from './counter.ts';

const paid = Paid({ account: 'a', amount: 1 });

const listing = consume([Paid], {
  key: ({ data }) => data.account,
  decide: (seen: string[] = [], { data }) => ({ state: [...seen, data.account] }),
});
const both = consume([Paid], {
  key: ({ data }) => [data.account, 'total'],
  decide: (states: readonly (number | undefined)[], { data }) => ({
    state: states.map((sum = 0) => sum + data.amount),
  }),
});

test('a state that is a list is one state', async () => {
  expect((await deliver(listing, paid, ['one', 'two'])).state).toEqual(['one', 'two', 'a']);
});

test('several keys have as many states, also when there are none yet', async () => {
  expect((await deliver(both, paid)).state).toEqual([1, 1]);
  expect((await deliver(both, paid, [4, undefined])).state).toEqual([5, 1]);
});

test('a state is what can be read again, and not what was handed over', async () => {
  const dated = consume([Paid], {
    key: () => 'k',
    decide: () => ({ state: { at: new Date(0), none: undefined } }),
  });
  expect((await deliver(dated, paid)).state).toEqual({ at: '1970-01-01T00:00:00.000Z' });
});

test('a state that is too large is dead-lettered, as it would be', async () => {
  const hoarding = consume([Paid], { key: () => 'k', decide: () => ({ state: 'x'.repeat(400_000) }) });
  expect(await deliver(hoarding, paid)).toMatchObject({
    outcome: 'dead-lettered',
    fault: { code: 'STATE_TOO_LARGE' },
  });
});

type Charge = Effect<MessageOf<typeof Paid>, unknown>;

test.each<[string, Pick<Charge, 'idempotent'>, unknown, string, string]>([
  ['that says nothing of its outcome', {}, new Error('hang up'), 'dead-lettered', 'EFFECT_UNKNOWN'],
  ['that can be made again', { idempotent: true }, new Error('hang up'), 'retry', 'UNEXPECTED'],
  ['that was not made', {}, new Unavailable('down'), 'retry', 'UNAVAILABLE'],
])('a call %s', async (_, kind, error, outcome, code) => {
  const charging = consume([Paid], {
    key: () => 'k',
    effect: { ...kind, perform: (): Promise<unknown> => Promise.reject(error) },
    decide: () => {},
  });
  expect(await deliver(charging, paid)).toMatchObject({ outcome, fault: { code } });
});
