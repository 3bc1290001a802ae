import type { Check } from './check.ts';
import { nearest } from './nearest.ts';

/** EventBridge forgets an event that no rule matches, without a sign. F11. */
export const messagesHaveListeners: Check = {
  name: 'messages-have-listeners',
  proves:
    'Somebody listens to every event that is published, and every command that is sent has its consumer.',
  find: ({ pipelines }) =>
    pipelines.flatMap(({ consumers, heardElsewhere }) => {
      const heard = [...consumers.flatMap(({ on }) => on), ...heardElsewhere];
      return consumers.flatMap((consumer) =>
        [...consumer.publishes, ...consumer.sends]
          .filter((type) => !heard.includes(type))
          .map((type) => ({
            resource: consumer.function,
            at: 'Properties',
            problem: `nobody listens to ${type}, which ${consumer.name} ${consumer.sends.includes(type) ? 'sends' : 'publishes'}${nearest(type, heard)}`,
            fix: `Add ${type} to the \`on\` of a consumer, or to \`heardElsewhere\` of the pipeline.`,
          })),
      );
    }),
};
