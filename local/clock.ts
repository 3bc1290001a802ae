/**
 * Time in the embedded AWS. Nothing in `local/` reads `Date.now()` or sets a timer by itself: everything that waits
 * waits here, so a test can pass fourteen days in a moment and a server can skip ahead.
 */

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
  const due = timers();
  /** Counted from the end of real work: how long that took must not show in how far comes what follows from it. */
  const still = async () => {
    do {
      await last;
      await quiet();
    } while (held > 0);
  };

  return {
    now: () => now,
    after: (ms, run) => due.add(now + Math.max(0, ms), run),
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
      for (let at = due.next(); at !== undefined && at <= target; at = due.next()) {
        now = Math.max(now, at);
        due.runNext();
        await still();
      }
      now = target;
    },
    async until(work) {
      let over = false;
      const end = () => void (over = true);
      work.then(end, end);
      for (await still(); !over; await still()) {
        now = Math.max(now, due.next() ?? now);
        if (due.next() !== undefined) due.runNext();
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
  const due = timers();
  const now = () => Date.now() + skipped;

  const arm = () => {
    clearTimeout(native);
    const at = due.next();
    if (at !== undefined) native = setTimeout(fire, Math.min(Math.max(0, at - now()), LONGEST_NATIVE_TIMER));
  };
  const fire = () => {
    for (let at = due.next(); at !== undefined && at <= now(); at = due.next()) due.runNext();
    arm();
  };
  const after = (ms: number, run: () => void): Timer => {
    const timer = due.add(now() + Math.max(0, ms), run);
    if (due.isNext(timer)) arm();
    return timer;
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

interface Waiting extends Timer {
  at: number;
  order: number;
  run: (() => void) | undefined;
}

/** A binary heap by time, then by the order of setting. Cancelled timers are dropped when they surface. */
function timers() {
  let heap: Waiting[] = [];
  let order = 0;
  const before = (a: Waiting, b: Waiting) => a.at < b.at || (a.at === b.at && a.order < b.order);

  const up = (i: number) => {
    for (
      let parent = (i - 1) >> 1;
      i > 0 && before(heap[i]!, heap[parent]!);
      i = parent, parent = (i - 1) >> 1
    ) {
      [heap[i], heap[parent]] = [heap[parent]!, heap[i]!];
    }
  };
  const down = (i: number) => {
    for (;;) {
      const left = 2 * i + 1;
      let least = i;
      if (left < heap.length && before(heap[left]!, heap[least]!)) least = left;
      if (left + 1 < heap.length && before(heap[left + 1]!, heap[least]!)) least = left + 1;
      if (least === i) return;
      [heap[i], heap[least]] = [heap[least]!, heap[i]!];
      i = least;
    }
  };
  const pop = (): Waiting | undefined => {
    const first = heap[0];
    const last = heap.pop();
    if (heap.length > 0) {
      heap[0] = last!;
      down(0);
    }
    return first;
  };
  const dropCancelled = () => {
    while (heap.length > 0 && !heap[0]!.run) pop();
  };

  return {
    add(at: number, run: () => void): Waiting {
      const timer: Waiting = { at, order: order++, run, cancel: () => (timer.run = undefined) };
      heap.push(timer);
      up(heap.length - 1);
      return timer;
    },
    next(): number | undefined {
      dropCancelled();
      return heap[0]?.at;
    },
    isNext(timer: Timer): boolean {
      dropCancelled();
      return heap[0] === timer;
    },
    runNext() {
      const { run } = pop()!;
      run?.();
    },
    clear: () => void (heap = []),
  };
}
