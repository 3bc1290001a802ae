/** When a delivery that failed is tried again. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_RetryPolicy.html */
import type { RetryPolicy } from '@aws-sdk/client-eventbridge';

/** AWS's own policy, where none is given. */
export const DEFAULT_POLICY = { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 };

/** Which limit ends the retries. */
export type Exhausted = 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds';

/**
 * Undefined while there may be another attempt.
 * @param since from when the age counts, in milliseconds since 1970
 * @param next when the attempt would be made
 */
export function exhaustedBy(
  {
    MaximumRetryAttempts = DEFAULT_POLICY.MaximumRetryAttempts,
    MaximumEventAgeInSeconds = DEFAULT_POLICY.MaximumEventAgeInSeconds,
  }: RetryPolicy,
  since: number,
  retries: number,
  next: number,
): Exhausted | undefined {
  if (retries >= MaximumRetryAttempts) return 'MaximumRetryAttempts';
  return next > since + MaximumEventAgeInSeconds * 1000 ? 'MaximumEventAgeInSeconds' : undefined;
}

/**
 * Milliseconds to wait before the next attempt: doubled each time up to a quarter of an hour, with jitter. AWS publishes
 * no more than that they grow exponentially.
 * @param attempt which one has failed; 1 is the first
 * @param chance at least 0, below 1
 */
export const backoff = (attempt: number, chance: number): number =>
  Math.min(900_000, 1000 * 2 ** (attempt - 1)) * (0.5 + chance / 2);
