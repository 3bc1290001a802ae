import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ShipmentDue } from '../../functions/contracts/shipping.ts';
import { consume } from '../../functions/runtime/consume.ts';
import { counter, Paid } from './counter.ts';
import { enveloped, startRig, type Rig } from './rig.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

let rig: Rig;
beforeEach(async () => {
  rig = await startRig();
  rig.ambient.env.SPILLWAY_MARKS_EXPIRE_AFTER = String(118 * 86_400);
});
afterEach(() => rig.stop());

const paid = (id: string, ageDays: number) =>
  enveloped(
    Paid(
      { account: 'a', amount: 1 },
      { id, time: new Date(rig.ambient.now() - ageDays * DAY_MS).toISOString() },
    ),
  );

describe('marks that expire (I11 F49 B73)', () => {
  test('are kept for longer than their event is let in, whichever clock is ahead', async () => {
    await rig.put(paid('old', 100));
    await rig.put(paid('future', -2));
    await rig.poll(counter(rig));
    const expires = async (id: string) => Number((await rig.item(`m#${id}`))?.expires?.N);
    const days = async (id: string) => (await expires(id)) / 86_400 - rig.ambient.now() / DAY_MS;
    expect(await days('old')).toBeCloseTo(119, 3);
    expect(await days('future')).toBeCloseTo(121, 3);
  });

  test('let an older event without a mark nowhere but into the dead letters', async () => {
    await rig.put(paid('late', 117.99));
    await rig.put(paid('too-late', 118.01));
    expect(await rig.poll(counter(rig))).toEqual([]);
    expect(await rig.stateOf('a')).toMatchObject({ sum: 1 });
    expect((await rig.dead()).map(({ reason }) => [reason.id, reason.code, reason.attempts])).toEqual([
      ['too-late', 'EXPIRED', 0],
    ]);
  });

  test('while they are there, an older copy is a duplicate; when they are gone it is EXPIRED, and never run', async () => {
    const event = paid('one', 100);
    await rig.put(event);
    await rig.poll(counter(rig));
    await rig.aws.advance('20d');
    await rig.put(event);
    await rig.poll(counter(rig));
    expect(rig.outcomes()).toEqual(['committed', 'duplicate']);
    await rig.dynamodb.send(new DeleteItemCommand({ TableName: 'table', Key: { pk: { S: 'm#one' } } }));
    await rig.put(event);
    await rig.poll(counter(rig));
    expect(rig.outcomes().at(-1)).toBe('dead-lettered');
    expect(await rig.stateOf('a')).toMatchObject({ sum: 1 });
  });

  test('do not make a reminder too old: it is of when it falls due', async () => {
    const reminding = consume(
      [Paid],
      {
        key: () => 'a',
        decide: () => ({
          after: [{ delaySeconds: 200 * 86_400, publish: [ShipmentDue({ orderId: 'o' })] }],
        }),
      },
      rig,
    );
    await rig.put(paid('one', 0));
    await rig.poll(reminding);
    const [reminder] = await rig.outbox();
    expect(Date.parse(reminder!.time) - rig.ambient.now()).toBe(200 * DAY_MS);
  });

  test('without the setting nothing expires and nothing is too old', async () => {
    delete (rig.ambient.env as Record<string, string>).SPILLWAY_MARKS_EXPIRE_AFTER;
    await rig.put(paid('ancient', 10_000));
    await rig.poll(counter(rig));
    expect(rig.outcomes()).toEqual(['committed']);
    expect(await rig.item('m#ancient')).not.toHaveProperty('expires');
  });
});
