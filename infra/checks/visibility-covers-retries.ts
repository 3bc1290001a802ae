import type { Check } from './check.ts';
import { queueMappingsOf } from './connections.ts';

const LAMBDA_DEFAULT_TIMEOUT = 3;
const SQS_DEFAULT_VISIBILITY = 30;

/**
 * AWS refuses only a time-out above the visibility. It advises six times the time-out plus the window, so that Lambda
 * can retry a throttled batch before another poller gets it. F25, B63.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export const visibilityCoversRetries: Check = {
  name: 'visibility-covers-retries',
  proves:
    'A message stays hidden for six times the time-out of the function that reads it, and the batching window.',
  find: ({ template }) =>
    queueMappingsOf(template).flatMap(({ mapping, queue, fn }) => {
      const timeout: number = fn?.Properties['Timeout'] ?? LAMBDA_DEFAULT_TIMEOUT;
      const window: number = mapping.Properties['MaximumBatchingWindowInSeconds'] ?? 0;
      const visibility: number = queue.Properties['VisibilityTimeout'] ?? SQS_DEFAULT_VISIBILITY;
      const least = 6 * timeout + window;
      if (visibility >= least) return [];
      return [
        {
          resource: queue.id,
          at: 'Properties.VisibilityTimeout',
          problem: `it is ${visibility} s, and ${mapping.id} needs at least 6 × ${timeout} s + ${window} s = ${least} s`,
          fix: `Raise it to ${least} s, or lower the function's time-out.`,
        },
      ];
    }),
};
