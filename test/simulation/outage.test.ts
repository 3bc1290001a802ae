import type { Duration } from 'aws-cdk-lib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { consume } from '../../functions/runtime/consume.ts';
import { Permanent, Unavailable } from '../../functions/runtime/errors.ts';
import { receivesWithin } from '../../infra/pipeline/receives.ts';
import { Paid } from '../runtime/counter.ts';
import { enveloped, intercepted, startRig, type Rig } from '../runtime/rig.ts';

/** What `tolerates: 6 hours`, the default, comes to. */
const MAX_RECEIVES = receivesWithin({ toSeconds: () => 6 * 60 * 60 } as Duration);
const HOUR = 60 * 60 * 1000;
const EVENTS = 9;

let rig: Rig;
beforeEach(async () => {
  rig = await startRig({ maxReceives: MAX_RECEIVES });
});
afterEach(() => rig.stop());

describe('an outage of an hour (F55 F54 I6 I10)', () => {
  test.each(['the table', 'what the decision depends on'])(
    'of %s dead-letters nothing but poison, and all is done soon after',
    async (what) => {
      const from = rig.aws.world.clock.now();
      const down = () => rig.aws.world.clock.now() < from + HOUR;
      let tries = 0;
      const dynamodb = intercepted(rig.dynamodb, async (_, next) => {
        if (what === 'the table' && down()) {
          tries++;
          throw Object.assign(new Error('down'), { name: 'ServiceUnavailable' });
        }
        return next();
      });
      const fragile = consume(
        [Paid],
        {
          key: ({ data }) => data.account,
          decide: (sum: number | undefined = 0, { data }) => {
            if (data.amount < 0) throw new Permanent('negative', { code: 'NEGATIVE' });
            if (what !== 'the table' && down()) {
              tries++;
              throw new Unavailable('it is down');
            }
            return { state: sum + data.amount };
          },
        },
        { ...rig, dynamodb },
      );
      for (let i = 0; i < EVENTS; i++)
        await rig.put(enveloped(Paid({ account: `a${i % 3}`, amount: 1 }, { id: `e${i}` })));
      await rig.put(enveloped(Paid({ account: 'a', amount: -1 }, { id: 'poison' })));

      const done = async () => (await rig.rows('m#')).length;
      for (let step = 0; step < 4 * 60; step++) {
        await rig.poll(fragile);
        await rig.aws.advance('15s');
      }
      expect(await done()).toBe(0);
      expect(tries).toBeLessThan(EVENTS * 8);
      for (let step = 0; step < 4 * 17; step++) {
        await rig.poll(fragile);
        await rig.aws.advance('15s');
      }
      expect(await done()).toBe(EVENTS);
      expect(await Promise.all(Array.from({ length: 3 }, (_, i) => rig.stateOf(`a${i}`)))).toEqual(
        Array.from({ length: 3 }, () => EVENTS / 3),
      );
      expect((await rig.dead()).map(({ reason }) => [reason.id, reason.code])).toEqual([
        ['poison', 'NEGATIVE'],
      ]);
    },
  );
});
