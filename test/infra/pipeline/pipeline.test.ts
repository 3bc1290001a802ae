import { Duration } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, it } from 'vitest';
import { Pipeline } from '../../../infra/pipeline/index.ts';
import { OrderCancelled, OrderPlaced, PaymentCaptured } from '../shopfront/contracts.ts';
import { root, shopfront, stackFor, synthesized } from '../shopfront/index.ts';

const { stack } = shopfront({ alarms: { email: 'oncall@example.com' } });
const { template, resources, at, idOf, allowedTo, filledIn } = synthesized(stack);
const production = synthesized(
  shopfront({ stage: 'production', alarms: { email: 'oncall@example.com' } }).stack,
);
const ref = (path: string) => ({ Ref: idOf(path) });
const arn = (path: string) => ({ 'Fn::GetAtt': [idOf(path), 'Arn'] });
const ofType = (type: string, from = resources) => Object.values(from).filter(({ Type }) => Type === type);

describe('the bus', () => {
  it('is archived whole (F20, F53)', () => {
    expect(at('Shop/Archive').Properties).toEqual({ SourceArn: arn('Shop/Bus'), RetentionDays: 90 });
  });

  it('keeps what nobody listens to (F11)', () => {
    expect(at('Shop/Unrouted/Rule').Properties).toMatchObject({
      EventPattern: {
        $or: [
          { 'detail-type': [{ 'anything-but': ['order.placed', 'order.cancelled', 'payment.captured'] }] },
          {
            source: [{ 'anything-but': ['shop.checkout'] }],
            'detail-type': ['order.placed', 'order.cancelled'],
          },
          { source: [{ 'anything-but': ['shop.payments'] }], 'detail-type': ['payment.captured'] },
        ],
      },
      Targets: [
        { Arn: arn('Shop/Unrouted/Queue'), DeadLetterConfig: { Arn: arn('Shop/Unrouted/RuleDeadLetters') } },
      ],
    });
  });

  it('can be one that exists, whose archive and unrouted events are its owner’s', () => {
    const host = stackFor('guest');
    const bus = EventBus.fromEventBusName(host, 'Company', 'company');
    new Pipeline(host, 'Shop', { stage: 'dev', root, bus }).consumer('audit', { on: [OrderPlaced] });
    const guest = synthesized(host);
    guest.template.resourceCountIs('AWS::Events::EventBus', 0);
    guest.template.resourceCountIs('AWS::Events::Archive', 0);
    guest.template.hasResourceProperties('AWS::Events::Rule', { EventBusName: 'company' });
    expect(ofType('AWS::Events::Rule', guest.resources)).toHaveLength(2);
  });

  it('has events for listeners elsewhere, which are not unrouted', () => {
    const host = stackFor('elsewhere');
    const pipeline = new Pipeline(host, 'Shop', { stage: 'dev', root, heardElsewhere: [PaymentCaptured] });
    pipeline.consumer('audit', { on: [OrderPlaced], publishes: [PaymentCaptured] });
    expect(synthesized(host).at('Shop/Unrouted/Rule').Properties.EventPattern.$or[0]).toEqual({
      'detail-type': [{ 'anything-but': ['order.placed', 'payment.captured'] }],
    });
  });
});

