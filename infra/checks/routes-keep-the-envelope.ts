import type { Check } from './check.ts';
import { targetsOf } from './connections.ts';

const SHAPES = ['Input', 'InputPath', 'InputTransformer'];

/** The id by which a consumer knows an event again is in its envelope, and a transformer can write invalid JSON. F19. */
export const routesKeepTheEnvelope: Check = {
  name: 'routes-keep-the-envelope',
  proves: 'What a rule brings to a queue is the whole event.',
  find: ({ template }) =>
    targetsOf(template).flatMap(({ rule, index, target }) => {
      if (template.referred(target.Arn)?.Type !== 'AWS::SQS::Queue') return [];
      return SHAPES.filter((shape) => target[shape] !== undefined).map((shape) => ({
        resource: rule.id,
        at: `Properties.Targets.${index}.${shape}`,
        problem: `${shape} changes the event on its way to a queue, so its id can be lost`,
        fix: 'Leave the event whole, and take what is needed in the consumer.',
      }));
    }),
};
