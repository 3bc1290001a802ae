import type { Check } from './check.ts';
import { queueMappingsOf } from './connections.ts';

/**
 * Lambda deletes the messages of a queue that its filter does not match, for good. F32, B74.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html
 */
export const queueMappingsDoNotFilter: Check = {
  name: 'queue-mappings-do-not-filter',
  proves: 'No mapping of a queue filters.',
  find: ({ template }) =>
    queueMappingsOf(template)
      .filter(({ mapping }) => mapping.Properties['FilterCriteria']?.Filters?.length)
      .map(({ mapping, queue }) => ({
        resource: mapping.id,
        at: 'Properties.FilterCriteria',
        problem: `it filters, and what does not match is deleted from ${queue.id}`,
        fix: 'Filter in the rule: OrderPlaced.where({ … }).',
      })),
};
