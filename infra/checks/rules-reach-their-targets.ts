import type { Check, Deployment, Finding } from './check.ts';
import { fedByRules, statementsFor, targetsOf } from './connections.ts';
import { allows } from './policy.ts';
import { same, type Resource } from './template.ts';

/**
 * A target that EventBridge may not use is not retried: the event goes to the dead-letter queue, or is lost where that
 * may not be used either. F13, F15.
 */
export const rulesReachTheirTargets: Check = {
  name: 'rules-reach-their-targets',
  proves: 'The policy of every queue and function that a rule delivers to allows that very rule.',
  find: (deployment) => [...queuesThatRefuse(deployment), ...functionsThatRefuse(deployment)],
};

const queuesThatRefuse = ({ template }: Deployment): Finding[] =>
  fedByRules(template).flatMap(({ queue, rule, at }) => {
    const allowed = allows(statementsFor(template, queue, 'AWS::SQS::QueuePolicy'), {
      service: 'events.amazonaws.com',
      action: 'sqs:SendMessage',
      resource: arnOf(queue),
      from: (arn) => same(arn, arnOf(rule)),
    });
    return allowed
      ? []
      : [
          refused(
            rule,
            at,
            `the policy of ${queue.id} does not allow events.amazonaws.com to sqs:SendMessage for this rule`,
          ),
        ];
  });

const functionsThatRefuse = ({ template }: Deployment): Finding[] =>
  targetsOf(template).flatMap(({ rule, index, target }) => {
    const fn = template.referred(target.Arn);
    if (fn?.Type !== 'AWS::Lambda::Function') return [];
    const allowed = template
      .ofType('AWS::Lambda::Permission')
      .some(
        ({ Properties }) =>
          template.referred(Properties['FunctionName']) === fn &&
          Properties['Principal'] === 'events.amazonaws.com' &&
          same(Properties['SourceArn'], arnOf(rule)),
      );
    return allowed
      ? []
      : [
          refused(
            rule,
            `Properties.Targets.${index}.Arn`,
            `no AWS::Lambda::Permission lets this rule invoke ${fn.id}`,
          ),
        ];
  });

const arnOf = ({ id }: Resource) => ({ 'Fn::GetAtt': [id, 'Arn'] });

const refused = (rule: Resource, at: string, problem: string): Finding => ({
  resource: rule.id,
  at,
  problem,
  fix: 'Allow it with aws:SourceArn of the rule, or use the target of aws-events-targets, which does.',
});
