import { Fault, refusal } from '../errors.ts';
import type { Arrival } from './outcome.ts';

export interface Turns {
  /** Gives every arrival of a round its outcome; dead-letters what has to be. */
  run(round: readonly Arrival[]): Promise<void>;
  /** How many of `count` records may be tried now. */
  allowed(count: number): number;
  /** Milliseconds that are left for rounds. */
  remaining(): number;
  now(): number;
}

/**
 * Records of one key, one id or one FIFO group run one after the other, all others side by side. After a failure of a
 * FIFO group the rest of it goes back unrun; a dead-lettered head lets its followers go on.
 */
export async function inRounds(
  arrivals: readonly Arrival[],
  { run, allowed, remaining, now }: Turns,
): Promise<void> {
  let waiting = [...arrivals];
  let longest = 0;
  while (waiting.length > 0) {
    if (remaining() <= longest) return unrun(waiting, refusal('DEADLINE', 'no time was left'));
    const { round, later } = nextRound(waiting, allowed(waiting.length));
    if (round.length === 0) return unrun(waiting, new Fault('BREAKER_OPEN', 'a dependency is unavailable'));
    const started = now();
    await run(round);
    longest = Math.max(longest, now() - started);
    const stopped = new Set(
      round.filter(({ outcome }) => outcome?.kind === 'retry').map(({ group }) => group),
    );
    stopped.delete(undefined);
    unrun(
      later.filter(({ group }) => stopped.has(group)),
      new Fault('BEHIND', 'an earlier message of this group is being tried again'),
    );
    waiting = later.filter(({ outcome }) => !outcome);
  }
}

function nextRound(waiting: readonly Arrival[], most: number): { round: Arrival[]; later: Arrival[] } {
  const taken = new Set<string>();
  const round: Arrival[] = [];
  const later: Arrival[] = [];
  for (const arrival of waiting) {
    const lanes = lanesOf(arrival);
    const free = round.length < most && lanes.every((lane) => !taken.has(lane));
    for (const lane of lanes) taken.add(lane);
    (free ? round : later).push(arrival);
  }
  return { round, later };
}

const lanesOf = ({ received, keys, group }: Arrival): string[] => [
  ...keys.map((key) => `a#${key}`),
  ...(received ? [`m#${received.id}`] : []),
  ...(group === undefined ? [] : [`g#${group}`]),
];

function unrun(arrivals: readonly Arrival[], fault: Fault): void {
  for (const arrival of arrivals) arrival.outcome = { kind: 'unrun', fault };
}
