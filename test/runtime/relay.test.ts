import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Paid, counter } from './counter.ts';
import { startRelayRig, type RelayRig } from './relay-rig.ts';
import { enveloped, intercepted } from './rig.ts';

let rig: RelayRig;
beforeEach(async () => {
  rig = await startRelayRig();
});
afterEach(() => rig.stop());

describe('the stream', () => {
  test('publishes what was committed, and the rows are gone', async () => {
    await rig.commit(1, 2);
    await rig.relay(await rig.streamed());
    expect(await rig.typesArrived()).toEqual(['counted', 'counted', 'tell', 'tell']);
    expect(await rig.rows('o#')).toEqual([]);
    expect(rig.lines.findLast((line) => 'Published' in line)).toMatchObject({
      Relay: 'relay',
      Published: 4,
      Left: 0,
      Refused: 0,
    });
  });

  test('leaves alone what is not due yet', async () => {
    await rig.commit(7);
    await rig.relay(await rig.streamed());
    expect((await rig.rows('o#')).map(({ pending }) => pending?.S)).toEqual(['later']);
  });

  /** An EventBridge that fails events by what they sum up to. */
  const failing = (codes: Record<number, string>) =>
    intercepted(rig.eventbridge, async (name, next, { Entries = [] }: { Entries?: { Detail: string }[] }) => {
      if (name !== 'PutEvents') return next();
      return { Entries: Entries.map(({ Detail }) => ({ ErrorCode: codes[JSON.parse(Detail).data.sum] })) };
    });
  const outbox = async () =>
    (await rig.rows('o#'))
      .map(({ pending, entries, reason }) => ({
        pending: pending?.S,
        sums: (JSON.parse(entries!.S!) as { data: { sum: number } }[]).map(({ data }) => data.sum),
        ...(reason ? { reason: reason.S } : {}),
      }))
      .toSorted((a, b) => a.sums[0]! - b.sums[0]!);

  test('F01 keeps what failed for the sweeper', async () => {
    await rig.commit(1, 2);
    await rig.relay(await rig.streamed(), {
      eventbridge: failing({ 1: 'InternalFailure', 2: 'InternalFailure' }),
    });
    expect(await rig.typesArrived()).toEqual(['tell', 'tell']);
    expect(await outbox()).toEqual([{ pending: 'now', sums: [1, 2] }]);
    await rig.aws.advance('1m');
    await rig.relay({});
    expect(await rig.typesArrived()).toEqual(['counted', 'counted']);
    expect(await rig.rows('o#')).toEqual([]);
  });

  test('F01 keeps, of a row with several entries, those that failed', async () => {
    await rig.commit(1, 2);
    await rig.relay(await rig.streamed(), { eventbridge: failing({ 2: 'InternalFailure' }) });
    expect(await outbox()).toEqual([{ pending: 'now', sums: [2] }]);
  });

  test('sets aside what fails for good, and goes on with the rest', async () => {
    await rig.commit(1, 2);
    await rig.relay(await rig.streamed(), {
      eventbridge: failing({ 1: 'NotAuthorizedForSourceException', 2: 'InternalFailure' }),
    });
    expect(await outbox()).toEqual([
      { pending: 'failed', sums: [1], reason: 'NotAuthorizedForSourceException' },
      { pending: 'now', sums: [2] },
    ]);
    await rig.aws.advance('1m');
    await rig.relay({});
    expect(await rig.typesArrived()).toEqual(['counted', 'tell', 'tell']);
  });

  const SOME_REFUSED = { 1: 'NotAuthorizedForSourceException', 2: 'InternalFailure', 3: 'InternalFailure' };

  test('loses nothing that it set aside before, when more of a row fails for good', async () => {
    await rig.commit(1, 2, 3);
    await rig.relay(await rig.streamed(), { eventbridge: failing(SOME_REFUSED) });
    await rig.aws.advance('1m');
    await rig.relay({}, { eventbridge: failing({ 2: 'MalformedDetail', 3: 'InternalFailure' }) });
    expect(await outbox()).toEqual([
      { pending: 'failed', sums: [1], reason: 'NotAuthorizedForSourceException' },
      { pending: 'failed', sums: [2], reason: 'MalformedDetail' },
      { pending: 'now', sums: [3] },
    ]);
    expect(rig.lines.findLast((line) => 'Failed' in line)).toMatchObject({ Failed: 2 });
    await rig.arrived();
    await rig.relay({ retry: 'failed' });
    expect(await rig.typesArrived()).toEqual(['counted', 'counted']);
    expect(await outbox()).toEqual([{ pending: 'now', sums: [3] }]);
  });

  test('sets aside once what it sets aside again after a crash', async () => {
    await rig.commit(1, 2, 3);
    const batch = await rig.streamed();
    const eventbridge = failing(SOME_REFUSED);
    const crashing = intercepted(rig.dynamodb, async (name, next) => {
      if (name === 'UpdateItem') throw new Error('crash');
      return next();
    });
    await expect(rig.relay(batch, { eventbridge, dynamodb: crashing })).rejects.toThrow('crash');
    await rig.relay(batch, { eventbridge });
    expect((await outbox()).map(({ sums }) => sums)).toEqual([[1], [2, 3]]);
  });

  test('F07 I15 a crash between sending and deleting sends again, under the same ids', async () => {
    await rig.commit(1);
    const crashing = intercepted(rig.dynamodb, async (name, next) => {
      if (name === 'BatchWriteItem') throw new Error('crash');
      return next();
    });
    const batch = await rig.streamed();
    await expect(rig.relay(batch, { dynamodb: crashing })).rejects.toThrow('crash');
    await rig.relay(batch);
    const ids = (await rig.arrived()).map(({ id }) => id);
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(2);
    expect(await rig.rows('o#')).toEqual([]);
  });

  test('a row that can never be published is marked with its reason, counted, and never dropped', async () => {
    await rig.commit(1);
    rig.ambient.env.SPILLWAY_QUEUES = '{}';
    await rig.relay(await rig.streamed());
    const rows = await rig.rows('o#');
    expect(rows.map(({ pending, reason }) => [pending?.S, reason?.S])).toEqual([['failed', 'EVT_NO_QUEUE']]);
    expect(rig.lines.findLast((line) => 'Refused' in line)).toMatchObject({ Refused: 1 });
    await rig.aws.advance('1h');
    await rig.relay({});
    expect(await rig.rows('o#')).toHaveLength(1);
    expect(rig.lines.findLast((line) => 'Failed' in line)).toMatchObject({ Relay: 'relay', Failed: 1 });
  });

  test('F07 and is published when the cause is mended and somebody says so', async () => {
    await rig.commit(1);
    rig.ambient.env.SPILLWAY_QUEUES = '{}';
    await rig.relay(await rig.streamed());
    await rig.relay({ retry: 'failed' });
    expect(await rig.typesArrived()).toEqual(['counted']);
    rig.ambient.env.SPILLWAY_QUEUES = JSON.stringify({ tell: rig.tellUrl });
    await rig.relay({ retry: 'failed' });
    expect(await rig.typesArrived()).toEqual(['tell']);
    expect(rig.lines.findLast((line) => 'Failed' in line)).toMatchObject({ Failed: 0 });
  });

  test('keeps the order of commands of one key', async () => {
    for (const amount of [1, 2, 3]) await rig.put(enveloped(Paid({ account: 'same', amount })));
    await rig.poll(counter(rig));
    await rig.relay(await rig.streamed());
    const tells = (await rig.arrived()).filter(({ type }) => type === 'tell');
    expect(tells.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  });
});
