import { Duration } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { Pipeline } from '../../../infra/pipeline/index.ts';
import { consumerTable } from '../../consumer-table.ts';
import { OrderPlaced, PlaceOrder } from '../shopfront/contracts.ts';
import { root, shopfront, stackFor, synthesized } from '../shopfront/index.ts';

const DAYS_14 = 1_209_600;
const { stack, pipeline } = shopfront();
const { at, idOf, allowedTo } = synthesized(stack);
const ref = (path: string) => ({ Ref: idOf(path) });
const arn = (path: string) => ({ 'Fn::GetAtt': [idOf(path), 'Arn'] });
const join = (...parts: unknown[]) => ({ 'Fn::Join': ['', parts] });

describe('a consumer of events', () => {
  it('has a standard queue that keeps events for 14 days, encrypted by SQS (F33, F14)', () => {
    expect(at('Shop/Audit/Events').Properties).toMatchObject({
      MessageRetentionPeriod: DAYS_14,
      SqsManagedSseEnabled: true,
    });
    expect(at('Shop/Audit/Events').Properties).not.toHaveProperty('FifoQueue');
  });

  it('hides a message for six time-outs and the batching window (F25)', () => {
    expect(at('Shop/Payments/Events').Properties.VisibilityTimeout).toBe(6 * 20 + 5);
    expect(at('Shop/Audit/Events').Properties.VisibilityTimeout).toBe(6 * 30);
  });

  it('has a dead-letter queue that keeps what failed for 14 days (F34)', () => {
    expect(at('Shop/Audit/EventsDeadLetters').Properties.MessageRetentionPeriod).toBe(DAYS_14);
    expect(at('Shop/Audit/Events').Properties.RedrivePolicy).toEqual({
      deadLetterTargetArn: arn('Shop/Audit/EventsDeadLetters'),
      maxReceiveCount: 80,
    });
  });

  it('is reached by one rule that retries for a day and has a dead-letter queue of its own (F12)', () => {
    expect(at('Shop/Payments/Rule').Properties).toMatchObject({
      EventBusName: ref('Shop/Bus'),
      EventPattern: { source: ['shop.checkout'], 'detail-type': ['order.placed'] },
      Targets: [
        {
          Arn: arn('Shop/Payments/Events'),
          RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
          DeadLetterConfig: { Arn: arn('Shop/Payments/RuleDeadLetters') },
        },
      ],
    });
  });

  it('lets its rule, and only its rule, send to its queue (F13, F17)', () => {
    const allowed = at('Shop/Payments/Events/Policy').Properties.PolicyDocument.Statement.filter(
      ({ Effect }: { Effect: string }) => Effect === 'Allow',
    );
    expect(allowed).toEqual([
      expect.objectContaining({
        Principal: { Service: 'events.amazonaws.com' },
        Condition: { ArnEquals: { 'aws:SourceArn': arn('Shop/Payments/Rule') } },
      }),
    ]);
  });

  it('reads partial batches, within its concurrency (F27, F28, F26)', () => {
    expect(at('Shop/Payments/Function/SqsEventSource:Events').Properties).toMatchObject({
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 5,
      ScalingConfig: { MaximumConcurrency: 7 },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    expect(at('Shop/Audit/Function/SqsEventSource:Events').Properties).toMatchObject({
      BatchSize: 10,
      ScalingConfig: { MaximumConcurrency: 2 },
    });
  });
});

describe('a consumer of commands', () => {
  it('has a FIFO queue in high-throughput mode, whose senders name the deduplication id', () => {
    expect(at('Shop/Checkout/Commands').Properties).toMatchObject({
      FifoQueue: true,
      ContentBasedDeduplication: false,
      DeduplicationScope: 'messageGroup',
      FifoThroughputLimit: 'perMessageGroupId',
      MessageRetentionPeriod: DAYS_14,
    });
  });

  it('has a FIFO dead-letter queue', () => {
    expect(at('Shop/Checkout/CommandsDeadLetters').Properties).toMatchObject({
      FifoQueue: true,
      MessageRetentionPeriod: DAYS_14,
    });
  });

  it('gives messages up itself, for SQS cannot tell attempts from receives behind another message', () => {
    const { deadLetterTargetArn, maxReceiveCount } = at('Shop/Checkout/Commands').Properties.RedrivePolicy;
    expect(deadLetterTargetArn).toEqual(expect.anything());
    expect(maxReceiveCount).toBe(1000);
  });

  it('has neither rule nor standard queue without events', () => {
    const checkout = pipeline.consumers[0]!;
    expect([checkout.rule, checkout.queue, checkout.ruleDeadLetterQueue]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('keeps to ten records without a window on its FIFO queue, whatever is set for events (B66)', () => {
    const { BatchSize, MaximumBatchingWindowInSeconds } = at(
      'Shop/Payments/Function/SqsEventSource:Commands',
    ).Properties;
    expect([BatchSize, MaximumBatchingWindowInSeconds]).toEqual([10, undefined]);
  });

  it('is the only one for its command', () => {
    expect(() => pipeline.consumer('other', { on: [PlaceOrder] })).toThrow(
      'other cannot listen to order.place: a command has one consumer, and this one goes to checkout.',
    );
  });
});

describe('what is declared of a consumer', () => {
  it('names something to listen to', () => {
    expect(() => pipeline.consumer('idle', { on: [] })).toThrow(
      'idle listens to nothing: name its contracts in `on`.',
    );
  });
});

describe('the function of a consumer', () => {
  it('runs on the current Node LTS, on arm64', () => {
    expect(at('Shop/Payments/Function').Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Timeout: 20,
      MemorySize: 512,
    });
  });

  it('is told what it needs to know', () => {
    expect(at('Shop/Payments/Function').Properties.Environment.Variables).toEqual({
      SPILLWAY_CONSUMER: 'payments',
      SPILLWAY_TABLE: ref('Shop/Payments/Table'),
      SPILLWAY_SAYS: '["payment.captured"]',
      SPILLWAY_BUS: ref('Shop/Bus'),
      SPILLWAY_MAX_RECEIVES: '77',
      SPILLWAY_DEAD_LETTER_URLS: join(
        '{"',
        arn('Shop/Payments/Events'),
        '":"',
        ref('Shop/Payments/EventsDeadLetters'),
        '","',
        arn('Shop/Payments/Commands'),
        '":"',
        ref('Shop/Payments/CommandsDeadLetters'),
        '"}',
      ),
    });
  });

  it('may touch its own log group, queues, dead-letter queues and table, and nothing else', () => {
    expect(allowedTo('Shop/Payments/Function')).toEqual({
      [idOf('Shop/Payments/FunctionLogs')]: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      [idOf('Shop/Payments/Events')]: CONSUME,
      [idOf('Shop/Payments/EventsDeadLetters')]: ['sqs:SendMessage'],
      [idOf('Shop/Payments/Commands')]: CONSUME,
      [idOf('Shop/Payments/CommandsDeadLetters')]: ['sqs:SendMessage'],
      [idOf('Shop/Payments/Table')]: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:PutItem'],
    });
  });

  it('is named by convention, and its absence is refused with the path', () => {
    expect(() => shopfront().pipeline.consumer('nobody', { on: [OrderPlaced] })).toThrow(
      'nobody has no handler: functions/nobody/handler.ts does not exist',
    );
  });

  it('may live elsewhere', () => {
    const other = new Pipeline(stackFor('elsewhere'), 'Shop', { stage: 'dev', root });
    const moved = other.consumer('ledger', { on: [OrderPlaced], handler: 'functions/audit/handler.ts' });
    expect(moved.function).toBeDefined();
  });
});

describe('what a consumer may ask for', () => {
  const stack = stackFor('asking');
  const pipeline = new Pipeline(stack, 'Shop', { stage: 'dev', root });
  pipeline.consumer('checkout', { on: [PlaceOrder], getsReplies: true });
  pipeline.consumer('payments', {
    on: [OrderPlaced],
    marks: { expireAfter: Duration.days(118) },
    getsReplies: true,
  });
  const asking = synthesized(stack);

  it('F49: marks that expire, with the fence that goes with it', () => {
    expect(asking.at('Shop/Payments/Table').Properties.TimeToLiveSpecification).toEqual({
      AttributeName: 'expires',
      Enabled: true,
    });
    expect(asking.at('Shop/Payments/Function').Properties.Environment.Variables).toMatchObject({
      SPILLWAY_MARKS_EXPIRE_AFTER: String(118 * 86_400),
    });
    expect(asking.at('Shop/Checkout/Table').Properties).not.toHaveProperty('TimeToLiveSpecification');
  });

  it('replies, which the relay may bring', () => {
    expect(asking.at('Shop/Relay/Function').Properties.Environment.Variables.SPILLWAY_REPLIES).toEqual({
      'Fn::Join': [
        '',
        [
          '{"checkout":"',
          { Ref: asking.idOf('Shop/Checkout/Commands') },
          '","payments":"',
          { Ref: asking.idOf('Shop/Payments/Events') },
          '"}',
        ],
      ],
    });
    expect(asking.allowedTo('Shop/Relay/Function')[asking.idOf('Shop/Payments/Events')]).toEqual([
      'sqs:SendMessage',
    ]);
  });
});

describe('a stateless consumer', () => {
  it('has no table, and publishes and sends by itself', () => {
    expect(allowedTo('Shop/Audit/Function')).toEqual({
      [idOf('Shop/Audit/FunctionLogs')]: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      [idOf('Shop/Audit/Events')]: CONSUME,
      [idOf('Shop/Audit/EventsDeadLetters')]: ['sqs:SendMessage'],
      [idOf('Shop/Bus')]: ['events:PutEvents'],
      [idOf('Shop/Payments/Commands')]: ['sqs:SendMessage'],
    });
    const variables = at('Shop/Audit/Function').Properties.Environment.Variables;
    expect(variables).not.toHaveProperty('SPILLWAY_TABLE');
    expect(variables.SPILLWAY_QUEUES).toEqual({
      'Fn::Join': ['', ['{"payment.refund":"', ref('Shop/Payments/Commands'), '"}']],
    });
  });
});

describe('the table of a consumer', () => {
  it('has the key, the stream and the sparse index that commit and relay work on', () => {
    const { KeySchema, BillingMode, GlobalSecondaryIndexes } = consumerTable('any');
    expect(at('Shop/Payments/Table').Properties).toMatchObject({
      KeySchema,
      BillingMode,
      GlobalSecondaryIndexes,
      StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
  });

  it('never forgets by itself: marks do not expire (F49)', () => {
    expect(at('Shop/Payments/Table').Properties).not.toHaveProperty('TimeToLiveSpecification');
  });
});

it('a consumer that tolerates a longer outage is given more receives (F55)', () => {
  const longer = stackFor('longer');
  new Pipeline(longer, 'Shop', { stage: 'dev', root }).consumer('audit', {
    on: [OrderPlaced],
    tolerates: Duration.days(1),
  });
  const { maxReceiveCount } = synthesized(longer).at('Shop/Audit/Events').Properties.RedrivePolicy;
  expect(maxReceiveCount).toBeGreaterThan(2 * 96);
});

const CONSUME = 'ChangeMessageVisibility DeleteMessage GetQueueAttributes GetQueueUrl ReceiveMessage'
  .split(' ')
  .map((action) => `sqs:${action}`);
