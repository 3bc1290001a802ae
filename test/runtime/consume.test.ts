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

describe('one transaction per decision', () => {
  test('state, mark and outbox rows appear together', async () => {
    await rig.put(enveloped(paid('a', 7)));
    expect(await rig.poll(counter(rig))).toEqual([]);

    expect(await rig.stateOf('a')).toEqual({ sum: 7, seen: [7] });
    expect((await rig.item('m#a-7'))?.hash?.S).toHaveLength(22);
    const outbox = await rig.outbox();
    expect(outbox.map(({ type }) => type).sort()).toEqual(['counted', 'counted', 'tell']);
    for (const message of outbox)
      expect(message).toMatchObject({
        correlationid: 'a-7',
        causationid: 'a-7',
        subject: 'a',
        sequence: 1,
        hops: 1,
        traceparent: expect.stringContaining(paid('a', 7).traceparent.slice(0, 36)),
      });
    expect(outbox.find(({ type }) => type === 'tell')).toMatchObject({
      partitionkey: 'a',
      source: 'consumer',
    });
    const rows = await rig.rows('o#');
    const later = rows.filter(({ pending }) => pending?.S === 'later');
    expect(later.map(({ dueAt }) => Number(dueAt!.N) - rig.ambient.now())).toEqual([60_000]);
  });

  test('a batch of different keys costs one read and one write', async () => {
    for (let i = 0; i < 10; i++) await rig.put(enveloped(paid(`k${i}`, 1)));
    const calls: string[] = [];
    const dynamodb = intercepted(rig.dynamodb, (name, next) => (calls.push(name), next()));
    await rig.poll(counter({ ...rig, dynamodb }));
    expect(calls).toEqual(['BatchGetItem', 'TransactWriteItems']);
    expect(await rig.rows('a#')).toHaveLength(10);
  });

  test('records of one key run in the order in which they came', async () => {
    for (const amount of [1, 2, 3]) await rig.put(enveloped(paid('a', amount)));
    await rig.poll(counter(rig));
    expect(await rig.stateOf('a')).toEqual({ sum: 6, seen: [1, 2, 3] });
    expect((await rig.item('a#a'))?.version?.N).toBe('3');
  });

  test('a transaction that DynamoDB would refuse as too large is split, each decision staying whole', async () => {
    const wide = consume(
      [Paid],
      {
        key: ({ data }) => Array.from({ length: 30 }, (_, i) => `${data.account}/${i}`),
        decide: (states: readonly (number | undefined)[]) => ({ state: states.map((n = 0) => n + 1) }),
      },
      rig,
    );
    for (const account of ['a', 'b', 'c', 'd', 'e']) await rig.put(enveloped(paid(account, 1)));
    expect(await rig.poll(wide)).toEqual([]);
    expect(await rig.rows('a#')).toHaveLength(150);
  });

  test('several aggregates change together or not at all', async () => {
    const move = consume(
      [Paid],
      {
        key: ({ data }) => [data.account, 'bank'],
        decide: ([account = 0, bank = 100]: readonly (number | undefined)[], { data }) => ({
          state: [account + data.amount, bank - data.amount],
        }),
      },
      rig,
    );
    for (const account of ['a', 'b']) await rig.put(enveloped(paid(account, 10)));
    await rig.poll(move);
    expect(await Promise.all(['a', 'b', 'bank'].map(rig.stateOf))).toEqual([10, 10, 80]);
  });
});

