import type { Duration } from 'aws-cdk-lib';

/** The runtime waits a random time below 1 s, 2 s, 4 s … up to this before it tries a record again. */
export const LONGEST_BACKOFF_SECONDS = 900;

/** AWS advises at least 5, because a throttled invocation uses up a receive too. SQS takes at most 1,000. */
const FEWEST_RECEIVES = 5;
export const MOST_RECEIVES = 1000;

/** How many standard deviations of bad luck with the jitter are provided for: less than 1 record in 30,000 has more. */
const DEVIATIONS = 4;

/**
 * How often a record may be received before it is a dead letter, so that an outage of `tolerates` makes none. Each wait
 * is uniform between 0 and its cap, so the sum of them has mean Σcap/2 and variance Σcap²/12.
 */
export function receivesWithin(tolerates: Duration): number {
  const needed = tolerates.toSeconds();
  let mean = 0;
  let variance = 0;
  for (let receives = 1; receives <= MOST_RECEIVES; receives++) {
    if (mean - DEVIATIONS * Math.sqrt(variance) >= needed) return Math.max(receives, FEWEST_RECEIVES);
    const cap = Math.min(2 ** (receives - 1), LONGEST_BACKOFF_SECONDS);
    mean += cap / 2;
    variance += cap ** 2 / 12;
  }
  throw new Error(
    `tolerates is ${needed} s, but with at most ${MOST_RECEIVES} receives no more than ${Math.floor(
      mean - DEVIATIONS * Math.sqrt(variance),
    )} s can be tolerated. Shorten it.`,
  );
}
