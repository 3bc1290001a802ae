import { promisify } from 'node:util';
import type { Clock, Timer } from '../../clock.ts';
import type { Life } from './life.ts';

export type Timers = ReturnType<typeof virtualTimers>;

/** Node's timers over the clock of the world; what falls due while the instance is frozen fires at the thaw. */
export function virtualTimers(clock: Clock, life: Life) {
  const pending = new Map<number, Timer>();
  let last = 0;

  const set = (repeat: boolean, run: (...args: unknown[]) => void, ms = 1, args: unknown[] = []) => {
    const id = ++last;
    const delay = ms >= 1 && ms < 2 ** 31 ? Math.trunc(ms) : 1;
    const arm = () =>
      void pending.set(
        id,
        clock.after(delay, () => life.enter(fire)),
      );
    const fire = () => {
      if (!pending.delete(id)) return;
      if (repeat) arm();
      run(...args);
    };
    arm();
    return handle(id, arm);
  };
  const clear = (timer: unknown) => {
    const id = Number(timer);
    pending.get(id)?.cancel();
    pending.delete(id);
  };
  const handle = (id: number, arm: () => void) => {
    const timeout = {
      ref: () => timeout,
      unref: () => timeout,
      hasRef: () => true,
      close: () => (clear(id), timeout),
      refresh() {
        pending.get(id)?.cancel();
        arm();
        return timeout;
      },
      [Symbol.toPrimitive]: () => id,
      [Symbol.dispose]: () => clear(id),
    };
    return timeout;
  };
  const sleep = (ms?: number, value?: unknown) =>
    new Promise((resolve) => set(false, () => resolve(value), ms));

  const setTimeout = (run: () => void, ms?: number, ...args: unknown[]) => set(false, run, ms, args);
  return {
    setTimeout: Object.assign(setTimeout, { [promisify.custom]: sleep }),
    setInterval: (run: () => void, ms?: number, ...args: unknown[]) => set(true, run, ms, args),
    setImmediate: (run: (...args: unknown[]) => void, ...args: unknown[]) =>
      setImmediate(() => life.enter(() => run(...args))),
    clearTimeout: clear,
    clearInterval: clear,
    clearImmediate,
    sleep,
    end() {
      for (const timer of pending.values()) timer.cancel();
      pending.clear();
    },
  };
}
