import type { Check } from './check.ts';
import { filledIn } from './filled-in.ts';

/** Without asking AWS for more, of which it gives 4,096. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const MOST_CHARACTERS = 2048;

/** EventBridge refuses a longer pattern at deployment, and the stack rolls back. */
export const patternsFitTheirRule: Check = {
  name: 'patterns-fit-their-rule',
  proves: 'No pattern of a rule is longer than EventBridge takes.',
  find: ({ template }) =>
    template.ofType('AWS::Events::Rule').flatMap((rule) => {
      const { EventPattern = {} } = rule.Properties;
      const { length } = JSON.stringify(filledIn(EventPattern, template));
      if (length <= MOST_CHARACTERS) return [];
      return [
        {
          resource: rule.id,
          at: 'Properties.EventPattern',
          problem: `its pattern has ${length} characters, more than the ${MOST_CHARACTERS} that EventBridge takes`,
          fix: 'Share it out among several rules with the same target. The pattern of a consumer grows with its `where`, that of what nobody listens to with all types that are heard: give some of them a pipeline and a bus of their own.',
        },
      ];
    }),
};
