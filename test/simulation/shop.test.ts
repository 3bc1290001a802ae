/** The whole shop under random faults: docs/simulation.md. */
import { describe, expect, inject, test } from 'vitest';
import { violations } from './oracle.ts';
import { simulate, type Run } from './simulate.ts';

/** As `npm run test:simulation` has them; `npm test` runs two. */
const { SEED, SEEDS, TIMES = '2', MINUTES = '10' } = process.env;

/** Short runs, for `npm test`. */
const SHORT = [11, 56];

const seeds = SEED ? [Number(SEED)] : SEEDS ? Array.from({ length: Number(SEEDS) }, (_, i) => i + 1) : SHORT;
const inTime = () => performance.now() < Number(MINUTES) * 60_000;

/** Two seconds, but for the busiest machine. */
const A_RUN_MS = 60_000;

/** It loads on its way what later runs find there. */
let first: Run | undefined;

describe('whatever goes wrong: lost answers, throttling, outages, crashes, freezes, copies, replays, redrives, days', () => {
  test.for(seeds)(
    'SEED=%i: nothing is lost or done twice, and all comes to rest (I1 I2 I3 I4 I5 I6 I9 I10 I11 I12 I13 I15 I16 I17)',
    { timeout: A_RUN_MS },
    async (seed, { skip }) => {
      if (!inTime()) skip(`${MINUTES} minutes are over`);
      const run = await simulate(seed, inject('shopAssembly'));
      first ??= run;
      expect(violations(run), `SEED=${seed} npm run test:simulation replays it`).toEqual([]);
    },
  );
});

test(
  'the same seed gives the same trace, time after time (I14)',
  async () => {
    const traces = new Set([first!.trace]);
    for (let time = 1; time < Number(TIMES); time++)
      traces.add((await simulate(first!.seed, inject('shopAssembly'))).trace);
    expect(traces.size).toBe(1);
  },
  Number(TIMES) * A_RUN_MS,
);
