import type { Clock } from '../../../clock.ts';
import type { Configuration, Target } from './mapping.ts';

/**
 * How many batches of a queue may be under way. A mapping starts with five and adds 300 a minute while there is a backlog;
 * a FIFO queue limits itself by its groups. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
export function sqsScaling(clock: Clock, { ScalingConfig }: Configuration, { atOnce }: Target) {
  const most = Math.min(ScalingConfig?.MaximumConcurrency ?? MOST, atOnce);
  let backlogSince: number | undefined;
  return {
    limit() {
      backlogSince ??= clock.now();
      return Math.min(most, FIRST + Math.floor(((clock.now() - backlogSince) / 60_000) * A_MINUTE));
    },
    /** The queue had nothing more. */
    emptied: () => void (backlogSince = undefined),
  };
}

const FIRST = 5;
const A_MINUTE = 300;
const MOST = 1250;