describe('the relay', () => {
  it('follows the outbox of every table, from the first row, and gives up on none within a day', () => {
    const mappings = ofType('AWS::Lambda::EventSourceMapping').filter(
      ({ Properties }) => 'StartingPosition' in Properties,
    );
    expect(mappings.map(({ Properties }) => Properties.EventSourceArn['Fn::GetAtt'])).toEqual([
      [idOf('Shop/Checkout/Table'), 'StreamArn'],
      [idOf('Shop/Payments/Table'), 'StreamArn'],
    ]);
    for (const { Properties } of mappings) {
      expect(Properties).toMatchObject({
        StartingPosition: 'TRIM_HORIZON',
        BisectBatchOnFunctionError: true,
        MaximumRecordAgeInSeconds: 86_400,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        DestinationConfig: { OnFailure: { Destination: arn('Shop/Relay/Failures') } },
      });
      expect(JSON.parse(Properties.FilterCriteria.Filters[0].Pattern)).toEqual({
        eventName: ['INSERT'],
        dynamodb: { Keys: { pk: { S: [{ prefix: 'o#' }] } } },
      });
    }
  });

  it('sweeps once a minute, on the default bus', () => {
    expect(at('Shop/Relay/Schedule').Properties).toMatchObject({
      ScheduleExpression: 'rate(1 minute)',
      Targets: [
        { Arn: arn('Shop/Relay/Function'), DeadLetterConfig: { Arn: arn('Shop/Relay/ScheduleDeadLetters') } },
      ],
    });
    expect(at('Shop/Relay/Schedule').Properties).not.toHaveProperty('EventBusName');
  });

  it('knows the tables, the bus and the queues of commands', () => {
    const join = (...parts: unknown[]) => ({ 'Fn::Join': ['', parts] });
    expect(at('Shop/Relay/Function').Properties.Environment.Variables).toEqual({
      SPILLWAY_BUS: ref('Shop/Bus'),
      SPILLWAY_TABLES: join(
        '{"checkout":"',
        ref('Shop/Checkout/Table'),
        '","payments":"',
        ref('Shop/Payments/Table'),
        '"}',
      ),
      SPILLWAY_QUEUES: join(
        '{"order.place":"',
        ref('Shop/Checkout/Commands'),
        '","payment.refund":"',
        ref('Shop/Payments/Commands'),
        '"}',
      ),
    });
  });

  it('may touch outbox rows only', () => {
    const allowed = allowedTo('Shop/Relay/Function');
    expect(allowed[idOf('Shop/Checkout/Table')]).toEqual([
      'dynamodb:BatchWriteItem',
      'dynamodb:DeleteItem',
      'dynamodb:DescribeStream',
      'dynamodb:GetRecords',
      'dynamodb:GetShardIterator',
      'dynamodb:UpdateItem',
    ]);
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: ['dynamodb:BatchWriteItem', 'dynamodb:DeleteItem', 'dynamodb:UpdateItem'],
            Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['o#*'] } },
          }),
        ]),
      },
    });
  });
});

describe('alarms', () => {
  const alarms = ofType('AWS::CloudWatch::Alarm');

  it('all tell the topic, to which the address is subscribed', () => {
    for (const { Properties } of alarms) expect(Properties.AlarmActions).toEqual([ref('Shop/Alarms/Topic')]);
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'oncall@example.com',
    });
  });

  it('all say what to do', () => {
    for (const { Properties } of alarms)
      expect(JSON.stringify(Properties.AlarmDescription).length).toBeGreaterThan(60);
  });

  it('watch the failures of a rule by the name that its metrics have (F56, F15)', () => {
    expect(at('Shop/Payments/RuleLossAlarm').Properties).toMatchObject({
      Namespace: 'AWS/Events',
      MetricName: 'InvocationsFailedToBeSentToDlq',
      Dimensions: [
        { Name: 'EventBusName', Value: ref('Shop/Bus') },
        { Name: 'RuleName', Value: { 'Fn::GetAtt': [idOf('Shop/Payments/Rule'), 'RuleName'] } },
      ],
    });
  });

  it('tell of a backlog while five sixths of what is tolerated are left (F33)', () => {
    expect(at('Shop/Payments/EventsOldestAlarm').Properties).toMatchObject({
      MetricName: 'ApproximateAgeOfOldestMessage',
      Threshold: 3600,
    });
  });

  it('tell nobody unless they are told whom, which only a stage that vanishes may leave out', () => {
    expect(synthesized(shopfront().stack).at('Shop/Audit/ErrorsAlarm').Properties).not.toHaveProperty(
      'AlarmActions',
    );
    expect(() => synthesized(shopfront({ stage: 'production' }).stack)).toThrow(/alarms tell nobody/);
  });

  it('can tell a topic that exists', () => {
    const host = stackFor('told');
    const topic = new Topic(host, 'Pager');
    new Pipeline(host, 'Shop', { stage: 'dev', root, alarms: { topic } }).consumer('audit', {
      on: [OrderPlaced],
    });
    const told = synthesized(host);
    told.template.resourceCountIs('AWS::SNS::Topic', 1);
    expect(told.at('Shop/Audit/ErrorsAlarm').Properties.AlarmActions).toEqual([{ Ref: told.idOf('Pager') }]);
  });
});

