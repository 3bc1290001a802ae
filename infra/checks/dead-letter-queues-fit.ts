import type { Check } from './check.ts';
import { isFifo, targetsOf } from './connections.ts';

/**
 * `StartMessageMoveTask` moves back only what SQS itself dead-lettered, so what a rule put into the same queue could not
 * be redriven. F37, B71. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
 */
export const deadLetterQueuesFit: Check = {
  name: 'dead-letter-queues-fit',
  proves: 'The dead-letter queue of a queue is another one of its kind, and no rule uses it.',
  find: ({ template }) => {
    const ofRules = new Set(
      targetsOf(template).map(({ target }) => template.referred(target.DeadLetterConfig?.Arn)),
    );
    return template.ofType('AWS::SQS::Queue').flatMap((queue) => {
      const dead = template.referred(queue.Properties['RedrivePolicy']?.deadLetterTargetArn);
      if (!dead) return [];
      const finding = (problem: string, fix: string) => [
        { resource: queue.id, at: 'Properties.RedrivePolicy', problem, fix },
      ];
      if (dead === queue) return finding('it is its own dead-letter queue', 'Use another queue.');
      if (isFifo(dead) !== isFifo(queue))
        return finding(
          `${dead.id} is ${isFifo(dead) ? 'FIFO and it is not' : 'not FIFO and it is'}`,
          'Both are FIFO, or none.',
        );
      if (ofRules.has(dead))
        return finding(
          `${dead.id} is the dead-letter queue of a rule too, whose letters SQS cannot move back`,
          'Give the rule a queue of its own.',
        );
      return [];
    });
  },
};
