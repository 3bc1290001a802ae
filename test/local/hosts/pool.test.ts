import { expect, test } from 'vitest';
import { virtualClock } from '../../../local/clock.ts';
import type { Environment } from '../../../local/hosts/environment.ts';
import type { FunctionVersion, Invocation, Outcome } from '../../../local/hosts/host.ts';
import { pool } from '../../../local/hosts/pool.ts';

const fn = { id: 'busy' } as FunctionVersion;

/** Two invocations of `ms` each, over and over, as a queue with a backlog has them, for three seconds. */
async function underLoad(ms: number, spare: boolean, pauseMs = 0): Promise<number> {
  const clock = virtualClock();
  let opened = 0;
  const open = (): Environment => {
    opened++;
    const run = () => clock.sleep(ms).then(() => ({}) as Outcome);
    return { fn, run, lasts: () => true, end() {} };
  };
  const instances = pool({ clock, open, atOnce: 2, patience: 1000, spare: () => spare });
  const caller = async (pause: number): Promise<void> => {
    while (clock.now() < Date.UTC(2030, 0, 1) + 3000) {
      await instances.invoke(fn, {} as Invocation);
      await clock.sleep(pause);
    }
  };
  const callers = Promise.all([caller(pauseMs), ...(pauseMs > 0 ? [] : [caller(0)])]);
  await clock.advance(10_000);
  await callers;
  instances.end();
  return opened;
}

test('a function that was busy for a second gets a second environment, if the machine has time for it', async () => {
  expect(await underLoad(40, true)).toBe(2);
  expect(await underLoad(40, false)).toBe(1);
});

test('a function that rests in between does not', async () => {
  expect(await underLoad(40, true, 20)).toBe(1);
});

test('an invocation that has waited for a second gets another environment in any case', async () => {
  expect(await underLoad(1500, false)).toBe(2);
});
