import type { Check } from './check.ts';
import { fedByRules } from './connections.ts';
import { allows } from './policy.ts';
import { same } from './template.ts';

const NEEDED = ['kms:GenerateDataKey', 'kms:Decrypt'];

/**
 * CDK grants EventBridge the key of a rule's target, but not the key of its dead-letter queue. F15, B69.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html#compatibility-with-aws-services
 */
export const customerKeysLetEventsIn: Check = {
  name: 'customer-keys-let-events-in',
  proves: 'EventBridge may use the key of every encrypted queue that a rule delivers or dead-letters to.',
  find: ({ template }) =>
    fedByRules(template).flatMap(({ queue, rule }) => {
      const keyId: unknown = queue.Properties['KmsMasterKeyId'];
      if (keyId === undefined || keyId === 'alias/aws/sqs') return [];
      const key = template.referred(keyId);
      const statements: unknown[] = key?.Properties['KeyPolicy']?.Statement ?? [];
      const missing = NEEDED.filter(
        (action) =>
          !allows(statements, {
            service: 'events.amazonaws.com',
            action,
            resource: '*',
            from: (arn) => same(arn, { 'Fn::GetAtt': [rule.id, 'Arn'] }),
          }),
      );
      if (missing.length === 0) return [];
      return [
        {
          resource: queue.id,
          at: 'Properties.KmsMasterKeyId',
          problem: `${key ? `the policy of ${key.id} does not allow` : 'its key is not in this stack, so nothing shows that it allows'} events.amazonaws.com ${missing.join(' and ')} for ${rule.id}`,
          fix: 'Grant both to events.amazonaws.com with aws:SourceArn of the rule, or use QueueEncryption.SQS_MANAGED.',
        },
      ];
    }),
};
