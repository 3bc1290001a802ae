import type { Check } from './check.ts';
import { filledIn } from './filled-in.ts';

/** Cannot be raised. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MOST_BYTES = 4096;

/**
 * Lambda refuses a larger environment at deployment, and the stack rolls back. It measures the JSON of all names and
 * values ("String measured: …"), quotes within a value escaped. That of a relay grows with its pipeline.
 */
export const environmentsFitTheirFunction: Check = {
  name: 'environments-fit-their-function',
  proves: 'No function has more environment variables than Lambda takes.',
  find: ({ template }) =>
    template.ofType('AWS::Lambda::Function').flatMap((fn) => {
      const variables = fn.Properties['Environment']?.Variables ?? {};
      const bytes = Buffer.byteLength(JSON.stringify(filledIn(variables, template)));
      if (bytes <= MOST_BYTES) return [];
      return [
        {
          resource: fn.id,
          at: 'Properties.Environment',
          problem: `its environment variables have about ${bytes} bytes, more than the ${MOST_BYTES} that Lambda takes`,
          fix: 'Put what is long into Parameter Store. A relay names every table and command queue of its pipeline: move some consumers, each with those who send it commands, to a second Pipeline on the same `bus`, where they have a relay of their own, and name what they listen to in `heardElsewhere` of this one.',
        },
      ];
    }),
};
