/**
 * Time in the embedded AWS. Nothing in `local/` reads `Date.now()` or sets a timer by itself: everything that waits
 * waits here, so a test can pass fourteen days in a moment and a server can skip ahead.
 */
import { heap, type Entry, type Heap } from './heap.ts';

/** Something that waits for its moment; `cancel` forgets it and is safe to call twice. */
export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `run` once, `ms` from now (0 when negative). Timers due at the same moment run in the order they were set. */
  after(ms: number, run: () => void): Timer;
  /** Resolves `ms` from now. */
  sleep(ms: number): Promise<void>;
  /**
   * Real work (a file that is read, a module that is compiled) during which virtual time stands still. However long it
   * takes, what comes of it comes when all else is still, and in the order in which it was begun.
   */
  hold<T>(work: Promise<T>): Promise<T>;
  /** Skips ahead by `ms`; resolves once everything that was due has happened. */
  advance(ms: number): Promise<void>;
  /** What comes of `work`, which time passes for: virtual time skips from one thing that is due to the next. */
  until<T>(work: Promise<T>): Promise<T>;
  /** Milliseconds that `now` is ahead of the machine's own clock, by advancing; 0 where time is not the machine's. */
  skipped(): number;
  /** Forgets all timers, so that a process can end. */
  stop(): void;
}

/** Time that stands still until `advance`. `start` is milliseconds since 1970. */
export function virtualClock({ start = Date.UTC(2030, 0, 1) }: VirtualClockOptions = {}): Clock {
  let now = start;
  let held = 0;
  let last: Promise<unknown> = Promise.resolve();
  const due: Due = heap();
  /** Counted from the end of real work: how long that took must not show in how far comes what follows from it. */
  const still = async () => {
    do {
      await last;
      await quiet();
    } while (held > 0);
  };

  return {
    now: () => now,
    after: (ms, run) => timerOf(due, due.add(now + Math.max(0, ms), run)),
    sleep: (ms) => new Promise((resolve) => due.add(now + Math.max(0, ms), resolve)),
    async hold(work) {
      held++;
      const before = last;
      const turn = (async () => {
        await before;
        await Promise.all([work.catch(() => {}), quiet(ALL_ELSE_IS_STILL)]);
      })();
      last = turn;
      try {
        await turn;
        return await work;
      } finally {
        held--;
      }
    },
    async advance(ms) {
      const target = now + ms;
      await still();
      for (let next = due.first(); next && next.at <= target; next = due.first()) {
        now = Math.max(now, next.at);
        runOne(due, next);
        await still();
      }
      now = target;
    },
    async until(work) {
      let over = false;
      const end = () => void (over = true);
      work.then(end, end);
      for (await still(); !over; await still()) {
        const next = due.first();
        if (!next) continue;
        now = Math.max(now, next.at);
        runOne(due, next);
      }
      return work;
    },
    skipped: () => 0,
    stop: () => due.clear(),
  };
}

/** Time as the machine tells it, plus what was skipped: `skipped` milliseconds before it began. */
export function realClock(skipped = 0): Clock {
  let native: NodeJS.Timeout | undefined;
  const due: Due = heap();
  const now = () => Date.now() + skipped;

  const arm = () => {
    clearTimeout(native);
    const next = due.first();
    if (next) native = setTimeout(fire, Math.min(Math.max(0, next.at - now()), LONGEST_NATIVE_TIMER));
  };
  const fire = () => {
    for (let next = due.first(); next && next.at <= now(); next = due.first()) runOne(due, next);
    arm();
  };
  const after = (ms: number, run: () => void): Timer => {
    const entry = due.add(now() + Math.max(0, ms), run);
    if (due.first() === entry) arm();
    return timerOf(due, entry);
  };

  return {
    now,
    after,
    sleep: (ms) => new Promise((resolve) => after(ms, resolve)),
    hold: (work) => work,
    async advance(ms) {
      skipped += ms;
      fire();
      await quiet();
    },
    until: (work) => work,
    skipped: () => skipped,
    stop() {
      due.clear();
      clearTimeout(native);
    },
  };
}

export interface VirtualClockOptions {
  /** @default 2030-01-01T00:00:00Z */
  start?: number;
}

/** A timer set further ahead than this would fire at once in Node. https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const LONGEST_NATIVE_TIMER = 2 ** 31 - 1;

/** Turns of the event loop in which everything that can happen at one moment has happened. */
const ALL_ELSE_IS_STILL = 32;

/** Lets every promise that can go on go on: microtasks, nextTick and immediates of a few turns. */
export async function quiet(turns = 4): Promise<void> {
  for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** What is to run, by its moment. */
type Due = Heap<() => void>;

const timerOf = (due: Due, entry: Entry<() => void>): Timer => ({ cancel: () => due.remove(entry) });

function runOne(due: Due, entry: Entry<() => void>): void {
  due.remove(entry);
  entry.item();
}
