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
    statistic: 'Maximum',
  },
  oldestMessage: {
    namespace: 'AWS/SQS',
    metricName: 'ApproximateAgeOfOldestMessage',
    dimensions: ['QueueName'],
    statistic: 'Maximum',
  },
  messagesSent: {
    namespace: 'AWS/SQS',
    metricName: 'NumberOfMessagesSent',
    dimensions: ['QueueName'],
    statistic: 'Sum',
  },
  messagesDeleted: {
    namespace: 'AWS/SQS',
    metricName: 'NumberOfMessagesDeleted',
    dimensions: ['QueueName'],
    statistic: 'Sum',
  },
  failedInvocations: {
    namespace: 'AWS/Events',
    metricName: 'FailedInvocations',
    dimensions: ['EventBusName', 'RuleName'],
    statistic: 'Sum',
  },
  invocationsNotDeadLettered: {
    namespace: 'AWS/Events',
    metricName: 'InvocationsFailedToBeSentToDlq',
    dimensions: ['EventBusName', 'RuleName'],
    statistic: 'Sum',
  },
  scheduleFailed: {
    namespace: 'AWS/Events',
    metricName: 'FailedInvocations',
    dimensions: ['RuleName'],
    statistic: 'Sum',
  },
  scheduleNotDeadLettered: {
    namespace: 'AWS/Events',
    metricName: 'InvocationsFailedToBeSentToDlq',
    dimensions: ['RuleName'],
    statistic: 'Sum',
  },
  errors: {
    namespace: 'AWS/Lambda',
    metricName: 'Errors',
    dimensions: ['FunctionName'],
    statistic: 'Sum',
  },
  throttles: {
    namespace: 'AWS/Lambda',
    metricName: 'Throttles',
    dimensions: ['FunctionName'],
    statistic: 'Sum',
  },
  duration: {
    namespace: 'AWS/Lambda',
    metricName: 'Duration',
    dimensions: ['FunctionName'],
    statistic: 'p99',
  },
  iteratorAge: {
    namespace: 'AWS/Lambda',
    metricName: 'IteratorAge',
    dimensions: ['FunctionName'],
    statistic: 'Maximum',
  },
} as const;