describe('a stage', () => {
  const DATA = ['AWS::SQS::Queue', 'AWS::DynamoDB::Table', 'AWS::Events::Archive'];
  const data = (from: typeof resources) => DATA.flatMap((type) => ofType(type, from));

  it('for development vanishes whole (F59)', () => {
    for (const resource of data(resources)) expect(resource.DeletionPolicy).toBe('Delete');
    expect(at('Shop/Payments/Table').Properties.DeletionProtectionEnabled).toBe(false);
  });

  it('for production keeps its data (F59, B75)', () => {
    for (const resource of data(production.resources)) expect(resource.DeletionPolicy).toBe('Retain');
    expect(production.at('Shop/Payments/Table').Properties.DeletionProtectionEnabled).toBe(true);
  });

  it('for production runs more side by side', () => {
    expect(production.at('Shop/Audit/Function/SqsEventSource:Events').Properties.ScalingConfig).toEqual({
      MaximumConcurrency: 50,
    });
  });

  it('names nothing by hand, so that stages do not collide', () => {
    const named = Object.entries(resources).filter(
      ([, { Type, Properties }]) =>
        Type !== 'AWS::SSM::Parameter' &&
        Type !== 'AWS::Events::EventBus' &&
        ['QueueName', 'TableName', 'FunctionName', 'RoleName', 'AlarmName', 'TopicName', 'Name'].some(
          (name) => typeof Properties?.[name] === 'string',
        ),
    );
    expect(named.map(([id]) => id)).toEqual([]);
  });
});

describe('discovery', () => {
  const said = (name: string) =>
    filledIn(
      ofType('AWS::SSM::Parameter').find(
        ({ Properties }) => Properties.Name === `/spillway/shop/dev/${name}`,
      )!.Properties.Value,
    );
  const named = (path: string) => `<${idOf(path)}>`;

  it('says where the pipeline is', () => {
    expect(said('pipeline')).toMatchObject({
      bus: named('Shop/Bus'),
      archive: named('Shop/Archive'),
      unroutedQueueUrl: named('Shop/Unrouted/Queue'),
      relay: named('Shop/Relay/Function'),
    });
  });

  it('says where each consumer is', () => {
    expect(said('consumers/payments')).toEqual({
      function: named('Shop/Payments/Function'),
      table: named('Shop/Payments/Table'),
      queueUrls: [named('Shop/Payments/Events'), named('Shop/Payments/Commands')],
      deadLetterUrls: [named('Shop/Payments/EventsDeadLetters'), named('Shop/Payments/CommandsDeadLetters')],
      ruleDeadLetterUrl: named('Shop/Payments/RuleDeadLetters'),
      on: ['order.placed', 'payment.refund'],
    });
    expect(said('consumers/audit')).not.toHaveProperty('table');
    expect(said('consumers/checkout')).not.toHaveProperty('ruleDeadLetterUrl');
  });

  it('says where to send each command', () => {
    expect(said('commands/order.place')).toEqual({
      queueUrl: named('Shop/Checkout/Commands'),
      consumer: 'checkout',
      fifo: true,
    });
  });
});

it('the archive keeps as long as it is told', () => {
  const host = stackFor('short');
  new Pipeline(host, 'Shop', { stage: 'dev', root, archiveFor: Duration.days(7) }).consumer('audit', {
    on: [OrderCancelled],
  });
  expect(synthesized(host).at('Shop/Archive').Properties.RetentionDays).toBe(7);
});
