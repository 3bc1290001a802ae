import type { Check, Finding } from './check.ts';
import { openToServices } from './policy.ts';
import type { Resource, Template } from './template.ts';

/**
 * A service that is let in without a source acts for anybody's account. CDK writes such a statement for a queue with a
 * key of its own unless `@aws-cdk/aws-events:eventsTargetQueueSameAccount` is set. F17, B70.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
export const servicesNameTheirSource: Check = {
  name: 'services-name-their-source',
  proves: 'Whatever lets an AWS service in says for which resource or account.',
  find: ({ template }) => [
    ...policiesOf(template)
      .filter(({ statements }) => openToServices(statements))
      .map(({ resource, at }) => open(resource, at)),
    ...template
      .ofType('AWS::Lambda::Permission')
      .filter(
        ({ Properties: { Principal, SourceArn, SourceAccount } }) =>
          isService(Principal) && !SourceArn && !SourceAccount,
      )
      .map((permission) => open(permission, 'Properties')),
  ],
};

const policiesOf = (template: Template): { resource: Resource; at: string; statements: unknown[] }[] => [
  ...['AWS::SQS::QueuePolicy', 'AWS::SNS::TopicPolicy'].flatMap((type) =>
    template.ofType(type).map((resource) => ({
      resource,
      at: 'Properties.PolicyDocument',
      statements: (resource.Properties['PolicyDocument']?.Statement ?? []) as unknown[],
    })),
  ),
  ...template.ofType('AWS::KMS::Key').map((resource) => ({
    resource,
    at: 'Properties.KeyPolicy',
    statements: (resource.Properties['KeyPolicy']?.Statement ?? []) as unknown[],
  })),
  ...template.ofType('AWS::Events::EventBusPolicy').map((resource) => ({
    resource,
    at: 'Properties.Statement',
    statements: [resource.Properties['Statement']].flat() as unknown[],
  })),
];

const isService = (principal: unknown): boolean => String(principal).endsWith('.amazonaws.com');

const open = ({ id }: Resource, at: string): Finding => ({
  resource: id,
  at,
  problem:
    'a service is allowed in without a condition on aws:SourceArn or aws:SourceAccount, so any account can use it through that service',
  fix: 'Add the condition, or set the feature flag @aws-cdk/aws-events:eventsTargetQueueSameAccount in cdk.json.',
});
