/**
 * Every metric that is alarmed on or shown, exactly as AWS spells it: an alarm on a misspelt metric never fires.
 * Sources: "Available CloudWatch metrics for Amazon SQS", "Monitoring Amazon EventBridge" (`…ToBeSentToDlq`, and a rule
 * of a custom bus is reported under both its dimensions), "Types of metrics for Lambda functions". Those of `Spillway`
 * are written by the runtime: `functions/runtime/consume/report.ts` and `relay.ts`.
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
  invocations: {
    namespace: 'AWS/Lambda',
    metricName: 'Invocations',
    dimensions: ['FunctionName'],
    statistic: 'Sum',
  },
  iteratorAge: {
    namespace: 'AWS/Lambda',
    metricName: 'IteratorAge',
    dimensions: ['FunctionName'],
    statistic: 'Maximum',
  },
  apiRequests: {
    namespace: 'AWS/ApiGateway',
    metricName: 'Count',
    dimensions: ['ApiName', 'Stage'],
    statistic: 'SampleCount',
  },
  apiClientErrors: {
    namespace: 'AWS/ApiGateway',
    metricName: '4XXError',
    dimensions: ['ApiName', 'Stage'],
    statistic: 'Sum',
  },
  apiServerErrors: {
    namespace: 'AWS/ApiGateway',
    metricName: '5XXError',
    dimensions: ['ApiName', 'Stage'],
    statistic: 'Sum',
  },
  apiLatency: {
    namespace: 'AWS/ApiGateway',
    metricName: 'Latency',
    dimensions: ['ApiName', 'Stage'],
    statistic: 'p99',
  },
  received: {
    namespace: 'Spillway',
    metricName: 'Received',
    dimensions: ['Bus', 'Consumer'],
    statistic: 'Sum',
  },
  succeeded: {
    namespace: 'Spillway',
    metricName: 'Succeeded',
    dimensions: ['Bus', 'Consumer'],
    statistic: 'Sum',
  },
  retries: {
    namespace: 'Spillway',
    metricName: 'Retries',
    dimensions: ['Bus', 'Consumer'],
    statistic: 'Sum',
  },
  retryAge: {
    namespace: 'Spillway',
    metricName: 'RetryAge',
    dimensions: ['Bus', 'Consumer'],
    statistic: 'Maximum',
  },
  waiting: {
    namespace: 'Spillway',
    metricName: 'Waiting',
    dimensions: ['Bus', 'Consumer'],
    statistic: 'p99',
  },
  transit: {
    namespace: 'Spillway',
    metricName: 'Transit',
    dimensions: ['Bus', 'Consumer'],
    statistic: 'p99',
  },
  processing: {
    namespace: 'Spillway',
    metricName: 'Processing',
    dimensions: ['Bus', 'Consumer'],
    statistic: 'p99',
  },
  published: { namespace: 'Spillway', metricName: 'Published', dimensions: ['Relay'], statistic: 'Sum' },
  failed: { namespace: 'Spillway', metricName: 'Failed', dimensions: ['Relay'], statistic: 'Maximum' },
  lag: { namespace: 'Spillway', metricName: 'Lag', dimensions: ['Relay'], statistic: 'Maximum' },
} as const;
