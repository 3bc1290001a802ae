import { Presets, SingleBar } from 'cli-progress';

export interface Progress {
  /** How far it is now. */
  at(done: number): void;
  /** How far it will come, once that is known. */
  outOf(total: number): void;
  stop(): void;
}

/** A bar on standard error; without a terminal there, a line every ten seconds. `total` is how far it may come. */
export function progress(what: string, total = 0): Progress {
  const bar = new SingleBar(
    {
      stream: process.stderr,
      format: `  {bar} {percentage}% {value}/{total} ${what}, {duration_formatted}`,
      hideCursor: true,
      noTTYOutput: true,
      notTTYSchedule: 10_000,
      barsize: 30,
    },
    Presets.shades_classic,
  );
  bar.start(total, 0);
  return {
    at(done) {
      if (done > bar.getTotal()) bar.setTotal(done);
      bar.update(done);
    },
    outOf: (known) => bar.setTotal(known),
    stop: () => bar.stop(),
  };
}
