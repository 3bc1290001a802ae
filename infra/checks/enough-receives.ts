import type { Check } from './check.ts';
import { queueMappingsOf } from './connections.ts';

const FEWEST = 5;

/**
 * A throttled invocation uses up a receive, so a low count dead-letters what nothing is wrong with. F26, B64.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export const enoughReceives: Check = {
  name: 'enough-receives',
  proves: 'Every queue that a function reads has a dead-letter queue, after at least 5 receives.',
  find: ({ template }) =>
    queueMappingsOf(template).flatMap(({ queue }) => {
      const count: number | undefined = queue.Properties['RedrivePolicy']?.maxReceiveCount;
      if (count !== undefined && count >= FEWEST) return [];
      return [
        {
          resource: queue.id,
          at: 'Properties.RedrivePolicy',
          problem:
            count === undefined
              ? 'it has no dead-letter queue, so a poison message returns until it expires'
              : `maxReceiveCount is ${count}, below ${FEWEST}`,
          fix: `Give it a dead-letter queue with a maxReceiveCount of at least ${FEWEST}.`,
        },
      ];
    }),
};
