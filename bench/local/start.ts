/** From the start of the process to its first answer. */
import { performance } from 'node:perf_hooks';
import { row, rounds } from './rounds.ts';
import type { Contestant } from './server.ts';

const ROUNDS = 7;

export async function startRows(contestants: Contestant[]) {
  const results = await rounds(contestants, ROUNDS, async (contestant) => {
    const began = performance.now();
    const { stop } = await contestant.start();
    const ms = performance.now() - began;
    await stop();
    return { ms };
  });
  return [row('start to first answer (ms)', results, 'ms', 'fauxqs', '≤ 1.5')];
}
