/** Token buckets: `rate` a second, and `burst` at once. */
import type { Clock } from '../../../clock.ts';

/** Takes one token; `false` when there is none. */
export type Take = (key: string, rate: number, burst: number) => boolean;

export function buckets(clock: Clock): Take {
  const known = new Map<string, { tokens: number; at: number }>();
  return (key, rate, burst) => {
    const now = clock.now();
    const bucket = known.get(key) ?? { tokens: burst, at: now };
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * rate);
    bucket.at = now;
    known.set(key, bucket);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  };
}
