import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { shopfront, synthesized } from '../shopfront/index.ts';

const { template, resources, at, idOf, allowedTo } = synthesized(shopfront().stack);
const ref = (path: string) => ({ Ref: idOf(path) });
const arn = (path: string) => ({ 'Fn::GetAtt': [idOf(path), 'Arn'] });
const ofType = (type: string) => Object.values(resources).filter(({ Type }) => Type === type);

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
      SPILLWAY_REPLIES: '{}',
    });
  });

  it('may send replies into the queues of processes that asked, and look whether the bus is there', () => {
    const statements = JSON.stringify(template.findResources('AWS::IAM::Policy'));
    expect(statements).toContain(':spillway-replies-*');
    expect(allowedTo('Shop/Relay/Function')[idOf('Shop/Bus')]).toEqual([
      'events:DescribeEventBus',
      'events:PutEvents',
    ]);
  });

  it('may touch outbox rows only', () => {
    const allowed = allowedTo('Shop/Relay/Function');
    expect(allowed[idOf('Shop/Checkout/Table')]).toEqual([
      'dynamodb:BatchGetItem',
      'dynamodb:BatchWriteItem',
      'dynamodb:DeleteItem',
      'dynamodb:DescribeStream',
      'dynamodb:GetRecords',
      'dynamodb:GetShardIterator',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
    ]);
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: [
              'dynamodb:BatchGetItem',
              'dynamodb:BatchWriteItem',
              'dynamodb:DeleteItem',
              'dynamodb:PutItem',
              'dynamodb:UpdateItem',
            ],
            Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['o#*'] } },
          }),
        ]),
      },
    });
  });
});
