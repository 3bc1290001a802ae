import { Duration, Lazy, Stack, Validations } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as events from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { REPLY_QUEUE_PREFIX } from '../../functions/runtime/request/address.ts';
import type { Alarms } from './alarms.ts';
import type { CommandRoutes } from './command-routes.ts';
import { raiseFunctionAlarms } from './consumer-alarms.ts';
import { allow } from './grants.ts';
import { handlerFunction, handlerPath } from './function.ts';
import { metric } from './metrics.ts';
import { restingQueue } from './queues.ts';
import type { Stage } from './stage.ts';
import { OUTBOX_PREFIX, PENDING_INDEX } from './table.ts';

export interface RelayProps {
  readonly stage: Stage;
  readonly bus: events.IEventBus;
  readonly alarms: Alarms;
  readonly commands: CommandRoutes;
  readonly root: string;
}

/** How far the relay may lag behind the streams before somebody is told. Messages that fall due wait no longer either. */
const PATIENCE = Duration.minutes(5);

/**
 * Publishes what consumers have committed: promptly from the streams of their tables, and once a minute from the index
 * of what is still pending, so that a stream that stood still loses nothing.
 */
export class Relay extends Construct {
  readonly function: lambda.Function;
  /** Where Lambda puts the position of stream records that it gave up. Their rows stay pending for the sweeper. */
  readonly failureQueue: sqs.Queue;
  /** Runs the relay as the sweeper. */
  readonly schedule: events.Rule;
  readonly scheduleDeadLetterQueue: sqs.Queue;
  readonly #tables: Record<string, string> = {};
  readonly #replyQueues: Record<string, string> = {};

  constructor(scope: Construct, id: string, { stage, bus, alarms, commands, root }: RelayProps) {
    super(scope, id);
    this.function = handlerFunction(this, 'Function', {
      stage,
      description: 'relay: publishes what consumers have committed',
      entry: handlerPath(root, 'relay'),
      timeout: Duration.minutes(1),
      memory: 512,
      environment: {
        SPILLWAY_BUS: bus.eventBusName,
        SPILLWAY_TABLES: Lazy.string({ produce: () => JSON.stringify(this.#tables) }),
        SPILLWAY_QUEUES: commands.urls(everyCommand),
        SPILLWAY_REPLIES: Lazy.string({ produce: () => JSON.stringify(this.#replyQueues) }),
      },
    });
    allow(this.function, ['events:PutEvents', 'events:DescribeEventBus'], bus.eventBusArn);
    allow(
      this.function,
      ['sqs:SendMessage'],
      Stack.of(this).formatArn({ service: 'sqs', resource: `${REPLY_QUEUE_PREFIX}*` }),
    );
    commands.send(this.function, everyCommand);

    Validations.of(this.function.role!).acknowledge(
      {
        id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
        reason: 'dynamodb:ListStreams, which a stream mapping needs, cannot be limited to a table.',
      },
      {
        id: `AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:sqs:<AWS::Region>:<AWS::AccountId>:${REPLY_QUEUE_PREFIX}*]`,
        reason:
          'Whoever asks makes a reply queue of its own: this prefix is all that is known of their names.',
      },
    );
    this.failureQueue = restingQueue(this, 'Failures', stage);
    this.scheduleDeadLetterQueue = restingQueue(this, 'ScheduleDeadLetters', stage);
    this.schedule = new events.Rule(this, 'Schedule', {
      schedule: events.Schedule.rate(Duration.minutes(1)),
      targets: [
        new LambdaFunction(this.function, {
          deadLetterQueue: this.scheduleDeadLetterQueue,
          retryAttempts: 2,
          maxEventAge: Duration.minutes(5),
        }),
      ],
    });
    this.raiseAlarms(alarms);
  }

  /** Publishes the outbox in this table too. */
  follow(consumer: string, table: dynamodb.Table): void {
    this.#tables[consumer] = table.tableName;
    this.function.addEventSource(
      new DynamoEventSource(table, {
        startingPosition: lambda.StartingPosition.TRIM_HORIZON,
        filters: [
          lambda.FilterCriteria.filter({
            eventName: lambda.FilterRule.isEqual('INSERT'),
            dynamodb: { Keys: { pk: { S: lambda.FilterRule.beginsWith(OUTBOX_PREFIX) } } },
          }),
        ],
        batchSize: 100,
        bisectBatchOnError: true,
        reportBatchItemFailures: true,
        maxRecordAge: Duration.hours(24),
        onFailure: new SqsDlq(this.failureQueue),
      }),
    );
    allow(this.function, ['dynamodb:Query'], `${table.tableArn}/index/${PENDING_INDEX}`);
    allow(
      this.function,
      [
        'dynamodb:BatchGetItem',
        'dynamodb:PutItem',
        'dynamodb:UpdateItem',
        'dynamodb:DeleteItem',
        'dynamodb:BatchWriteItem',
      ],
      table.tableArn,
      {
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${OUTBOX_PREFIX}*`] },
      },
    );
  }

  /** Sends replies to this consumer into this queue. */
  replyTo(consumer: string, queue: sqs.IQueue): void {
    this.#replyQueues[consumer] = queue.queueUrl;
    allow(this.function, ['sqs:SendMessage'], queue.queueArn);
  }

  private raiseAlarms(alarms: Alarms): void {
    raiseFunctionAlarms(alarms, this, 'relay', this.function);
    for (const [id, lag] of [
      ['StreamLagAlarm', metric('iteratorAge', { FunctionName: this.function.functionName })],
      ['LagAlarm', metric('lag', { Relay: this.function.functionName })],
    ] as const) {
      alarms.raise(this, id, {
        metric: lag,
        above: PATIENCE.toMilliseconds(),
        runbook: `relay: what was committed over ${PATIENCE.toMinutes()} minutes ago was not published in time. Nothing is lost: rows stay pending, and the sweeper tries every minute. Read the relay's log group.`,
      });
    }
    alarms.raise(this, 'FailedAlarm', {
      metric: metric('failed', { Relay: this.function.functionName }),
      runbook: `relay: committed messages cannot be published as things are. Their rows are kept with the reason in the outbox of their consumers, pending = failed. Mend the cause, then invoke the relay with {"retry":"failed"}.`,
    });
    alarms.raise(this, 'FailuresAlarm', {
      metric: metric('messagesVisible', { QueueName: this.failureQueue.queueName }),
      runbook: `relay: Lambda gave up stream records. Their rows are still pending and the sweeper publishes them; find the cause in the relay's log group, then purge the queue.`,
    });
    const dead = this.scheduleDeadLetterQueue.queueName;
    alarms.raise(this, 'ScheduleDeadLettersAlarm', {
      metric: metric('messagesVisible', { QueueName: dead }),
      runbook: 'relay: the sweeper could not be started. The ERROR_CODE of the dead letter says why.',
    });
    const dimensions = { RuleName: this.schedule.ruleName };
    alarms.raise(this, 'ScheduleFailedAlarm', {
      metric: metric('scheduleFailed', dimensions),
      runbook:
        'relay: the sweeper could not be started, so messages that fall due wait. Look at the permission of the rule on the function.',
    });
    alarms.raise(this, 'ScheduleLossAlarm', {
      metric: metric('scheduleNotDeadLettered', dimensions),
      runbook:
        'relay: the sweeper could not be started, nor this be dead-lettered. Look at the policy of the dead-letter queue.',
    });
  }
}

const everyCommand = (): boolean => true;
