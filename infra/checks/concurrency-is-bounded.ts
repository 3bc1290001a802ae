import type { Check } from './check.ts';
import { queueMappingsOf } from './connections.ts';

const [LEAST, MOST] = [2, 1000];

/**
 * A mapping does not know of the function's reserved concurrency: it receives more than can run, and the throttled
 * batches use up receives. F26, B67. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
export const concurrencyIsBounded: Check = {
  name: 'concurrency-is-bounded',
  proves:
    'Every mapping of a queue has a MaximumConcurrency of 2 to 1,000, within what is reserved for its function.',
  find: ({ template }) =>
    queueMappingsOf(template).flatMap(({ mapping, fn }) => {
      const maximum: number | undefined = mapping.Properties['ScalingConfig']?.MaximumConcurrency;
      const reserved: number = fn?.Properties['ReservedConcurrentExecutions'] ?? MOST;
      const most = Math.min(MOST, reserved);
      if (maximum !== undefined && maximum >= LEAST && maximum <= most) return [];
      return [
        {
          resource: mapping.id,
          at: 'Properties.ScalingConfig.MaximumConcurrency',
          problem: `it is ${maximum === undefined ? 'not set' : maximum}, and must be ${LEAST} to ${most}${reserved < MOST ? ', the concurrency that is reserved for the function' : ''}`,
          fix: 'Set maxConcurrency within these bounds, or reserve more for the function.',
        },
      ];
    }),
};
