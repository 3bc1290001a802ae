import { Duration } from 'aws-cdk-lib';
import type * as events from 'aws-cdk-lib/aws-events';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';
import type { Consumer } from './consumer.ts';
import { metric } from './metrics.ts';
import { LONGEST_BACKOFF_SECONDS } from './receives.ts';
import { dimensionsOf } from './route.ts';

/** The share of `tolerates` that a message may wait, or be tried again, before somebody is told. The rest is left to act. */
const TOLERATED_SHARE = 1 / 6;

/** One alarm for every way in which a consumer can fail. */
export function raiseConsumerAlarms(consumer: Consumer, alarms: Alarms, tolerates: Duration): void {
  const { name, queue, deadLetterQueue, commandQueue, commandDeadLetterQueue, rule, ruleDeadLetterQueue } =
    consumer;
  const patience = Math.round(tolerates.toSeconds() * TOLERATED_SHARE);
  if (queue && deadLetterQueue) raiseQueueAlarms('Events', queue, deadLetterQueue);
  if (commandQueue && commandDeadLetterQueue) {
    raiseQueueAlarms('Commands', commandQueue, commandDeadLetterQueue);
  }
  if (rule && ruleDeadLetterQueue) raiseRuleAlarms(rule, ruleDeadLetterQueue);
  raiseRetryAlarm();
  raiseFunctionAlarms(alarms, consumer, name, consumer.function);

  function raiseQueueAlarms(what: string, source: sqs.Queue, dead: sqs.Queue): void {
    alarms.raise(consumer, `${what}DeadLettersAlarm`, {
      metric: metric('messagesVisible', { QueueName: dead.queueName }),
      runbook: `${name}: a record could not be handled. Read why with \`spillway dlq show ${name}\`, mend the cause, then \`spillway dlq redrive ${name}\`.`,
    });
    alarms.raise(consumer, `${what}OldestAlarm`, {
      metric: metric('oldestMessage', { QueueName: source.queueName }),
      above: patience,
      runbook: `${name}: a message has waited for over ${patience} s. \`spillway status\` shows the backlog; look for a disabled event source mapping, throttles, or a \`maxConcurrency\` that is too low.`,
    });
  }

  /**
   * SQS leaves a message of a standard queue out of the age of the oldest once it was received three times, which a retry
   * reaches within seconds: Oldest tells of a consumer that does not run, this of one that gets nowhere.
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
   */
  function raiseRetryAlarm(): void {
    alarms.raise(consumer, 'RetryingAlarm', {
      metric: metric('retryAge', { Bus: consumer.bus.eventBusName, Consumer: name }).with({
        period: Duration.seconds(LONGEST_BACKOFF_SECONDS),
      }),
      above: patience * 1000,
      runbook: `${name}: for over ${patience} s records have been tried again and again, most likely because a dependency is down. \`spillway tail --since 1h\` says which records, and WHY; they become dead letters unless it is mended within ${tolerates.toHumanString()} of their first attempt.`,
    });
  }

  function raiseRuleAlarms(from: events.Rule, dead: sqs.Queue): void {
    const dimensions = dimensionsOf(from, consumer.bus);
    alarms.raise(consumer, 'RuleDeadLettersAlarm', {
      metric: metric('messagesVisible', { QueueName: dead.queueName }),
      runbook: `${name}: EventBridge could not deliver an event. \`spillway dlq show ${name}\` gives its ERROR_CODE; mend the queue or its policy, then \`spillway dlq redrive ${name}\`.`,
    });
    alarms.raise(consumer, 'RuleFailedAlarm', {
      metric: metric('failedInvocations', dimensions),
      runbook: `${name}: EventBridge gave up delivering an event. It should be among the rule's dead letters: \`spillway dlq ls ${name}\`.`,
    });
    alarms.raise(consumer, 'RuleLossAlarm', {
      metric: metric('invocationsNotDeadLettered', dimensions),
      runbook: `${name}: an event could be neither delivered nor dead-lettered, and is lost here. Mend the dead-letter queue or its policy, then bring it back with \`spillway replay --to ${name}\`.`,
    });
  }
}

/** For any function: it failed as a whole, or was not let run. */
export function raiseFunctionAlarms(
  alarms: Alarms,
  scope: Construct,
  name: string,
  fn: lambda.Function,
): void {
  const dimensions = { FunctionName: fn.functionName };
  alarms.raise(scope, 'ErrorsAlarm', {
    metric: metric('errors', dimensions),
    runbook: `${name}: an invocation crashed or ran out of time. A record that fails does not count here; read the log group ${fn.logGroup.logGroupName}.`,
  });
  alarms.raise(scope, 'ThrottlesAlarm', {
    metric: metric('throttles', dimensions),
    runbook: `${name}: Lambda refused to run it. The account's concurrency is used up, or the function's reserve is below its \`maxConcurrency\`.`,
  });
}
