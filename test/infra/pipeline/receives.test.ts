import { Duration } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { receivesWithin } from '../../../infra/pipeline/receives.ts';
import { jitter } from '../../../functions/runtime/ambient.ts';
import { seeded } from '../../../local/random.ts';

describe('receives within an outage (F55, F26)', () => {
  it.each([Duration.minutes(30), Duration.hours(6), Duration.days(1)])(
    'outlast %s, drawn 2,000 times',
    (outage) => {
      const random = seeded(7);
      const receives = receivesWithin(outage);
      for (let i = 0; i < 2_000; i++) {
        let waited = 0;
        for (let attempt = 1; attempt < receives; attempt++)
          waited += jitter(() => random.next(), attempt, 1, 900);
        expect(waited).toBeGreaterThan(outage.toSeconds());
      }
    },
  );

  it('are five at least', () => {
    expect(receivesWithin(Duration.seconds(1))).toBeGreaterThanOrEqual(5);
    expect(receivesWithin(Duration.seconds(0))).toBe(5);
  });

  it('refuse an outage that 1,000 receives cannot outlast, with the longest that they can', () => {
    expect(() => receivesWithin(Duration.days(14))).toThrow(
      /tolerates is 1209600 s, but .* no more than \d+ s/,
    );
  });
});
