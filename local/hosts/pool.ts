import type { Clock, Timer } from '../clock.ts';
import type { Environment } from './environment.ts';
import type { FunctionHost, FunctionVersion } from './host.ts';
import { idleEnvironments } from './idle.ts';

export interface PoolOptions {
  clock: Clock;
  open(fn: FunctionVersion): Environment;
  /** The most environments at a time, of all functions. @default no limit */
  limit?: number;
  /** The most environments of one function. @default no limit */
  atOnce?: number;
  /** How long an invocation waits for a busy environment of its function before it gets another, in ms. @default 0 */
  patience?: number;
  /** Whether an invocation need not wait, where its function has been busy without a break for that long. @default no */
  spare?: () => boolean;
}

export type Pool = Omit<FunctionHost, 'stop'> & { end(): void };

/** An invocation without an environment. */
interface Waiting {
  fn: FunctionVersion;
  since: number;
  go(environment: Environment): void;
}

/** The environments of a host, and the invocations that wait for one. */
export function pool(options: PoolOptions): Pool {
  const { clock, atOnce = Infinity, patience = 0 } = options;
  const environments = allocation(options);
  const waiting: Waiting[] = [];
  let alarm: Timer | undefined;

  /** Serves those who wait, in the order in which they came, as far as there is room. */
  const serve = () => {
    alarm?.cancel();
    for (let i = 0; i < waiting.length; i++) {
      const { fn, since, go } = waiting[i]!;
      const environment = environments.take(fn, clock.now() - since);
      if (!environment) continue;
      waiting.splice(i--, 1);
      go(environment);
    }
    alarm = waiting.length > 0 ? clock.after(Math.max(1, patience), serve) : undefined;
  };
  const queued = (fn: FunctionVersion) =>
    new Promise<Environment>((go) => {
      waiting.push({ fn, since: clock.now(), go });
      alarm ??= clock.after(Math.max(1, patience), serve);
    });

  return {
    atOnce,
    async invoke(fn, invocation) {
      const environment = environments.take(fn, 0) ?? (await queued(fn));
      try {
        return await environment.run(invocation);
      } finally {
        environments.giveBack(environment);
        if (waiting.length > 0) serve();
      }
    },
    retire: environments.retire,
    end() {
      alarm?.cancel();
      environments.end();
    },
  };
}

/**
 * An idle environment of the same version is used again, the one used last first; else a new one is opened. Where a limit
 * stands against that, one that has long been idle makes room, or there is none for now.
 */
function allocation(options: PoolOptions) {
  const { clock, open, limit = Infinity, atOnce = Infinity, patience = 0, spare = () => false } = options;
  const idle = idleEnvironments(clock);
  const busy = busyEnvironments(clock);
  const retired = new Set<string>();

  const roomFor = (fn: FunctionVersion, waited: number): boolean => {
    const running = busy.count(fn.id);
    if (waited >= STUCK_MS) return true;
    const patient = waited < patience && (busy.forMs(fn.id) < patience || !spare());
    if (running >= atOnce || (running > 0 && patient)) return false;
    return busy.total() + idle.count() < limit || idle.discardOldest(running === 0 ? 0 : LONG_IDLE_MS);
  };
  return {
    /** @param waited how long the invocation has waited, in ms */
    take(fn: FunctionVersion, waited: number): Environment | undefined {
      const environment = idle.take(fn.id) ?? (roomFor(fn, waited) ? open(fn) : undefined);
      if (environment) busy.add(environment);
      return environment;
    },
    giveBack(environment: Environment) {
      busy.remove(environment);
      if (retired.has(environment.fn.id)) environment.end();
      else idle.add(environment);
    },
    retire(id: string) {
      retired.add(id);
      idle.discard(id);
    },
    end() {
      idle.end();
      busy.end();
    },
  };
}

/** Environments at work, by version. */
function busyEnvironments({ now }: Clock) {
  const busy = new Map<string, Set<Environment>>();
  const work = new Map<string, { since: number; until: number }>();
  const all = () => [...busy.values()].flatMap((running) => [...running]);
  const count = (id: string) => busy.get(id)?.size ?? 0;
  return {
    count,
    total: () => all().length,
    /** For how long one or the other of a version has been at work, with no break but a breath. */
    forMs: (id: string) => now() - (work.get(id)?.since ?? now()),
    add(environment: Environment) {
      const { id } = environment.fn;
      const { since, until } = work.get(id) ?? { since: now(), until: now() };
      const rested = count(id) === 0 && now() - until > BREATH_MS;
      work.set(id, { since: rested ? now() : since, until });
      busy.set(id, (busy.get(id) ?? new Set()).add(environment));
    },
    remove(environment: Environment) {
      const { id } = environment.fn;
      busy.get(id)?.delete(environment);
      if (count(id) > 0) return;
      busy.delete(id);
      work.set(id, { ...work.get(id)!, until: now() });
    },
    end() {
      for (const environment of all()) environment.end();
    },
  };
}

/** How long it takes at most until the next batch is there. */
const BREATH_MS = 5;

/** So long must one be idle before it gives way to a further one of another function. */
const LONG_IDLE_MS = 30_000;

/** Who has waited so long is let in beyond every limit: functions that call one another must not wait for ever. */
const STUCK_MS = 10_000;
