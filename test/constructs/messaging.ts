import { Duration, SecretValue, TimeZone } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import { CfnPipe } from 'aws-cdk-lib/aws-pipes';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import * as scheduled from 'aws-cdk-lib/aws-scheduler-targets';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { functionIn, type Apps } from './app.ts';

/** Queues, topics, buses, pipes and schedules. */
export const MESSAGING: Apps = {
  queues(stack) {
    void new sqs.Queue(stack, 'Closed', {
      redriveAllowPolicy: { redrivePermission: sqs.RedrivePermission.DENY_ALL },
      encryption: sqs.QueueEncryption.SQS_MANAGED,
    });
    void new sqs.Queue(stack, 'Ordered', {
      fifo: true,
      deduplicationScope: sqs.DeduplicationScope.MESSAGE_GROUP,
      fifoThroughputLimit: sqs.FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
      contentBasedDeduplication: true,
      deliveryDelay: Duration.seconds(5),
      maxMessageSizeBytes: 1_048_576,
      enforceSSL: true,
    });
  },

  topics(stack) {
    const topic = new sns.Topic(stack, 'Topic', { displayName: 'x', enforceSSL: true });
    topic.addSubscription(
      new subscriptions.SqsSubscription(new sqs.Queue(stack, 'Queue'), {
        rawMessageDelivery: true,
        deadLetterQueue: new sqs.Queue(stack, 'DeadLetters'),
        filterPolicy: {
          kind: sns.SubscriptionFilter.stringFilter({ allowlist: ['a'], matchPrefixes: ['b'] }),
          count: sns.SubscriptionFilter.numericFilter({ between: { start: 1, stop: 3 } }),
        },
      }),
    );
    topic.addSubscription(
      new subscriptions.LambdaSubscription(functionIn(stack), {
        filterPolicyWithMessageBody: {
          kind: sns.FilterOrPolicy.filter(sns.SubscriptionFilter.existsFilter()),
        },
      }),
    );
    topic.addSubscription(new subscriptions.EmailSubscription('somebody@example.com'));
    const ordered = new sns.Topic(stack, 'Ordered', {
      fifo: true,
      contentBasedDeduplication: true,
      fifoThroughputScope: sns.FifoThroughputScope.MESSAGE_GROUP,
    });
    ordered.addSubscription(
      new subscriptions.SqsSubscription(new sqs.Queue(stack, 'OrderedQueue', { fifo: true })),
    );
  },

  rules(stack) {
    const deadLetterQueue = new sqs.Queue(stack, 'DeadLetters');
    const bus = new events.EventBus(stack, 'Bus', { description: 'd', deadLetterQueue });
    void new events.Rule(stack, 'Rule', {
      eventBus: bus,
      eventPattern: {
        source: events.Match.prefix('a'),
        detail: {
          x: events.Match.anyOf(
            events.Match.suffix('z'),
            events.Match.wildcard('*q*'),
            events.Match.anythingBut('y'),
          ),
        },
      },
      targets: [
        new targets.SqsQueue(new sqs.Queue(stack, 'Queue'), {
          deadLetterQueue,
          retryAttempts: 3,
          maxEventAge: Duration.hours(2),
          message: events.RuleTargetInput.fromObject({ id: events.EventField.fromPath('$.detail.id') }),
        }),
        new targets.LambdaFunction(functionIn(stack), { deadLetterQueue }),
        new targets.CloudWatchLogGroup(new logs.LogGroup(stack, 'Logs')),
        new targets.SnsTopic(new sns.Topic(stack, 'Topic')),
      ],
    });
    bus.archive('Archive', { eventPattern: { source: ['a'] }, retention: Duration.days(7) });
    void new events.Rule(stack, 'Scheduled', {
      schedule: events.Schedule.rate(Duration.minutes(5)),
      targets: [new targets.LambdaFunction(functionIn(stack, 'Swept'))],
    });
    void new events.Rule(stack, 'Forwarded', {
      eventPattern: { source: ['c'] },
      targets: [new targets.EventBus(bus)],
    });
    bus.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'Partner',
        principals: [new iam.AccountPrincipal('111122223333')],
        actions: ['events:PutEvents'],
        resources: [bus.eventBusArn],
      }),
    );
  },

  destinations(stack) {
    const authorization = events.Authorization.apiKey('key', SecretValue.unsafePlainText('value'));
    const apiDestination = new events.ApiDestination(stack, 'Api', {
      connection: new events.Connection(stack, 'Connection', { authorization }),
      endpoint: 'https://example.com',
      rateLimitPerSecond: 5,
    });
    void new events.Rule(stack, 'Rule', {
      eventPattern: { source: ['a'] },
      targets: [new targets.ApiDestination(apiDestination)],
    });
  },

  pipes(stack) {
    const [from, to] = [new sqs.Queue(stack, 'From'), new sqs.Queue(stack, 'To')];
    const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('pipes.amazonaws.com') });
    from.grantConsumeMessages(role);
    to.grantSendMessages(role);
    const pipe = new CfnPipe(stack, 'Pipe', {
      roleArn: role.roleArn,
      source: from.queueArn,
      target: to.queueArn,
      sourceParameters: { sqsQueueParameters: { batchSize: 5 } },
    });
    pipe.node.addDependency(role);
  },

  schedules(stack) {
    const { cron, rate, at } = scheduler.ScheduleExpression;
    void new scheduler.Schedule(stack, 'Daily', {
      schedule: cron({ minute: '0', hour: '9', timeZone: TimeZone.EUROPE_BERLIN }),
      scheduleGroup: new scheduler.ScheduleGroup(stack, 'Group'),
      timeWindow: scheduler.TimeWindow.flexible(Duration.minutes(15)),
      target: new scheduled.LambdaInvoke(functionIn(stack), {
        input: scheduler.ScheduleTargetInput.fromObject({ a: 1 }),
        deadLetterQueue: new sqs.Queue(stack, 'DeadLetters'),
      }),
    });
    void new scheduler.Schedule(stack, 'Often', {
      schedule: rate(Duration.minutes(10)),
      target: new scheduled.SqsSendMessage(new sqs.Queue(stack, 'Queue')),
    });
    void new scheduler.Schedule(stack, 'Once', {
      schedule: at(new Date('2031-01-01')),
      target: new scheduled.EventBridgePutEvents({
        source: 'x',
        detailType: 'y',
        detail: scheduler.ScheduleTargetInput.fromText('{}'),
        eventBus: new events.EventBus(stack, 'Bus'),
      }),
    });
  },
};
