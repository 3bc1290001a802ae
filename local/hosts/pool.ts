import type { Clock, Timer } from '../clock.ts';
import type { Environment } from './environment.ts';
import type { FunctionHost, FunctionVersion } from './host.ts';

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
  const busy = new Map<string, Set<Environment>>();
  const retired = new Set<string>();
  const waiting: Waiting[] = [];
  let count = 0;
  let alarm: Timer | undefined;

  const opened = (fn: FunctionVersion, waited: number): Environment | undefined => {
    const running = busy.get(fn.id)?.size ?? 0;
    const stuck = waited >= STUCK_MS;
    if (running > 0 && waited < patience) return undefined;
    if (running >= atOnce && !stuck) return undefined;
    if (count >= limit && !stuck) {
      if (!idle.discardOldest(running === 0 ? 0 : LONG_IDLE_MS)) return undefined;
      count--;
    }
    count++;
    return open(fn);
  };
  const taken = (fn: FunctionVersion, waited: number) => {
    const { environment, outworn } = idle.take(fn.id);
    count -= outworn;
    const found = environment ?? opened(fn, waited);
    if (found) busy.set(fn.id, (busy.get(fn.id) ?? new Set()).add(found));
    return found;
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
  const giveBack = (environment: Environment) => {
    const { id } = environment.fn;
    const running = busy.get(id);
    running?.delete(environment);
    if (running?.size === 0) busy.delete(id);
    if (retired.has(id)) {
      environment.end();
      count--;
    } else idle.add(environment, (ended) => (count -= ended));
    if (waiting.length > 0) serve();
  };

  return {
    atOnce,
    async invoke(fn, invocation) {
      const environment =
        taken(fn, 0) ??
        (await new Promise<Environment>((go) => {
          waiting.push({ fn, since: clock.now(), go });
          alarm ??= clock.after(Math.max(1, patience), serve);
        }));
      try {
        return await environment.run(invocation);
      } finally {
        giveBack(environment);
      }
    },
    retire(id) {
      retired.add(id);
      count -= idle.discard(id);
    },
    end() {
      alarm?.cancel();
      idle.end();
      for (const running of busy.values()) for (const environment of running) environment.end();
    },
  };
}

/** An environment so long idle ends. AWS promises nothing; minutes are what is seen. */
const IDLE_MS = 10 * 60_000;

/** So long must one be idle before it gives way to a further one of another function. */
const LONG_IDLE_MS = 30_000;

/** Who has waited so long is let in beyond every limit: functions that call one another must not wait for ever. */
const STUCK_MS = 10_000;

/** Environments at rest, the one used last at the end. */
function idleEnvironments(clock: Clock) {
  const idle: { environment: Environment; since: number }[] = [];
  let sweep: Timer | undefined;
  const end = (index: number) => idle.splice(index, 1)[0]?.environment.end();
  const sweepUp = (ended: (count: number) => void) => {
    let count = 0;
    for (; idle[0] && idle[0].since + IDLE_MS <= clock.now(); count++) end(0);
    ended(count);
    sweep = idle[0] && clock.after(idle[0].since + IDLE_MS - clock.now(), () => sweepUp(ended));
  };

  return {
    add(environment: Environment, ended: (count: number) => void) {
      idle.push({ environment, since: clock.now() });
      sweep ??= clock.after(IDLE_MS, () => sweepUp(ended));
    },
    /** `outworn`: how many had to end instead, because their credentials expire. */
    take(id: string): { environment?: Environment; outworn: number } {
      let outworn = 0;
      for (let i = idle.length - 1; i >= 0; i--) {
        const { environment } = idle[i]!;
        if (environment.fn.id !== id) continue;
        if (environment.lasts()) {
          idle.splice(i, 1);
          return { environment, outworn };
        }
        end(i);
        outworn++;
      }
      return { outworn };
    },
    /** Ends the one idle for longest, if it was for `ms`. */
    discardOldest(ms: number): boolean {
      if (!idle[0] || idle[0].since + ms > clock.now()) return false;
      end(0);
      return true;
    },
    discard(id: string): number {
      const before = idle.length;
      for (let i = idle.length - 1; i >= 0; i--) if (idle[i]!.environment.fn.id === id) end(i);
      return before - idle.length;
    },
    end() {
      sweep?.cancel();
      for (const { environment } of idle) environment.end();
    },
  };
}
