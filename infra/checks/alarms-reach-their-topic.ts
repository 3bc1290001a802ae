import type { Check } from './check.ts';
import { statementsFor } from './connections.ts';
import { allows } from './policy.ts';
import type { Resource } from './template.ts';

/**
 * A topic without a policy lets its own account publish. As soon as it has one (`enforceSSL: true` adds one that only
 * denies), CloudWatch needs to be named. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/US_SetupSNS.html
 */
export const alarmsReachTheirTopic: Check = {
  name: 'alarms-reach-their-topic',
  proves: 'The policy of every topic that an alarm is sent to allows CloudWatch.',
  find: ({ template }) => {
    const topics = new Set(
      template
        .ofType('AWS::CloudWatch::Alarm')
        .flatMap(({ Properties }) =>
          (Properties['AlarmActions'] ?? []).map((action: unknown) => template.referred(action)),
        )
        .filter((topic): topic is Resource => topic?.Type === 'AWS::SNS::Topic'),
    );
    return [...topics].flatMap((topic) => {
      const statements = statementsFor(template, topic, 'AWS::SNS::TopicPolicy');
      const call = {
        service: 'cloudwatch.amazonaws.com',
        action: 'sns:Publish',
        resource: { Ref: topic.id },
      };
      if (statements.length === 0 || allows(statements, call)) return [];
      return [
        {
          resource: topic.id,
          at: 'Properties',
          problem: 'its policy does not allow cloudwatch.amazonaws.com to sns:Publish, so no alarm arrives',
          fix: 'Allow it, with aws:SourceAccount.',
        },
      ];
    });
  },
};
