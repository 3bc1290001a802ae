import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { CreateEventBusCommand, DeleteEventBusCommand } from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CloudEvent } from '../../functions/runtime/contract/cloudevent.ts';
import { relay } from '../../functions/runtime/relay.ts';
import { consumerTable } from '../consumer-table.ts';
import { Paid, counter } from './counter.ts';
import { startRelayRig, type RelayRig } from './relay-rig.ts';
import { enveloped, intercepted } from './rig.ts';

let rig: RelayRig;
beforeEach(async () => {
  rig = await startRelayRig();
});
afterEach(() => rig.stop());

const context = { getRemainingTimeInMillis: () => 60_000 };

describe('the sweeper', () => {
  test('gives the stream ten seconds, then publishes what it left, after however long', async () => {
    await rig.commit(1);
    await rig.relay({});
    expect(await rig.arrived()).toEqual([]);
    await rig.aws.advance('7d');
    await rig.relay({});
    expect(await rig.typesArrived()).toEqual(['counted', 'tell']);
  });

  test('publishes what has fallen due, not before', async () => {
    await rig.commit(7);
    await rig.relay(await rig.streamed());
    await rig.arrived();
    await rig.aws.advance('58s');
    await rig.relay({});
    expect(await rig.arrived()).toEqual([]);
    await rig.aws.advance('2s');
    await rig.relay({});
    expect(await rig.arrived()).toMatchObject([{ type: 'counted', data: { sum: 0 } }]);
  });

  test('takes a backlog of many pages', async () => {
    const many = Array.from({ length: 60 }, (_, i) => i + 20);
    for (let i = 0; i < many.length; i += 10) await rig.commit(...many.slice(i, i + 10));
    await rig.aws.advance('1m');
    await rig.relay({});
    expect(await rig.rows('o#')).toEqual([]);
    expect(await rig.arrived()).toHaveLength(120);
  });

  test('F07 I10 a stream that stands still for a week, while work goes on, loses nothing', async () => {
    const tells: CloudEvent[] = [];
    for (let day = 1; day <= 7; day++) {
      for (const amount of [20 + day, 40 + day]) await rig.put(enveloped(Paid({ account: 'a', amount })));
      await rig.poll(counter(rig));
      await rig.aws.advance('1d');
      await rig.relay({});
      tells.push(...(await rig.arrived()).filter(({ type }) => type === 'tell'));
    }
    expect(tells.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 14 }, (_, i) => i + 1));
    expect(await rig.rows('o#')).toEqual([]);
    const lags = rig.lines.flatMap(({ Lag }) => (Lag === undefined ? [] : [Lag as number]));
    expect(Math.max(...lags)).toBeGreaterThanOrEqual(24 * 60 * 60 * 1000);
  });

  test('reads again what DynamoDB left unread', async () => {
    await rig.commit(1, 2);
    await rig.aws.advance('1m');
    let reads = 0;
    const partly = intercepted(rig.dynamodb, async (name, next, { RequestItems }: { RequestItems: object }) =>
      name === 'BatchGetItem' && reads++ === 0 ? { UnprocessedKeys: RequestItems } : next(),
    );
    await rig.relay({}, { dynamodb: partly });
    expect(await rig.rows('o#')).toEqual([]);
    expect(await rig.typesArrived()).toEqual(['counted', 'counted', 'tell', 'tell']);
  });

  test('what cannot be published leaves time for the rest', async () => {
    await rig.commit(1);
    const down = intercepted(rig.eventbridge, async (name, next, { Entries }: { Entries: unknown[] }) =>
      name === 'PutEvents' ? { Entries: Entries.map(() => ({ ErrorCode: 'ThrottlingException' })) } : next(),
    );
    await rig.aws.advance('1m');
    const from = rig.ambient.now();
    await rig.relay({}, { eventbridge: down }, 900_000);
    expect(rig.ambient.now() - from).toBeLessThan(30_000);
    expect(rig.lines.find(({ outcome }) => outcome === 'left')).toMatchObject({
      level: 'warn',
      code: 'ThrottlingException',
      count: 1,
    });
  });

  /** A bus that throttles what sums up to this, and takes a minute to say so. */
  const slowFor = (sum: number) =>
    intercepted(rig.eventbridge, async (_, next, { Entries = [] }: { Entries?: { Detail: string }[] }) => {
      if (!Entries.some(({ Detail }) => JSON.parse(Detail).data.sum === sum)) return next();
      rig.ambient.waited += 60_000;
      return { Entries: Entries.map(() => ({ ErrorCode: 'ThrottlingException' })) };
    });

  test('counts what cannot be published also when its time is up', async () => {
    rig.ambient.env.SPILLWAY_QUEUES = '{}';
    await rig.commit(7);
    await rig.aws.advance('2m');
    await rig.relay({}, { eventbridge: slowFor(7) });
    const pending = (await rig.rows('o#')).map((row) => row.pending?.S);
    expect(pending).toEqual(expect.arrayContaining(['failed', 'later', 'now']));
    expect(rig.lines.findLast((line) => 'Failed' in line)).toMatchObject({ Relay: 'relay', Failed: 1 });
  });

  test('a call that is under way when time is up leaves time to delete what was published', async () => {
    await rig.commit(1);
    await rig.aws.advance('1m');
    const hanging = intercepted(rig.eventbridge, async (name, next) => {
      if (name !== 'PutEvents') return next();
      rig.ambient.waited += 4_900;
      throw new Error('no answer');
    });
    const from = rig.ambient.now();
    await rig.relay({}, { eventbridge: hanging }, 15_000);
    expect(rig.ambient.now() - from).toBeLessThanOrEqual(10_000);
  });

  test('a table that takes all the time does not keep the others from theirs', async () => {
    await rig.dynamodb.send(new CreateTableCommand(consumerTable('other')));
    rig.ambient.env.SPILLWAY_TABLES = JSON.stringify({ consumer: 'table', other: 'other' });
    await rig.commit(1);
    Object.assign(rig.ambient.env, { SPILLWAY_CONSUMER: 'other', SPILLWAY_TABLE: 'other' });
    await rig.commit(2);
    await rig.aws.advance('2m');
    const relaying = relay({ ...rig, eventbridge: slowFor(1) });
    await relaying({}, context);
    expect(await rig.typesArrived()).toEqual(['tell']);
    await relaying({}, context);
    expect(await rig.arrived()).toMatchObject([{ data: { sum: 2 } }, { type: 'tell' }]);
  });

  test('a table that cannot be read does not keep the others from theirs, and the sweep fails', async () => {
    rig.ambient.env.SPILLWAY_TABLES = JSON.stringify({ gone: 'gone', consumer: 'table' });
    rig.ambient.env.SPILLWAY_QUEUES = '{}';
    await rig.commit(1);
    await rig.aws.advance('2m');
    await expect(rig.relay({})).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    expect(await rig.typesArrived()).toEqual(['counted']);
    expect(rig.lines.findLast((line) => 'Failed' in line)).toMatchObject({ Failed: 1 });
  });

  test('notices at its start, and every minute, that the bus is missing: EventBridge would drop the events', async () => {
    await rig.commit(1);
    await rig.eventbridge.send(new CreateEventBusCommand({ Name: 'other' }));
    rig.ambient.env.SPILLWAY_BUS = 'other';
    const relaying = relay(rig);
    await relaying({}, context);
    await rig.eventbridge.send(new DeleteEventBusCommand({ Name: 'other' }));
    await rig.aws.advance('1m');
    const missing = { code: 'EVT_BAD_BUS', message: 'the bus other does not exist' };
    await expect(relaying({}, context)).rejects.toMatchObject(missing);
    await expect(rig.relay(await rig.streamed())).rejects.toMatchObject(missing);
    expect(await rig.rows('o#')).toHaveLength(2);
  });

  test('does not start without its bus', async () => {
    rig.ambient.env.SPILLWAY_BUS = '';
    await expect(rig.relay({})).rejects.toMatchObject({ code: 'EVT_BAD_BUS' });
  });
});
