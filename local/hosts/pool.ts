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
}

export type Pool = Omit<FunctionHost, 'stop'> & { end(): void };

/** An invocation without an environment. */
interface Waiting {
  fn: FunctionVersion;
  since: number;
  go(environment: Environment): void;
}

/**
 * The environments of a host. An idle one of the same version is used again, the one used last first; else a new one is
 * opened. Where a limit stands against that, one that has long been idle makes room, or the invocation waits its turn.
 */
export function pool({ clock, open, limit = Infinity, atOnce = Infinity, patience = 0 }: PoolOptions): Pool {
  const idle = idleEnvironments(clock);
  const busy = busyEnvironments();
  const retired = new Set<string>();
  const waiting: Waiting[] = [];
  let alarm: Timer | undefined;

  const roomFor = (fn: FunctionVersion, waited: number): boolean => {
    const running = busy.count(fn.id);
    if (waited >= STUCK_MS) return true;
    if (running >= atOnce || (running > 0 && waited < patience)) return false;
    return busy.total() + idle.count() < limit || idle.discardOldest(running === 0 ? 0 : LONG_IDLE_MS);
  };
  const taken = (fn: FunctionVersion, waited: number): Environment | undefined => {
    const environment = idle.take(fn.id) ?? (roomFor(fn, waited) ? open(fn) : undefined);
    if (environment) busy.add(environment);
    return environment;
  };
  /** Serves those who wait, in the order in which they came, as far as there is room. */
  const serve = () => {
    alarm?.cancel();
    for (let i = 0; i < waiting.length; i++) {
      const { fn, since, go } = waiting[i]!;
      const environment = taken(fn, clock.now() - since);
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
  const giveBack = (environment: Environment) => {
    busy.remove(environment);
    if (retired.has(environment.fn.id)) environment.end();
    else idle.add(environment);
    if (waiting.length > 0) serve();
  };

  return {
    atOnce,
    async invoke(fn, invocation) {
      const environment = taken(fn, 0) ?? (await queued(fn));
      try {
        return await environment.run(invocation);
      } finally {
        giveBack(environment);
      }
    },
    retire(id) {
      retired.add(id);
      idle.discard(id);
    },
    end() {
      alarm?.cancel();
      idle.end();
      busy.end();
    },
  };
}

/** Environments at work, by version. */
function busyEnvironments() {
  const busy = new Map<string, Set<Environment>>();
  const all = () => [...busy.values()].flatMap((running) => [...running]);
  return {
    count: (id: string) => busy.get(id)?.size ?? 0,
    total: () => all().length,
    add(environment: Environment) {
      const { id } = environment.fn;
      busy.set(id, (busy.get(id) ?? new Set()).add(environment));
    },
    remove(environment: Environment) {
      const running = busy.get(environment.fn.id);
      running?.delete(environment);
      if (running?.size === 0) busy.delete(environment.fn.id);
    },
    end() {
      for (const environment of all()) environment.end();
    },
  };
}

/** So long must one be idle before it gives way to a further one of another function. */
const LONG_IDLE_MS = 30_000;

/** Who has waited so long is let in beyond every limit: functions that call one another must not wait for ever. */
const STUCK_MS = 10_000;
