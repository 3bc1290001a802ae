import type { Clock } from '../../clock.ts';
import type { Stopwatch } from '../host.ts';

/** Real processes take real time: when the clock skips ahead, what they have left stays as it was. */
export function realStopwatch(clock: Clock): Stopwatch {
  return {
    elapsed,
    after(ms, run) {
      const end = elapsed() + ms;
      let cancelled = false;
      let timer = clock.after(ms, due);
      function due() {
        if (cancelled) return;
        const left = end - elapsed();
        if (left > 1) timer = clock.after(left, due);
        else run();
      }
      return {
        cancel() {
          cancelled = true;
          timer.cancel();
        },
      };
    },
  };
}

const elapsed = () => performance.now();
