import type { Check } from './check.ts';
import { deadLetterQueuesOf, fedByRules, queueMappingsOf } from './connections.ts';
import type { Resource } from './template.ts';

const TWO_WEEKS = 1_209_600;
const SQS_DEFAULT = 345_600;

/**
 * A standard queue counts retention from the first send, also after a move: a dead letter of a backlog expires as soon
 * as it arrives if its queue keeps no longer than the source. F33, F34, B65.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/setting-up-dead-letter-queue-retention.html
 */
export const queuesKeepTwoWeeks: Check = {
  name: 'queues-keep-two-weeks',
  proves: 'Queues that carry or dead-letter messages keep them for 14 days, the longest that SQS can.',
  find: ({ template }) => {
    const carrying = [
      ...queueMappingsOf(template).map(({ queue }) => queue),
      ...fedByRules(template).map(({ queue }) => queue),
      ...deadLetterQueuesOf(template),
    ];
    return [...new Set(carrying)]
      .filter((queue) => retentionOf(queue) < TWO_WEEKS)
      .map((queue) => ({
        resource: queue.id,
        at: 'Properties.MessageRetentionPeriod',
        problem: `it keeps messages for ${retentionOf(queue)} s, less than ${TWO_WEEKS} s (14 days)`,
        fix: 'Set retentionPeriod: Duration.days(14).',
      }));
  },
};

const retentionOf = (queue: Resource): number => queue.Properties['MessageRetentionPeriod'] ?? SQS_DEFAULT;
