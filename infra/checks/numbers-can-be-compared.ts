import type { Check } from './check.ts';

const LARGEST = 5_000_000_000;

/** EventBridge compares numbers only within ±5·10⁹. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html */
export const numbersCanBeCompared: Check = {
  name: 'numbers-can-be-compared',
  proves: 'No pattern compares with a number beyond ±5,000,000,000.',
  find: ({ template }) =>
    template.ofType('AWS::Events::Rule').flatMap((rule) =>
      numbersIn(rule.Properties['EventPattern'])
        .filter((number) => Math.abs(number) > LARGEST)
        .map((number) => ({
          resource: rule.id,
          at: 'Properties.EventPattern',
          problem: `${number} is beyond ±${LARGEST}, and never matches`,
          fix: 'Route by another field, or by a coarser unit.',
        })),
    ),
};

function numbersIn(pattern: unknown): number[] {
  if (typeof pattern === 'number') return [pattern];
  return typeof pattern === 'object' && pattern !== null ? Object.values(pattern).flatMap(numbersIn) : [];
}
