/**
 * When what a consumer depends on is down, trying every record burns receives and time. After several failures in a row
 * an instance stops trying, then tries one record, then all again.
 */
export interface Breaker {
  /** How many of `count` records may be tried now. */
  allows(count: number): number;
  succeeded(): void;
  failed(): void;
}

/** One per instance. */
export function breakerOf({
  now,
  failures = 5,
  firstPauseMs = 1_000,
  longestPauseMs = 60_000,
}: {
  now(): number;
  /** Failures in a row that open it. @default 5 */
  failures?: number;
  /** @default 1 s, doubled with every failed probe */
  firstPauseMs?: number;
  /** @default 1 min */
  longestPauseMs?: number;
}): Breaker {
  let inARow = 0;
  let pauseMs = firstPauseMs;
  let openUntil = 0;
  return {
    allows: (count) => (inARow < failures ? count : now() < openUntil ? 0 : Math.min(1, count)),
    succeeded() {
      inARow = 0;
      pauseMs = firstPauseMs;
    },
    failed() {
      if (++inARow < failures || now() < openUntil) return;
      openUntil = now() + pauseMs;
      pauseMs = Math.min(longestPauseMs, pauseMs * 2);
    },
  };
}
