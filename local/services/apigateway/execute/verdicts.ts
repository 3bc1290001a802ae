/** What authorizers answered, each kept for its time. https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html */
import type { Clock } from '../../../clock.ts';

export interface Verdicts<Authorizer extends object, Verdict> {
  /** What was answered for this stage and identity less than `seconds` ago, or else what `ask` answers now. */
  of(
    authorizer: Authorizer,
    named: { stage: string; identity: string[]; seconds: number },
    ask: () => Promise<Verdict>,
  ): Promise<Verdict>;
  forget(authorizer: Authorizer, stage: string): void;
}

/** By stage and identity, those that end first in front. */
type Kept<Verdict> = Map<string, { verdict: Verdict; stage: string; until: number }>;

export function verdictsOf<Authorizer extends object, Verdict>(clock: Clock): Verdicts<Authorizer, Verdict> {
  /** By authorizer, so that a change of it begins anew. */
  const kept = new WeakMap<Authorizer, Kept<Verdict>>();
  return {
    async of(authorizer, { stage, identity, seconds }, ask) {
      if (seconds === 0) return ask();
      const verdicts: Kept<Verdict> = kept.get(authorizer) ?? new Map();
      kept.set(authorizer, verdicts);
      dropEnded(verdicts, clock.now());
      const key = JSON.stringify([stage, ...identity]);
      const before = verdicts.get(key);
      if (before) return before.verdict;
      const verdict = await ask();
      verdicts.set(key, { verdict, stage, until: clock.now() + seconds * 1000 });
      return verdict;
    },
    forget(authorizer, stage) {
      const verdicts = kept.get(authorizer) ?? new Map<string, { stage: string }>();
      for (const [key, one] of verdicts) if (one.stage === stage) verdicts.delete(key);
    },
  };
}

function dropEnded(verdicts: Kept<unknown>, now: number): void {
  for (const [key, { until }] of verdicts) {
    if (until > now) return;
    verdicts.delete(key);
  }
}
