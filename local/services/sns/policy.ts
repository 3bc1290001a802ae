import type * as SNS from '@aws-sdk/client-sns';
import type { Answer } from '../../service.ts';
import type { World } from '../../world.ts';
import { invalid } from './errors.ts';
import type { Topic, Topics } from './topic.ts';

interface Policy {
  Statement: { Sid?: string; [member: string]: unknown }[];
  [member: string]: unknown;
}

/** AddPermission and RemovePermission: statements of the topic's policy by their Sid. */
export const permitting = (topics: Topics, { account }: World) => ({
  AddPermission({ TopicArn, Label = '', AWSAccountId = [], ActionName = [] }: SNS.AddPermissionCommandInput) {
    const topic = topics.at(TopicArn);
    const policy = policyOf(topic, account);
    if (policy.Statement.some(({ Sid }) => Sid === Label)) throw invalid('Statement already exists');
    if (ActionName.some((action) => !ACTIONS.includes(action)))
      throw invalid('Policy statement action out of service scope!');
    policy.Statement.push({
      Sid: Label,
      Effect: 'Allow',
      Principal: { AWS: oneOrMany(AWSAccountId.map((id) => `arn:aws:iam::${id}:root`)) },
      Action: oneOrMany(ActionName.map((action) => `SNS:${action}`)),
      Resource: topic.arn,
    });
    topic.attributes.Policy = JSON.stringify(policy);
    return {} satisfies Answer<SNS.AddPermissionCommandOutput>;
  },

  RemovePermission({ TopicArn, Label }: SNS.RemovePermissionCommandInput) {
    const topic = topics.at(TopicArn);
    const policy = policyOf(topic, account);
    const Statement = policy.Statement.filter(({ Sid }) => Sid !== Label);
    topic.attributes.Policy = JSON.stringify({ ...policy, Statement });
    return {} satisfies Answer<SNS.RemovePermissionCommandOutput>;
  },
});

const ACTIONS = [
  'GetTopicAttributes',
  'SetTopicAttributes',
  'AddPermission',
  'RemovePermission',
  'DeleteTopic',
  'Subscribe',
  'ListSubscriptionsByTopic',
  'Publish',
];

function policyOf({ attributes, arn }: Topic, account: string): Policy {
  const policy = JSON.parse(attributes.Policy ?? defaultPolicy(arn, account)) as Policy;
  return { ...policy, Statement: [policy.Statement].flat() };
}

const oneOrMany = (values: string[]) => (values.length === 1 ? values[0] : values);

/** What a topic has until it is given another; as recorded against AWS. */
export const defaultPolicy = (arn: string, account: string): string =>
  JSON.stringify({
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: ACTIONS.map((action) => `SNS:${action}`),
        Resource: arn,
        Condition: { StringEquals: { 'AWS:SourceOwner': account } },
      },
    ],
  });

/**
 * The policy that decides about calls. `AWS:SourceOwner` is a condition that SNS alone knows: what a statement with it
 * comes to is that alarms of the account may publish and, say, EventBridge may not.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 */
export function effectivePolicy(topic: Topic, account: string): string {
  const policy = policyOf(topic, account);
  const Statement = policy.Statement.map((statement) =>
    JSON.stringify(statement.Condition)?.includes('"AWS:SourceOwner"')
      ? {
          ...statement,
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': account } },
        }
      : statement,
  );
  return JSON.stringify({ ...policy, Statement });
}
