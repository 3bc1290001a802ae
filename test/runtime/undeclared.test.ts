import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { counter, Paid } from './counter.ts';
import { enveloped, startRig, type Rig } from './rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await startRig();
});
afterEach(() => rig.stop());

/** Polls one event for a consumer that publishes `counted`, sends `tell`, and after 7 publishes once more, later. */
async function polled(says: string[], amount: number): Promise<string[]> {
  rig.ambient.env.SPILLWAY_SAYS = JSON.stringify(says);
  await rig.put(enveloped(Paid({ account: 'a', amount }, { id: 'p1' })));
  return rig.poll(counter(rig));
}

describe('what a consumer says and does not declare', () => {
  test.each([
    ['an event', ['tell'], 'counted'],
    ['a command', ['counted'], 'tell'],
    ['anything', [], 'counted'],
  ])('%s: its message is dead-lettered at once, and nothing of it is written', async (_, says, missing) => {
    expect(await polled(says, 7)).toEqual([]);
    const [{ reason } = { reason: undefined }, ...others] = await rig.dead();
    expect(others).toEqual([]);
    expect(reason).toMatchObject({
      code: 'UNDECLARED',
      message: `consumer does not declare that it publishes or sends ${missing}`,
      hint: expect.stringContaining('`publishes` or `sends`'),
      attempts: 1,
    });
    expect(await rig.stateOf('a')).toBeUndefined();
    expect(await rig.outbox()).toEqual([]);
  });

  test('is nothing, when all is declared', async () => {
    await polled(['counted', 'tell'], 7);
    expect(rig.outcomes()).toEqual(['committed']);
  });
});
