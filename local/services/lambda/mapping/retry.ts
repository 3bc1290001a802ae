import { AwsError } from '../../../errors.ts';
import type { Clock, Timer } from '../../../clock.ts';
import type { World } from '../../../world.ts';
import type { Configuration } from './mapping.ts';

/** Runs `call`; what AWS would refuse becomes the mapping's last result, and `undefined`. */
export async function attempted<T>(
  configuration: Configuration,
  call: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    configuration.LastProcessingResult = `PROBLEM: ${error.code}: ${error.message}`;
    return undefined;
  }
}

/** Waits that double from one second, at most a minute. */
export const backoff = (world: World, failures: number): Promise<void> =>
  world.clock.sleep(Math.min(1000 * 2 ** (failures - 1), 60_000));

/** Runs something later and later as long as it fails. */
export function retrying(clock: Clock) {
  let failures = 0;
  let timer: Timer | undefined;
  const cancel = () => timer?.cancel();
  return {
    cancel,
    unless(done: boolean, run: () => void) {
      cancel();
      failures = done ? 0 : failures + 1;
      if (!done) timer = clock.after(Math.min(1000 * 2 ** failures, LONGEST_RETRY_MS), run);
    },
  };
}

const LONGEST_RETRY_MS = 300_000;