describe('at most once (I2)', () => {
  test('F18 F24 a second delivery, under another message id, is acknowledged and changes nothing', async () => {
    await rig.put(enveloped(paid('a', 5)));
    await rig.poll(counter(rig));
    await rig.put(enveloped(paid('a', 5), { id: 'another envelope', time: '2030-01-02T00:00:00Z' }));
    expect(await rig.poll(counter(rig))).toEqual([]);
    expect(await rig.stateOf('a')).toEqual({ sum: 5, seen: [5] });
    expect(await rig.outbox()).toHaveLength(2);
    expect(rig.outcomes()).toEqual(['committed', 'duplicate']);
  });

  test('both copies in one batch count once', async () => {
    for (let i = 0; i < 2; i++) await rig.put(enveloped(paid('a', 5)));
    await rig.poll(counter(rig));
    expect(rig.outcomes()).toEqual(['committed', 'duplicate']);
  });

  test('a duplicate among others does not hold them up', async () => {
    await rig.put(enveloped(paid('a', 5)));
    await rig.poll(counter(rig));
    for (const account of ['a', 'b', 'c']) await rig.put(enveloped(paid(account, 5)));
    expect(await rig.poll(counter(rig))).toEqual([]);
    expect(rig.outcomes()).toEqual(['committed', 'duplicate', 'committed', 'committed']);
  });

  test('a duplicate that could not be decided again is still a duplicate', async () => {
    const once = consume(
      [Paid],
      {
        key: ({ data }) => data.account,
        decide: (state: number | undefined, { data }) => {
          if (state !== undefined) throw new Error('done already');
          return { state: data.amount };
        },
      },
      rig,
    );
    for (let i = 0; i < 2; i++) await rig.put(enveloped(paid('a', 5)));
    expect(await rig.poll(once)).toEqual([]);
    expect(rig.outcomes()).toEqual(['committed', 'duplicate']);
  });

  test('F51 B44 the same id with other data is dead-lettered with both hashes', async () => {
    await rig.put(enveloped(paid('a', 5, 'same')));
    await rig.poll(counter(rig));
    await rig.put(enveloped(paid('a', 6, 'same')));
    expect(await rig.poll(counter(rig))).toEqual([]);
    const [letter] = await rig.dead();
    expect(letter!.reason).toMatchObject({
      code: 'PAYLOAD_CONFLICT',
      consumer: 'consumer',
      id: 'same',
      attempts: 1,
    });
    expect(letter!.reason.message).toContain((await rig.item('m#same'))!.hash!.S);
    expect(await rig.stateOf('a')).toEqual({ sum: 5, seen: [5] });
  });

  test('F43 another instance that is faster makes this one decide again', async () => {
    await rig.put(enveloped(paid('a', 1)));
    await rig.put(enveloped(paid('b', 1)));
    let disturbed = false;
    const dynamodb = intercepted(rig.dynamodb, async (name, next) => {
      if (name === 'TransactWriteItems' && !disturbed) {
        disturbed = true;
        await startsFaster(paid('a', 100));
      }
      return next();
    });
    expect(await rig.poll(counter({ ...rig, dynamodb }))).toEqual([]);
    expect(await rig.stateOf('a')).toEqual({ sum: 101, seen: [100, 1] });
    expect(await rig.stateOf('b')).toEqual({ sum: 1, seen: [1] });
  });

  test('an aggregate that keeps moving goes back after five conflicts', async () => {
    await rig.put(enveloped(paid('a', 1)));
    let n = 0;
    const dynamodb = intercepted(rig.dynamodb, async (name, next) => {
      if (name === 'TransactWriteItems') await startsFaster(paid('a', 100, `other-${n++}`));
      return next();
    });
    expect(await rig.poll(counter({ ...rig, dynamodb }))).toHaveLength(1);
    expect(n).toBe(6);
    expect(rig.lines.find(({ outcome }) => outcome === 'retry')).toMatchObject({ code: 'CONFLICT' });
  });

  /** Another instance takes one event, past the queue. */
  async function startsFaster(event: CloudEvent) {
    await counter(rig)(
      {
        Records: [
          {
            messageId: 'other',
            receiptHandle: 'none',
            body: JSON.stringify(enveloped(event)),
            attributes: {
              ApproximateReceiveCount: '1',
              SentTimestamp: '0',
              SenderId: '',
              ApproximateFirstReceiveTimestamp: '0',
            },
            messageAttributes: {},
            md5OfBody: '',
            eventSource: 'aws:sqs',
            eventSourceARN: rig.queue.arn,
            awsRegion: 'eu-west-1',
          },
        ],
      },
      { awsRequestId: 'other', getRemainingTimeInMillis: () => 30_000 },
    );
  }
});
