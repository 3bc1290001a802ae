import type { Clock, Timer } from '../clock.ts';
import type { Environment } from './environment.ts';

/** Environments at rest, the one used last at the end. One so long idle that nobody will come ends. */
export function idleEnvironments(clock: Clock) {
  const idle: { environment: Environment; since: number }[] = [];
  let sweep: Timer | undefined;

  const end = (index: number) => idle.splice(index, 1)[0]?.environment.end();
  const sweepUp = () => {
    while (idle[0] && idle[0].since + IDLE_MS <= clock.now()) end(0);
    sweep = idle[0] && clock.after(idle[0].since + IDLE_MS - clock.now(), sweepUp);
  };

  return {
    count: () => idle.length,
    add(environment: Environment) {
      idle.push({ environment, since: clock.now() });
      sweep ??= clock.after(IDLE_MS, sweepUp);
    },
    /** One of this version. Those whose credentials are about to expire end instead. */
    take(id: string): Environment | undefined {
      for (let i = idle.length - 1; i >= 0; i--) {
        const { environment } = idle[i]!;
        if (environment.fn.id !== id) continue;
        if (environment.lasts()) return idle.splice(i, 1)[0]!.environment;
        end(i);
      }
      return undefined;
    },
    /** Ends the one idle for longest, if it was for `ms`; tells whether it did. */
    discardOldest(ms: number): boolean {
      if (!idle[0] || idle[0].since + ms > clock.now()) return false;
      end(0);
      return true;
    },
    discard(id: string) {
      for (let i = idle.length - 1; i >= 0; i--) if (idle[i]!.environment.fn.id === id) end(i);
    },
    end() {
      sweep?.cancel();
      for (const { environment } of idle) environment.end();
    },
  };
}

/** AWS promises nothing; minutes are what is seen. */
const IDLE_MS = 10 * 60_000;
