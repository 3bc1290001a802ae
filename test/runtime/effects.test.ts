import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { consume, type Collaborators } from '../../functions/runtime/consume.ts';
import type { Call } from '../../functions/runtime/consume/definition.ts';
import { deliver } from '../../functions/runtime/deliver.ts';
import { Permanent, Unavailable } from '../../functions/runtime/errors.ts';
import { Add } from './counter.ts';
import { intercepted, startRig, type Rig } from './rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await startRig({ fifo: true });
});
afterEach(() => rig.stop());

/** A provider that takes money, with or without idempotency keys. What it did is in `charges`. */
function provider({ keys = false } = {}) {
  const charges: string[] = [];
  const calls: Call[] = [];
  return {
    charges,
    calls,
    fault: undefined as { when: 'before' | 'after'; error: unknown } | undefined,
    async charge(call: Call): Promise<{ receipt: string }> {
      calls.push(call);
      const { fault } = this;
      if (fault?.when === 'before') throw fault.error;
      if (!keys || !charges.includes(call.idempotencyKey)) charges.push(call.idempotencyKey);
      if (fault?.when === 'after') throw fault.error;
      return { receipt: `r-${call.idempotencyKey}` };
    },
    async find({ idempotencyKey }: Call) {
      return charges.includes(idempotencyKey) ? { receipt: `r-${idempotencyKey}` } : undefined;
    },
  };
}
type Provider = ReturnType<typeof provider>;
type Kind = 'blind' | 'idempotent' | 'reconciled';

const charging = (to: Provider, kind: Kind, collaborators: Collaborators = rig) =>
  consume(
    [Add],
    {
      key: ({ data }) => data.account,
      effect: {
        perform: (_, call) => to.charge(call),
        ...(kind === 'idempotent' && { idempotent: true }),
        ...(kind === 'reconciled' && { reconcile: (_: unknown, call: Call) => to.find(call) }),
      },
      decide: (receipts: string[] | undefined = [], _, { answer }) => ({
        state: [...receipts, answer.receipt],
      }),
    },
    collaborators,
  );

const add = (id: string, account = 'a') =>
  rig.put(Add({ account, amount: 1 }, { id }), { group: account, id: `${id}-${rig.ambient.now()}` });
const codes = () => rig.lines.flatMap(({ code }) => (code === undefined ? [] : [code]));
const lost = { when: 'after' as const, error: new Error('socket hang up') };

