import type { Check, Deployment, Finding } from './check.ts';
import { statementsFor } from './connections.ts';
import { allows, type ServiceCall } from './policy.ts';
import type { Resource } from './template.ts';

/**
 * A topic without a policy lets its own account publish. As soon as it has one (`enforceSSL: true` adds one that only
 * denies), CloudWatch needs to be named; and so it does in the policy of the key of an encrypted topic.
 * https://repost.aws/knowledge-center/cloudwatch-receive-sns-for-alarm-trigger
 */
export const alarmsReachTheirTopic: Check = {
  name: 'alarms-reach-their-topic',
  proves: 'Every topic that an alarm is sent to lets CloudWatch in, and so does its key.',
  find: (deployment) =>
    [...topicsOf(deployment)].flatMap((topic) => [
      ...refusedBy(topic, deployment),
      ...unreadableFor(topic, deployment),
    ]),
};

const topicsOf = ({ template }: Deployment): Set<Resource> =>
  new Set(
    template
      .ofType('AWS::CloudWatch::Alarm')
      .flatMap(({ Properties }) =>
        (Properties['AlarmActions'] ?? []).map((action: unknown) => template.referred(action)),
      )
      .filter((topic): topic is Resource => topic?.Type === 'AWS::SNS::Topic'),
  );

function refusedBy(topic: Resource, { template }: Deployment): Finding[] {
  const statements = statementsFor(template, topic, 'AWS::SNS::TopicPolicy');
  if (statements.length === 0 || allows(statements, ofAlarms('sns:Publish', { Ref: topic.id }))) return [];
  return [
    {
      resource: topic.id,
      at: 'Properties',
      problem: 'its policy does not allow cloudwatch.amazonaws.com to sns:Publish, so no alarm arrives',
      fix: 'Allow it, with aws:SourceAccount.',
    },
  ];
}

/** The key that AWS manages lets CloudWatch not in, and its policy cannot be changed. What a key of elsewhere says is not known. */
function unreadableFor(topic: Resource, { template }: Deployment): Finding[] {
  const keyId: unknown = topic.Properties['KmsMasterKeyId'];
  const key = template.referred(keyId);
  const statements: unknown[] = key?.Properties['KeyPolicy']?.Statement ?? [];
  const managed = JSON.stringify(keyId ?? '').includes('alias/aws/sns');
  const missing = NEEDED.filter((action) => !allows(statements, ofAlarms(action, '*')));
  if (!managed && (key?.Type !== 'AWS::KMS::Key' || missing.length === 0)) return [];
  return [
    {
      resource: topic.id,
      at: 'Properties.KmsMasterKeyId',
      problem: `${managed ? 'alias/aws/sns' : `the policy of ${key!.id}`} does not allow cloudwatch.amazonaws.com ${missing.join(' and ')}, so no alarm arrives`,
      fix: 'Use a key of your own that grants both to cloudwatch.amazonaws.com with aws:SourceAccount.',
    },
  ];
}

const NEEDED = ['kms:Decrypt', 'kms:GenerateDataKey'];

const ofAlarms = (action: string, resource: unknown): ServiceCall => ({
  service: 'cloudwatch.amazonaws.com',
  action,
  resource,
  from: (arn) => /:cloudwatch:.*:alarm:/.test(JSON.stringify(arn)),
});
