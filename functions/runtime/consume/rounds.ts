import { Fault, refusal } from '../errors.ts';
import type { Arrival } from './outcome.ts';

export interface Turns {
  /** Gives those that it can an outcome; dead-letters what has to be. */
  run(round: readonly Arrival[]): Promise<void>;
  /** How many of `count` records may be tried now. */
  allowed(count: number): number;
  /** Milliseconds that are left for rounds. */
  remaining(): number;
  now(): number;
}

/**
 * Mostly one round is all it takes; what one leaves without an outcome is in the next. After a failure of a FIFO group the
 * rest of it goes back unrun; a dead-lettered head lets its followers go on.
 */
export async function inRounds(
  arrivals: readonly Arrival[],
  { run, allowed, remaining, now }: Turns,
): Promise<void> {
  let waiting = [...arrivals];
  let longest = 0;
  while (waiting.length > 0) {
    if (remaining() <= longest) return unrun(waiting, refusal('DEADLINE', 'no time was left'));
    const round = waiting.slice(0, allowed(waiting.length));
    if (round.length === 0) return unrun(waiting, new Fault('BREAKER_OPEN', 'a dependency is unavailable'));
    const started = now();
    await run(round);
    longest = Math.max(longest, now() - started);
    const stopped = new Set(
      round.filter(({ outcome }) => outcome?.kind === 'retry').map(({ group }) => group),
    );
    stopped.delete(undefined);
    waiting = waiting.filter(({ outcome }) => !outcome);
    if (stopped.size === 0) continue;
    unrun(
      waiting.filter(({ group }) => stopped.has(group)),
      new Fault('BEHIND', 'an earlier message of this group is being tried again'),
    );
    waiting = waiting.filter(({ outcome }) => !outcome);
  }
}

function unrun(arrivals: readonly Arrival[], fault: Fault): void {
  for (const arrival of arrivals) arrival.outcome = { kind: 'unrun', fault };
}
