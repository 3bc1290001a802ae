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
}

/**
 * The environments of a host. An idle one of the same version is used again, the one used last first; else a new one is
 * opened; where a limit stands against that, the one idle for longest makes room, or the invocation waits its turn.
 */
export function pool({
  clock,
  open,
  limit = Infinity,
  atOnce = Infinity,
}: PoolOptions): Omit<FunctionHost, 'stop'> & { end(): void } {
  const idle: { environment: Environment; since: number }[] = [];
  const busy = new Set<Environment>();
  const retired = new Set<string>();
  const waiting: { fn: FunctionVersion; go: (environment: Environment) => void }[] = [];
  let sweep: Timer | undefined;
  let hurry: Timer | undefined;

  const discard = (index: number) => idle.splice(index, 1)[0]?.environment.end();

  const reused = (fn: FunctionVersion): Environment | undefined => {
    for (let i = idle.length - 1; i >= 0; i--) {
      const { environment } = idle[i]!;
      if (environment.fn.id !== fn.id) continue;
      if (environment.lasts()) return idle.splice(i, 1)[0]!.environment;
      discard(i);
    }
    return undefined;
  };
  const opened = (fn: FunctionVersion, beyond = false): Environment | undefined => {
    if (!beyond && atOnce !== Infinity) {
      let running = 0;
      for (const environment of busy) if (environment.fn.id === fn.id) running++;
      if (running >= atOnce) return undefined;
    }
    if (busy.size + idle.length >= limit) {
      if (idle.length > 0) discard(0);
      else if (!beyond) return undefined;
    }
    return open(fn);
  };
  const taken = (fn: FunctionVersion, beyond = false) => {
    const environment = reused(fn) ?? opened(fn, beyond);
    if (environment) busy.add(environment);
    return environment;
  };

  /** Invocations that wait for one another (a function that calls a function) must not wait for ever. */
  const watch = () => {
    hurry?.cancel();
    hurry = waiting.length > 0 ? clock.after(PATIENCE_MS, () => serve(true)) : undefined;
  };
  const serve = (beyond = false) => {
    for (let i = 0; i < waiting.length; i++) {
      const environment = taken(waiting[i]!.fn, beyond && i === 0);
      if (environment) waiting.splice(i--, 1)[0]!.go(environment);
    }
    watch();
  };
  const giveBack = (environment: Environment) => {
    busy.delete(environment);
    if (retired.has(environment.fn.id)) environment.end();
    else idle.push({ environment, since: clock.now() });
    sweep ??= clock.after(IDLE_MS, retireIdle);
    if (waiting.length > 0) serve();
  };
  const retireIdle = () => {
    while (idle.length > 0 && idle[0]!.since + IDLE_MS <= clock.now()) discard(0);
    sweep = idle[0] && clock.after(idle[0].since + IDLE_MS - clock.now(), retireIdle);
  };

  return {
    atOnce: Math.min(atOnce, limit),
    async invoke(fn, invocation) {
      const environment =
        taken(fn) ??
        (await new Promise<Environment>((go) => {
          waiting.push({ fn, go });
          if (!hurry) watch();
        }));
      try {
        return await environment.run(invocation);
      } finally {
        giveBack(environment);
      }
    },
    retire(id) {
      retired.add(id);
      for (let i = idle.length - 1; i >= 0; i--) if (idle[i]!.environment.fn.id === id) discard(i);
    },
    end() {
      sweep?.cancel();
      hurry?.cancel();
      for (const environment of [...idle.map((one) => one.environment), ...busy]) environment.end();
    },
  };
}

/** After so long an idle environment ends. AWS promises nothing; minutes are what is seen. */
const IDLE_MS = 10 * 60_000;

/** So long nothing moved although invocations wait: the first of them is let in beyond the limits. */
const PATIENCE_MS = 5_000;
