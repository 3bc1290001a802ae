import { afterEach, describe, expect, test } from 'vitest';
import type { CloudEvent } from '../../functions/runtime/contract/cloudevent.ts';
import { consume } from '../../functions/runtime/consume.ts';
import { Permanent } from '../../functions/runtime/errors.ts';
import { Add, counter, Paid, Tell } from './counter.ts';
import { enveloped, intercepted, startRig, type Rig } from './rig.ts';

let rig: Rig;
afterEach(() => rig.stop());

const time = '2030-01-01T00:00:00.000Z';
const paid = (account: string, amount: number, id = `${account}-${amount}`): CloudEvent =>
  Paid({ account, amount }, { id, time });

/** The rig with its calls to DynamoDB counted; `before` each of them. */
function counted(before: (name: string, count: number) => unknown = () => {}) {
  const calls: string[] = [];
  const dynamodb = intercepted(rig.dynamodb, async (name, next) => {
    calls.push(name);
    await before(name, calls.filter((call) => call === name).length);
    return next();
  });
  return { calls, collaborators: { ...rig, dynamodb } };
}

describe('records of one key in one batch', () => {
  test('cost one read and one write, and each of them a version', async () => {
    rig = await startRig();
    for (const amount of [1, 2, 3, 4, 5]) await rig.put(enveloped(paid('a', amount)));
    const { calls, collaborators } = counted();
    expect(await rig.poll(counter(collaborators))).toEqual([]);
    expect(calls).toEqual(['BatchGetItem', 'TransactWriteItems']);
    expect(await rig.stateOf('a')).toEqual({ sum: 15, seen: [1, 2, 3, 4, 5] });
    expect((await rig.item('a#a'))?.version?.N).toBe('5');
    expect(await rig.rows('m#')).toHaveLength(5);
    const sequences = (await rig.outbox()).filter(({ type }) => type === 'counted').map((e) => e.sequence);
    expect(sequences.toSorted((a, b) => a! - b!)).toEqual([1, 2, 3, 4, 5]);
  });

  test('so do commands of one FIFO group, also when they touch different keys', async () => {
    rig = await startRig({ fifo: true });
    for (const account of ['a', 'b', 'a', 'c']) await rig.put(Add({ account, amount: 1 }), { group: 'same' });
    const { calls, collaborators } = counted();
    expect(await rig.poll(counter(collaborators))).toEqual([]);
    expect(calls).toEqual(['BatchGetItem', 'TransactWriteItems']);
    expect(await rig.stateOf('a')).toEqual({ sum: 2, seen: [1, 1] });
  });

  test('do not notice a duplicate in the middle', async () => {
    rig = await startRig();
    await rig.put(enveloped(paid('a', 2)));
    await rig.poll(counter(rig));
    for (const amount of [1, 2, 3]) await rig.put(enveloped(paid('a', amount)));
    expect(await rig.poll(counter(rig))).toEqual([]);
    expect(await rig.stateOf('a')).toEqual({ sum: 6, seen: [2, 1, 3] });
    expect(rig.outcomes()).toEqual(['committed', 'committed', 'duplicate', 'committed']);
  });

  test('go on around a poison, in the same transaction', async () => {
    rig = await startRig();
    for (const amount of [1, -1, 3]) await rig.put(enveloped(paid('a', amount)));
    const { calls, collaborators } = counted();
    expect(await rig.poll(counter(collaborators))).toEqual([]);
    expect(calls).toEqual(['BatchGetItem', 'TransactWriteItems', 'GetItem']);
    expect(await rig.stateOf('a')).toEqual({ sum: 4, seen: [1, 3] });
    expect((await rig.dead()).map(({ reason }) => [reason.code, reason.attempts])).toEqual([['NEGATIVE', 1]]);
  });

  test('that carry one id: the second is judged when it is known what became of the first', async () => {
    rig = await startRig();
    for (const amount of [-1, 2]) await rig.put(enveloped(paid('a', amount, 'same')));
    expect(await rig.poll(counter(rig))).toEqual([]);
    expect(await rig.stateOf('a')).toEqual({ sum: 2, seen: [2] });
    expect((await rig.dead()).map(({ reason }) => reason.code)).toEqual(['NEGATIVE']);
  });

  test('F43 are all decided again when another instance was faster', async () => {
    rig = await startRig();
    await rig.put(enveloped(paid('a', 100)));
    const taken = await rig.receive();
    for (const amount of [1, 2]) await rig.put(enveloped(paid('a', amount)));
    const { calls, collaborators } = counted(async (name, count) => {
      if (name !== 'TransactWriteItems' || count > 1) return;
      const other = { awsRequestId: 'other', getRemainingTimeInMillis: () => 30_000 };
      await counter(rig)({ Records: taken }, other);
    });
    expect(await rig.poll(counter(collaborators))).toEqual([]);
    expect(calls).toEqual(['BatchGetItem', 'TransactWriteItems', 'BatchGetItem', 'TransactWriteItems']);
    expect(await rig.stateOf('a')).toEqual({ sum: 103, seen: [100, 1, 2] });
  });

  test('a failure that came of a state that was never committed is none', async () => {
    rig = await startRig();
    const limited = (collaborators: object) =>
      consume(
        [Paid],
        {
          key: ({ data }) => data.account,
          decide: (sum: number | undefined, { data }) => {
            if ((sum ?? 0) + data.amount > 10) throw new Permanent('over the limit');
            return { state: (sum ?? 0) + data.amount };
          },
        },
        { ...rig, ...collaborators },
      );
    await rig.put(enveloped(paid('a', 8)));
    await rig.poll(limited({}));
    await rig.put(enveloped(paid('a', -6)));
    await rig.poll(limited({}));
    for (const amount of [8, 6]) await rig.put(enveloped(paid('a', amount)));
    expect(await rig.poll(limited({}))).toEqual([]);
    expect(await rig.stateOf('a')).toBe(8);
    expect(await rig.dead()).toEqual([]);
  });

  test('what a failed decision did to its state in place is not seen by the next', async () => {
    rig = await startRig();
    const careless = consume(
      [Paid],
      {
        key: ({ data }) => data.account,
        decide: (state: { seen: number[] } = { seen: [] }, { data }) => {
          state.seen.push(data.amount);
          if (data.amount === 2) throw new Permanent('no');
          return { state };
        },
      },
      rig,
    );
    for (const amount of [1, 2, 3]) await rig.put(enveloped(paid('a', amount)));
    await rig.poll(careless);
    expect(await rig.stateOf('a')).toEqual({ seen: [1, 3] });
  });

  test('what DynamoDB refuses is found among the others, which are committed', async () => {
    rig = await startRig();
    for (const amount of [1, 2, 3, 4, 5]) await rig.put(enveloped(paid('a', amount)));
    const dynamodb = intercepted(rig.dynamodb, async (name, next, input) => {
      if (name === 'TransactWriteItems' && JSON.stringify(input).includes('m#a-4'))
        throw Object.assign(new Error('no such row'), { name: 'ValidationException' });
      return next();
    });
    expect(await rig.poll(counter({ ...rig, dynamodb }))).toEqual([]);
    expect(await rig.stateOf('a')).toEqual({ sum: 11, seen: [1, 2, 3, 5] });
    expect((await rig.dead()).map(({ reason }) => reason.code)).toEqual(['WRITE_REFUSED']);
  });

  test('too many for one transaction are cut, and the rest follows', async () => {
    rig = await startRig();
    const chatty = (collaborators: object) =>
      consume(
        [Paid],
        {
          key: ({ data }) => data.account,
          decide: (seen: number[] = [], { data }) => ({
            state: [...seen, data.amount],
            after: Array.from({ length: 30 }, (_, i) => ({
              delaySeconds: 100 * data.amount + i,
              send: [Tell({ account: data.account })],
            })),
          }),
        },
        { ...rig, ...collaborators },
      );
    for (const amount of [1, 2, 3, 4]) await rig.put(enveloped(paid('a', amount)));
    const { calls, collaborators } = counted();
    expect(await rig.poll(chatty(collaborators))).toEqual([]);
    expect(calls).toEqual(['BatchGetItem', 'TransactWriteItems', 'BatchGetItem', 'TransactWriteItems']);
    expect(await rig.stateOf('a')).toEqual([1, 2, 3, 4]);
    expect(await rig.rows('o#')).toHaveLength(120);
  });
});

