import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CloudEvent } from '../../functions/runtime/contract/cloudevent.ts';
import { consume } from '../../functions/runtime/consume.ts';
import { Paid, counter } from './counter.ts';
import { enveloped, intercepted, startRig, type Rig } from './rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await startRig();
});
afterEach(() => rig.stop());

const paid = (account: string, amount: number, id = `${account}-${amount}`): CloudEvent =>
  Paid({ account, amount }, { id, time: '2030-01-01T00:00:00.000Z' });

describe('whatever breaks, the effect is one (F44 F46 F52 I15)', () => {
  const failure = (name: string, status?: number) =>
    Object.assign(new Error(name), { name, $metadata: { httpStatusCode: status } });

  test.each(['before', 'after'] as const)('crash %s each call to DynamoDB, then redelivery', async (when) => {
    for (let crashAt = 1; crashAt <= 2; crashAt++) {
      const account = `${when}${crashAt}`;
      await rig.put(enveloped(paid(account, 5)));
      let calls = 0;
      const dynamodb = intercepted(rig.dynamodb, async (_, next) => {
        const crash = ++calls === crashAt;
        if (crash && when === 'before') throw failure('TimeoutError');
        const answer = await next();
        if (crash) throw failure('TimeoutError');
        return answer;
      });
      expect(await rig.poll(counter({ ...rig, dynamodb }))).toHaveLength(1);
      await rig.aws.advance('15m');
      expect(await rig.poll(counter(rig))).toEqual([]);
      expect(await rig.stateOf(account)).toEqual({ sum: 5, seen: [5] });
      expect((await rig.outbox()).filter(({ subject }) => subject === account)).toHaveLength(2);
    }
  });

  test('I1 the last attempt, its answer lost, is no dead letter when it took effect', async () => {
    rig.ambient.env.SPILLWAY_MAX_RECEIVES = '1';
    await rig.put(enveloped(paid('a', 5)));
    const dynamodb = intercepted(rig.dynamodb, async (name, next) => {
      const answer = await next();
      if (name === 'TransactWriteItems') throw failure('TimeoutError');
      return answer;
    });
    expect(await rig.poll(counter({ ...rig, dynamodb }))).toEqual([]);
    expect(await rig.dead()).toEqual([]);
    expect(await rig.stateOf('a')).toEqual({ sum: 5, seen: [5] });
  });

  test('keys that DynamoDB leaves unread are read again', async () => {
    for (const account of ['a', 'b']) await rig.put(enveloped(paid(account, 1)));
    await rig.poll(counter(rig));
    for (const account of ['a', 'b']) await rig.put(enveloped(paid(account, 2)));
    let left = 2;
    const dynamodb = intercepted(rig.dynamodb, async (name, next, input: { RequestItems: object }) =>
      name === 'BatchGetItem' && left-- > 0 ? { Responses: {}, UnprocessedKeys: input.RequestItems } : next(),
    );
    expect(await rig.poll(counter({ ...rig, dynamodb }))).toEqual([]);
    expect(await rig.stateOf('b')).toEqual({ sum: 3, seen: [1, 2] });
  });

  test('a throttled table gives the batch back, and nothing is dead-lettered', async () => {
    for (const account of ['a', 'b']) await rig.put(enveloped(paid(account, 1)));
    const dynamodb = intercepted(rig.dynamodb, async () => {
      throw failure('ProvisionedThroughputExceededException', 400);
    });
    expect(await rig.poll(counter({ ...rig, dynamodb }))).toHaveLength(2);
    expect(rig.lines.filter(({ outcome }) => outcome === 'retry').map(({ code }) => code)).toEqual([
      'STORE_UNAVAILABLE',
      'STORE_UNAVAILABLE',
    ]);
    expect(await rig.dead()).toEqual([]);
  });

  test('a decision that does not fit an item fails alone, and for good', async () => {
    const large = consume(
      [Paid],
      {
        key: ({ data }) => data.account,
        decide: (_: unknown, { data }) => ({ state: 'x'.repeat(data.amount) }),
      },
      rig,
    );
    await rig.put(enveloped(paid('large', 400_000)));
    await rig.put(enveloped(paid('small', 4)));
    expect(await rig.poll(large)).toEqual([]);
    expect(await rig.stateOf('small')).toBe('xxxx');
    expect((await rig.dead()).map(({ reason }) => reason.code)).toEqual(['STATE_TOO_LARGE']);
  });
});
