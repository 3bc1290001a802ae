import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Add, counter, Strict, type Sum } from './counter.ts';
import { consume } from '../../functions/runtime/consume.ts';
import { intercepted, startRig, type Rig } from './rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await startRig({ fifo: true, maxReceives: 2 });
});
afterEach(() => rig.stop());

const add = (amount: number, account = 'a') => rig.put(Add({ account, amount }), { group: account });
const seen = async (account = 'a') => ((await rig.stateOf(account)) as Sum | undefined)?.seen;

describe('commands of one key', () => {
  test('are executed in order', async () => {
    for (const amount of [1, 2, 3, 4]) await add(amount);
    expect(await rig.poll(counter(rig))).toEqual([]);
    expect(await seen()).toEqual([1, 2, 3, 4]);
  });

  test('I13 F42 wait behind one that is tried again, while other keys go on, and their states are their own', async () => {
    for (const amount of [1, 13, 3]) await add(amount);
    await add(5, 'b');
    expect(await rig.poll(counter(rig))).toHaveLength(2);
    expect(await seen()).toEqual([1]);
    expect(await seen('b')).toEqual([5]);
    expect(rig.lines.find(({ code }) => code === 'BEHIND')).toMatchObject({ outcome: 'unrun' });
  });

  test('go on in the same invocation when their head is dead-lettered', async () => {
    for (const amount of [1, -1, 3]) await add(amount);
    expect(await rig.poll(counter(rig))).toEqual([]);
    expect(await seen()).toEqual([1, 3]);
    const [letter] = await rig.dead();
    expect(letter!.reason.code).toBe('NEGATIVE');
    expect(letter!.attributes.MessageGroupId).toBe('a');
  });

  test('come back together, and the last attempt of the head sets the others free', async () => {
    for (const amount of [13, 3]) await add(amount);
    expect(await rig.poll(counter(rig))).toHaveLength(2);
    await rig.aws.advance('1s');
    expect(await rig.poll(counter(rig))).toEqual([]);
    expect(await seen()).toEqual([3]);
    expect((await rig.dead()).map(({ reason }) => reason.receives)).toEqual([2]);
  });

  test('I6 have all their own attempts, however often they were received behind another one', async () => {
    for (const amount of [13, 13, 3]) await add(amount);
    await rig.poll(counter(rig));
    await rig.aws.advance('1m');
    await rig.poll(counter(rig));
    await rig.aws.advance('1m');
    expect(rig.outcomes()).toEqual(['retry', 'unrun', 'unrun', 'dead-lettered', 'retry', 'unrun']);
    await rig.poll(counter(rig));
    expect(rig.outcomes().slice(6)).toEqual(['dead-lettered', 'committed']);
    expect(await seen()).toEqual([3]);
  });

  test('I6 have them too when no time is left for them after the one before', async () => {
    for (const amount of [13, 13]) await add(amount);
    await rig.poll(counter(rig));
    await rig.aws.advance('1m');
    const sqs = intercepted(rig.sqs, async (name, next) => {
      if (name === 'SendMessage') rig.ambient.waited += 29_500;
      return next();
    });
    await rig.poll(counter({ ...rig, sqs }));
    expect(rig.outcomes()).toEqual(['retry', 'unrun', 'dead-lettered', 'unrun']);
    await rig.aws.advance('1m');
    await rig.poll(counter(rig));
    expect(rig.outcomes().slice(4)).toEqual(['retry']);
  });

  test('are set free when no attempt of their head came to its end', async () => {
    for (const amount of [7, 3]) await add(amount);
    for (let crash = 1; crash <= 5; crash++) {
      await rig.receive();
      await rig.aws.advance('3m');
    }
    expect(await rig.poll(counter(rig))).toEqual([]);
    expect(await seen()).toEqual([3]);
    expect((await rig.dead()).map(({ reason }) => [reason.code, reason.receives])).toEqual([
      ['NO_REASON', 6],
    ]);
  });

  test('what cannot be read keeps its place too', async () => {
    await add(1);
    await rig.put('poison', { group: 'a' });
    await add(2);
    const sqs = intercepted(rig.sqs, async (name, next) => {
      if (name === 'SendMessage') throw new Error('no');
      return next();
    });
    expect(await rig.poll(counter({ ...rig, sqs }))).toHaveLength(2);
    expect(await seen()).toEqual([1]);
  });
});

describe('commands that park (onPoison)', () => {
  const strict = (amount: number, account = 'a') =>
    rig.put(Strict({ account, amount }, { id: `${account}${amount}` }), { group: account });
  const letters = async () => (await rig.dead()).map(({ reason }) => [reason.id, reason.code]);

  test('follow the dead letter of their key in order, now and later; other keys go on', async () => {
    for (const amount of [1, -1, 3]) await strict(amount);
    await strict(5, 'b');
    expect(await rig.poll(counter(rig))).toEqual([]);
    await strict(4);
    expect(await rig.poll(counter(rig))).toEqual([]);
    expect(await seen()).toEqual([1]);
    expect(await seen('b')).toEqual([5]);
    expect(await letters()).toEqual([
      ['a-1', 'NEGATIVE'],
      ['a3', 'PARKED'],
      ['a4', 'PARKED'],
    ]);
  });

  test('run again when they are redriven in order, and only then', async () => {
    for (const amount of [-1, 3, 4]) await strict(amount);
    await rig.poll(counter(rig));
    const forgiving = consume(
      [Strict],
      {
        key: ({ data }) => data.account,
        decide: ({ seen }: { seen: number[] } = { seen: [] }, { data }) => ({
          state: { seen: [...seen, data.amount] },
        }),
      },
      rig,
    );
    await strict(4);
    await rig.poll(forgiving);
    expect(await seen()).toBeUndefined();
    for (const amount of [-1, 3, 4, 5]) await strict(amount);
    expect(await rig.poll(forgiving)).toEqual([]);
    expect(await seen()).toEqual([-1, 3, 4, 5]);
  });

  test('wait for no letter that is gone: a dead-letter queue keeps each for fourteen days', async () => {
    await strict(-1);
    await rig.poll(counter(rig));
    await rig.aws.advance('10d');
    await strict(3);
    await rig.poll(counter(rig));
    await rig.aws.advance('5d');
    await strict(4);
    await rig.poll(counter(rig));
    expect(await seen()).toBeUndefined();
    await strict(3);
    await strict(4);
    await strict(5);
    await rig.poll(counter(rig));
    expect(await seen()).toEqual([3, 4, 5]);
  });

  test('wait for a letter for another fourteen days when it was redriven in vain', async () => {
    await strict(-1);
    await rig.poll(counter(rig));
    await rig.aws.advance('10d');
    await strict(-1);
    await rig.poll(counter(rig));
    await rig.aws.advance('10d');
    await strict(3);
    await rig.poll(counter(rig));
    expect(await seen()).toBeUndefined();
  });

  test('need a consumer that keeps state', () => {
    expect(() => consume([Strict], { stateless: true, decide: () => {} })).toThrow(
      'needs a consumer with state',
    );
  });
});
