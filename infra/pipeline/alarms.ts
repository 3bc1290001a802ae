import { Aws } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData, type Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

export interface AlarmsProps {
  /** Address that is told about every alarm, by a topic of its own; it must confirm once. @default none */
  readonly email?: string;
  /** Topic that is told about every alarm. @default a new one, if there is an address */
  readonly topic?: sns.ITopic;
}

export interface AlarmProps {
  readonly metric: Metric;
  /** The alarm is raised above this. @default 0 */
  readonly above?: number;
  /** Consecutive periods of the metric above. @default 1 */
  readonly periods?: number;
  /** What is wrong, and what to do first. */
  readonly runbook: string;
}

/** One destination for every alarm of a pipeline. A stage that keeps data needs one; others may do with the console. */
export class Alarms extends Construct {
  /** Absent where nobody is told. */
  readonly topic: sns.ITopic | undefined;

  constructor(scope: Construct, id: string, { email, topic }: AlarmsProps = {}) {
    super(scope, id);
    this.topic = topic ?? (email === undefined ? undefined : this.ownTopic());
    if (email !== undefined) this.topic?.addSubscription(new EmailSubscription(email));
  }

  /** Raises an alarm beside the thing that it watches. Silence is health: these metrics are absent when all is well. */
  raise(scope: Construct, id: string, { metric, above = 0, periods = 1, runbook }: AlarmProps): Alarm {
    const alarm = new Alarm(scope, id, {
      metric,
      threshold: above,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: periods,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: runbook,
    });
    if (this.topic) alarm.addAlarmAction(new SnsAction(this.topic));
    return alarm;
  }
  /** Once a topic has a policy, and TLS needs one, CloudWatch must be named in it. */
  private ownTopic(): sns.Topic {
    const topic = new sns.Topic(this, 'Topic', { enforceSSL: true });
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AllowAlarmsOfThisAccount',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    );
    return topic;
  }
}