describe('a call to the outside world (F50)', () => {
  test('is made once, with the message’s id as its key, and decided on with its answer', async () => {
    const bank = provider();
    for (const id of ['one', 'two']) await add(id);
    expect(await rig.poll(charging(bank, 'blind'))).toEqual([]);
    expect(bank.charges).toEqual(['one', 'two']);
    expect(bank.calls[0]).toMatchObject({ idempotencyKey: 'one', attempt: 1 });
    expect(await rig.stateOf('a')).toEqual(['r-one', 'r-two']);
  });

  test('is not made again for a second delivery', async () => {
    const bank = provider();
    for (let i = 0; i < 2; i++) {
      await rig.put(Add({ account: 'a', amount: 1 }, { id: 'one' }), { id: `copy-${i}` });
      expect(await rig.poll(charging(bank, 'blind'))).toEqual([]);
    }
    expect(bank.charges).toEqual(['one']);
    expect(rig.outcomes()).toEqual(['committed', 'duplicate']);
  });

  test('that surely did nothing is made again later, or given up, without asking', async () => {
    const bank = provider();
    bank.fault = { when: 'before', error: new Unavailable('connection refused') };
    await add('one');
    expect(await rig.poll(charging(bank, 'blind'))).toHaveLength(1);
    bank.fault = undefined;
    await rig.aws.advance('1m');
    expect(await rig.poll(charging(bank, 'blind'))).toEqual([]);
    expect(bank.calls.map(({ attempt }) => attempt)).toEqual([1, 2]);
    bank.fault = { when: 'before', error: new Permanent('no such card', { code: 'CARD_REFUSED' }) };
    await add('two');
    expect(await rig.poll(charging(bank, 'blind'))).toEqual([]);
    expect((await rig.dead()).map(({ reason }) => reason.code)).toEqual(['CARD_REFUSED']);
  });

  test('of which the answer was lost is asked after', async () => {
    const bank = provider();
    bank.fault = lost;
    await add('one');
    expect(await rig.poll(charging(bank, 'reconciled'))).toHaveLength(1);
    await rig.aws.advance('15m');
    expect(await rig.poll(charging(bank, 'reconciled'))).toEqual([]);
    expect(bank.calls).toHaveLength(1);
    expect(await rig.stateOf('a')).toEqual(['r-one']);
  });

  test('that turns out not to have happened is made', async () => {
    const bank = provider();
    bank.fault = { when: 'before', error: new Error('socket hang up') };
    await add('one');
    await rig.poll(charging(bank, 'reconciled'));
    bank.fault = undefined;
    await rig.aws.advance('15m');
    expect(await rig.poll(charging(bank, 'reconciled'))).toEqual([]);
    expect(bank.charges).toEqual(['one']);
  });

  test('is simply made again where the provider knows the key', async () => {
    const bank = provider({ keys: true });
    bank.fault = lost;
    await add('one');
    await rig.poll(charging(bank, 'idempotent'));
    bank.fault = undefined;
    await rig.aws.advance('15m');
    expect(await rig.poll(charging(bank, 'idempotent'))).toEqual([]);
    expect(bank.calls).toHaveLength(2);
    expect(bank.charges).toEqual(['one']);
  });

  test('is dead-lettered as EFFECT_UNKNOWN where nobody can say, and made again by who redrives it', async () => {
    const bank = provider();
    bank.fault = lost;
    await add('one');
    expect(await rig.poll(charging(bank, 'blind'))).toEqual([]);
    const [letter] = await rig.dead();
    expect(letter!.reason).toMatchObject({ code: 'EFFECT_UNKNOWN', id: 'one', attempts: 0 });
    bank.fault = undefined;
    await rig.aws.advance('15m');
    const attributes = { SpillwayReason: letter!.messageAttributes.SpillwayReason!.stringValue! };
    await rig.put(letter!.body, { attributes });
    expect(await rig.poll(charging(bank, 'blind'))).toEqual([]);
    expect(await rig.stateOf('a')).toEqual(['r-one']);
  });

  test('that another instance is making is not made beside it', async () => {
    const bank = provider();
    await add('one');
    const slow = { ...bank, charge: () => new Promise<never>(() => {}) };
    const dying = consume(
      [Add],
      { key: () => 'a', effect: { perform: slow.charge, idempotent: true }, decide: () => ({}) },
      { ...rig, ambient: { ...rig.ambient, now: rig.ambient.now, after: () => () => {} } },
    );
    void rig.poll(dying);
    await settled(() => rig.item('c#one'));
    await rig.put(Add({ account: 'a', amount: 1 }, { id: 'one' }), { group: 'another', id: 'copy' });
    expect(await rig.poll(charging(bank, 'idempotent'))).toHaveLength(1);
    expect(codes()).toEqual(['EFFECT_RUNNING']);
    await rig.aws.advance('15m');
    await rig.poll(charging(bank, 'idempotent'));
    expect(bank.charges).toEqual(['one']);
  });

  test('is aborted when time runs out, and then its answer is lost', async () => {
    let signal: AbortSignal | undefined;
    const hanging = consume(
      [Add],
      {
        key: () => 'a',
        effect: { perform: (_, call) => ((signal = call.signal), new Promise(() => {})), idempotent: true },
        decide: () => ({}),
      },
      rig,
    );
    await add('one');
    expect(await rig.poll(hanging)).toHaveLength(1);
    expect(signal?.aborted).toBe(true);
    expect(codes()).toEqual(['TIMEOUT']);
  });

  test.each(['before', 'after'] as const)(
    'I2 a crash %s any call to the table never makes a charge twice without knowing',
    async (when) => {
      for (let crashAt = 1; crashAt <= 4; crashAt++) {
        const bank = provider();
        const [id, account] = [`${when}-${crashAt}`, `acc-${when}-${crashAt}`];
        let n = 0;
        const dynamodb = intercepted(rig.dynamodb, async (_, next) => {
          const crash = ++n === crashAt;
          if (crash && when === 'before') return new Promise(() => {});
          const answer = await next();
          return crash ? new Promise(() => {}) : answer;
        });
        await add(id, account);
        void rig.poll(charging(bank, 'reconciled', { ...rig, dynamodb }));
        await settled(async () => n >= crashAt);
        await rig.aws.advance('15m');
        expect(await rig.poll(charging(bank, 'reconciled'))).toEqual([]);
        expect(bank.charges).toEqual([id]);
        expect(await rig.stateOf(account)).toEqual([`r-${id}`]);
      }
    },
  );

  test('is delivered in a unit test too', async () => {
    const bank = provider();
    const { state } = await deliver(charging(bank, 'blind'), Add({ account: 'a', amount: 1 }, { id: 'one' }));
    expect(state).toEqual(['r-one']);
  });
});

/** Lets what runs beside go on until something is so. */
async function settled(is: () => Promise<unknown>): Promise<void> {
  for (let i = 0; i < 100 && !(await is()); i++) await new Promise(setImmediate);
}