describe('commands of one FIFO group in one batch', () => {
  test('before a failure are committed; behind it they wait until it is dead-lettered', async () => {
    rig = await startRig({ fifo: true });
    const add = (amount: number) => rig.put(Add({ account: 'a', amount }), { group: 'a' });
    for (const amount of [1, 2, -1, 3, 4]) await add(amount);
    const { calls, collaborators } = counted();
    expect(await rig.poll(counter(collaborators))).toEqual([]);
    const round = ['BatchGetItem', 'TransactWriteItems'];
    expect(calls).toEqual([...round, 'GetItem', ...round]);
    expect(await rig.stateOf('a')).toEqual({ sum: 10, seen: [1, 2, 3, 4] });
  });

  test('go back unrun behind one whose dead letter could not be written', async () => {
    rig = await startRig({ fifo: true });
    for (const amount of [1, -1, 3]) await rig.put(Add({ account: 'a', amount }), { group: 'a' });
    const sqs = intercepted(rig.sqs, async (name, next) => {
      if (name === 'SendMessage') throw new Error('no');
      return next();
    });
    expect(await rig.poll(counter({ ...rig, sqs }))).toHaveLength(2);
    expect(rig.outcomes().slice(-3)).toEqual(['committed', 'retry', 'unrun']);
    expect(await rig.stateOf('a')).toEqual({ sum: 1, seen: [1] });
  });

  test('only the head counts as tried when the table cannot be reached', async () => {
    rig = await startRig({ fifo: true });
    for (const amount of [1, 2]) await rig.put(Add({ account: 'a', amount }), { group: 'a' });
    for (const lost of ['BatchGetItem', 'TransactWriteItems']) {
      const { collaborators } = counted((name) => {
        if (name === lost) throw new Error('no answer');
      });
      expect(await rig.poll(counter(collaborators))).toHaveLength(2);
      expect(rig.outcomes().slice(-2)).toEqual(['retry', 'unrun']);
      await rig.aws.advance('15m');
    }
  });
});
