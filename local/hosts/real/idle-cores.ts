import { cpus } from 'node:os';
import type { Stopwatch } from '../host.ts';

/** Tells whether the machine's cores were idle for a tenth of the time lately. The first answer, and one after a pause, is no. */
export function idleCores({ elapsed }: Pick<Stopwatch, 'elapsed'>): () => boolean {
  let answer = false;
  let seen = { at: -Infinity, idle: 0, all: 0 };
  return () => {
    const at = elapsed();
    if (at - seen.at < SHORTEST_MS) return answer;
    const now = { at, ...ticks() };
    const share = (now.idle - seen.idle) / (now.all - seen.all);
    answer = at - seen.at < LONGEST_MS && share > IDLE_SHARE;
    seen = now;
    return answer;
  };
}

const SHORTEST_MS = 500;
const LONGEST_MS = 2000;
const IDLE_SHARE = 0.1;

/** Of all cores together. */
function ticks(): { idle: number; all: number } {
  const times = cpus().map((core) => core.times);
  return { idle: sum(times.map(({ idle }) => idle)), all: sum(times.flatMap((time) => Object.values(time))) };
}

const sum = (values: number[]): number => values.reduce((all, value) => all + value, 0);
