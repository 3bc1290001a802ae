import { Duration } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, it } from 'vitest';
import { Pipeline } from '../../../infra/pipeline/index.ts';
import { OrderPlaced, PaymentCaptured } from '../shopfront/contracts.ts';
import { root, shopfront, stackFor, synthesized } from '../shopfront/index.ts';

const { stack } = shopfront({ alarms: { email: 'oncall@example.com' } });
const { template, resources, at, idOf, filledIn } = synthesized(stack);
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
          { source: [{ 'anything-but': ['shop.checkout', 'shop.payments'] }] },
          {
            source: ['shop.checkout'],
            'detail-type': [{ 'anything-but': ['order.placed', 'order.cancelled'] }],
          },
          { source: ['shop.payments'], 'detail-type': [{ 'anything-but': ['payment.captured'] }] },
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

  it('can be that of another pipeline in the stack', () => {
    const host = stackFor('shared');
    const shop = new Pipeline(host, 'Shop', { stage: 'dev', root, heardElsewhere: [PaymentCaptured] });
    shop.consumer('audit', { on: [OrderPlaced] });
    const second = new Pipeline(host, 'Second', { stage: 'dev', root, bus: shop.bus });
    second.consumer('payments', { on: [OrderPlaced], publishes: [PaymentCaptured] });
    second.consumer('audit', { on: [PaymentCaptured] });
    expect(synthesized(host).at('Second/Audit/Rule').Properties).toMatchObject({
      EventBusName: { Ref: synthesized(host).idOf('Shop/Bus') },
      EventPattern: { 'detail-type': ['payment.captured'] },
    });
  });

  it('cannot be the default bus', () => {
    const host = stackFor('default');
    const bus = EventBus.fromEventBusName(host, 'Default', 'default');
    expect(() => new Pipeline(host, 'Shop', { stage: 'dev', root, bus })).toThrow(
      'Shop needs a bus of its own',
    );
  });

  it('is archived for as long as wished, and not unrouted is what others listen to', () => {
    const host = stackFor('elsewhere');
    const archiveFor = Duration.days(7);
    const pipeline = new Pipeline(host, 'Shop', {
      stage: 'dev',
      root,
      archiveFor,
      heardElsewhere: [PaymentCaptured],
    });
    pipeline.consumer('audit', { on: [OrderPlaced], publishes: [PaymentCaptured] });
    const other = synthesized(host);
    expect(other.at('Shop/Archive').Properties.RetentionDays).toBe(7);
    expect(other.at('Shop/Unrouted/Rule').Properties.EventPattern.$or[2]).toEqual({
      source: ['shop.payments'],
      'detail-type': [{ 'anything-but': ['payment.captured'] }],
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
        { Name: 'RuleName', Value: { 'Fn::Select': [1, { 'Fn::Split': ['|', ref('Shop/Payments/Rule')] }] } },
      ],
    });
  });

  it('tell of a backlog while five sixths of what is tolerated are left (F33)', () => {
    expect(at('Shop/Payments/EventsOldestAlarm').Properties).toMatchObject({
      MetricName: 'ApproximateAgeOfOldestMessage',
      Threshold: 3600,
    });
  });

  it('tell of records that are tried again for as long, whatever SQS says of their age', () => {
    expect(at('Shop/Payments/RetryingAlarm').Properties).toMatchObject({
      Namespace: 'Spillway',
      MetricName: 'RetryAge',
      Dimensions: [
        { Name: 'Bus', Value: ref('Shop/Bus') },
        { Name: 'Consumer', Value: 'payments' },
      ],
      Statistic: 'Maximum',
      Period: 900, // as long as a record waits at most until it is tried again
      EvaluationPeriods: 1,
      Threshold: 3_600_000,
    });
  });

  it.each([
    ['5m', Duration.minutes(5), 50_000],
    ['3d', Duration.days(3), 43_200_000],
  ])('tell of retries after a sixth of %s', (_, tolerates, Threshold) => {
    const host = stackFor('patient');
    new Pipeline(host, 'Shop', { stage: 'dev', root }).consumer('audit', { on: [OrderPlaced], tolerates });
    expect(synthesized(host).at('Shop/Audit/RetryingAlarm').Properties).toMatchObject({ Threshold });
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

it('outputs are named after the pipeline', () => {
  expect(Object.keys(template.findOutputs('*'))).toEqual(['ShopBusName', 'ShopDiscoveryPath']);
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
      ruleArn: named('Shop/Payments/Rule'),
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
