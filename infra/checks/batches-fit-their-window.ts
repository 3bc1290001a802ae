import type { Check } from './check.ts';
import { isFifo, queueMappingsOf } from './connections.ts';

const WITHOUT_WINDOW = 10;
const LONGEST_WINDOW = 300;

/** B66. https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html */
export const batchesFitTheirWindow: Check = {
  name: 'batches-fit-their-window',
  proves: 'A batch of more than 10 has a window, and a FIFO queue has neither.',
  find: ({ template }) =>
    queueMappingsOf(template).flatMap(({ mapping, queue }) => {
      const { BatchSize = 10, MaximumBatchingWindowInSeconds: window = 0 } = mapping.Properties;
      const finding = (at: string, problem: string, fix: string) => ({
        resource: mapping.id,
        at: `Properties.${at}`,
        problem,
        fix,
      });
      if (isFifo(queue)) {
        return [
          ...(BatchSize > 10
            ? [
                finding(
                  'BatchSize',
                  `it is ${BatchSize}, above 10, and ${queue.id} is FIFO`,
                  'Lower it to 10.',
                ),
              ]
            : []),
          ...(window > 0
            ? [
                finding(
                  'MaximumBatchingWindowInSeconds',
                  `${queue.id} is FIFO, which has no batching window`,
                  'Leave it out.',
                ),
              ]
            : []),
        ];
      }
      return [
        ...(BatchSize > WITHOUT_WINDOW && window < 1
          ? [
              finding(
                'BatchSize',
                `it is ${BatchSize}, above ${WITHOUT_WINDOW}, without a batching window`,
                'Set batchWindow to at least 1 s.',
              ),
            ]
          : []),
        ...(window > LONGEST_WINDOW
          ? [
              finding(
                'MaximumBatchingWindowInSeconds',
                `it is ${window} s, above ${LONGEST_WINDOW} s`,
                `Lower it to ${LONGEST_WINDOW} s.`,
              ),
            ]
          : []),
      ];
    }),
};
