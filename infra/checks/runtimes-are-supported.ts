import type { Check } from './check.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html, read in November 2026. */
const SUPPORTED = ['nodejs22.x', 'nodejs24.x', 'nodejs26.x'];
const CURRENT_LTS = 'nodejs24.x';

/** A deprecated runtime gets no security patches, and Lambda stops updating its functions. B77. */
export const runtimesAreSupported: Check = {
  name: 'runtimes-are-supported',
  proves: 'No function runs on a version of Node that is at its end of life.',
  find: ({ template }) =>
    template
      .ofType('AWS::Lambda::Function')
      .filter(
        ({ Properties: { Runtime } }) =>
          String(Runtime).startsWith('nodejs') && !SUPPORTED.includes(String(Runtime)),
      )
      .map(({ id, Properties: { Runtime } }) => ({
        resource: id,
        at: 'Properties.Runtime',
        problem: `${Runtime} is at its end of life`,
        fix: `Use ${CURRENT_LTS}.`,
      })),
};
