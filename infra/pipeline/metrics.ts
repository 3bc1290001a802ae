import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';

/**
 * Every metric that is alarmed on or shown, exactly as AWS spells it: an alarm on a misspelt metric never fires.
 * Sources: "Available CloudWatch metrics for Amazon SQS", "Monitoring Amazon EventBridge" (`…ToBeSentToDlq`, and a rule
 * of a custom bus is reported under both its dimensions), "Types of metrics for Lambda functions".
 */
export const METRICS = {
  messagesVisible: {
    namespace: 'AWS/SQS',
    metricName: 'ApproximateNumberOfMessagesVisible',
    dimensions: ['QueueName'],
    statistic: Stats.MAXIMUM,
  },
  oldestMessage: {
    namespace: 'AWS/SQS',
    metricName: 'ApproximateAgeOfOldestMessage',
    dimensions: ['QueueName'],
    statistic: Stats.MAXIMUM,
  },
  messagesSent: {
    namespace: 'AWS/SQS',
    metricName: 'NumberOfMessagesSent',
    dimensions: ['QueueName'],
    statistic: Stats.SUM,
  },
  messagesDeleted: {
    namespace: 'AWS/SQS',
    metricName: 'NumberOfMessagesDeleted',
    dimensions: ['QueueName'],
    statistic: Stats.SUM,
  },
  failedInvocations: {
    namespace: 'AWS/Events',
    metricName: 'FailedInvocations',
    dimensions: ['EventBusName', 'RuleName'],
    statistic: Stats.SUM,
  },
  invocationsNotDeadLettered: {
    namespace: 'AWS/Events',
    metricName: 'InvocationsFailedToBeSentToDlq',
    dimensions: ['EventBusName', 'RuleName'],
    statistic: Stats.SUM,
  },
  scheduleFailed: {
    namespace: 'AWS/Events',
    metricName: 'FailedInvocations',
    dimensions: ['RuleName'],
    statistic: Stats.SUM,
  },
  scheduleNotDeadLettered: {
    namespace: 'AWS/Events',
    metricName: 'InvocationsFailedToBeSentToDlq',
    dimensions: ['RuleName'],
    statistic: Stats.SUM,
  },
  errors: {
    namespace: 'AWS/Lambda',
    metricName: 'Errors',
    dimensions: ['FunctionName'],
    statistic: Stats.SUM,
  },
  throttles: {
    namespace: 'AWS/Lambda',
    metricName: 'Throttles',
    dimensions: ['FunctionName'],
    statistic: Stats.SUM,
  },
  duration: {
    namespace: 'AWS/Lambda',
    metricName: 'Duration',
    dimensions: ['FunctionName'],
    statistic: Stats.percentile(99),
  },
  iteratorAge: {
    namespace: 'AWS/Lambda',
    metricName: 'IteratorAge',
    dimensions: ['FunctionName'],
    statistic: Stats.MAXIMUM,
  },
} as const;

export type MetricKey = keyof typeof METRICS;
type DimensionsOf<Key extends MetricKey> = Record<(typeof METRICS)[Key]['dimensions'][number], string>;

/** A metric of the table, over one minute. */
export function metric<Key extends MetricKey>(key: Key, dimensionsMap: DimensionsOf<Key>): Metric {
  const { namespace, metricName, statistic } = METRICS[key];
  return new Metric({ namespace, metricName, statistic, dimensionsMap, period: Duration.minutes(1) });
}
