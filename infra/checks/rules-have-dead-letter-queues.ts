import type { Check } from './check.ts';
import { isFifo, targetsOf } from './connections.ts';
import { same } from './template.ts';

/**
 * Without a dead-letter queue EventBridge drops what it could not deliver: after 24 hours, or at once where it may not
 * or cannot. F12, B71. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
export const rulesHaveDeadLetterQueues: Check = {
  name: 'rules-have-dead-letter-queues',
  proves: 'Every target of a rule has a retry policy and a standard dead-letter queue of its own.',
  find: ({ template }) =>
    targetsOf(template).flatMap(({ rule, index, target }) => {
      const at = `Properties.Targets.${index}`;
      const arn = target.DeadLetterConfig?.Arn;
      const queue = template.referred(arn);
      const finding = (problem: string, fix: string) => ({ resource: rule.id, at, problem, fix });
      return [
        ...(arn
          ? []
          : [
              finding(
                'the target has no dead-letter queue',
                'Give it one: a standard queue that keeps 14 days.',
              ),
            ]),
        ...(target.RetryPolicy
          ? []
          : [
              finding(
                'the target has no retry policy',
                'Say how often and how long EventBridge tries: up to 185 times in 24 hours.',
              ),
            ]),
        ...(queue && isFifo(queue)
          ? [
              finding(
                'the dead-letter queue is FIFO, which EventBridge does not support',
                'Use a standard queue.',
              ),
            ]
          : []),
        ...(arn && same(arn, target.Arn)
          ? [finding('the dead-letter queue is the target itself', 'Use another queue.')]
          : []),
      ];
    }),
};
