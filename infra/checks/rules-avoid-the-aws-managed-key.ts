import type { Check } from './check.ts';
import { fedByRules } from './connections.ts';

/**
 * No AWS service can use `alias/aws/sqs`, and its key policy cannot be changed. F14, B68.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
export const rulesAvoidTheAwsManagedKey: Check = {
  name: 'rules-avoid-the-aws-managed-key',
  proves: 'No rule delivers to a queue that is encrypted with the AWS managed key of SQS.',
  find: ({ template }) =>
    fedByRules(template)
      .filter(({ queue }) => queue.Properties['KmsMasterKeyId'] === 'alias/aws/sqs')
      .map(({ queue, rule, at }) => ({
        resource: queue.id,
        at: 'Properties.KmsMasterKeyId',
        problem: `alias/aws/sqs encrypts it, so EventBridge can never deliver what ${rule.id} (${at}) sends here`,
        fix: 'Use QueueEncryption.SQS_MANAGED, or a key of your own that events.amazonaws.com may use.',
      })),
};
