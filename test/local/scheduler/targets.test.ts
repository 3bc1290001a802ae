import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IAMClient, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTo } from '../../queue-policy.ts';
import { withRole } from '../iam/role.ts';
import { scheduling } from './scheduling.ts';

let aws: Awaited<ReturnType<typeof scheduling>>;
let number = 0;
beforeAll(async () => {
  aws = await scheduling();
});
afterAll(() => aws.stop());

/** A schedule that is due at once. */
const now = (Target: object) =>
  aws.schedule({ Name: `s${++number}`, ScheduleExpression: 'at(2030-01-01T00:00:00)', Target });
const parsed = (text: string) => JSON.parse(text) as Record<string, unknown>;
const arn = (name: string) => `arn:aws:scheduler:eu-west-1:000000000000:schedule/default/${name}`;

test('a target without input is sent a notification of AWS', async () => {
  await now({ Input: undefined });
  await aws.advance('1s');
  const [body = ''] = await aws.bodies(aws.target);
  expect(parsed(body)).toEqual({
    version: '0',
    id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    account: '000000000000',
    time: '2030-01-01T00:00:00Z',
    region: 'eu-west-1',
    resources: [arn(`s${number}`)],
    detail: '{}',
  });
});

test('an input has attributes of the schedule put in', async () => {
  await now({
    Input:
      '<aws.scheduler.schedule-arn> <aws.scheduler.scheduled-time> <aws.scheduler.execution-id> <aws.scheduler.attempt-number> <aws.scheduler.none>',
  });
  await aws.advance('1s');
  const [body = ''] = await aws.bodies(aws.target);
  expect(body).toMatch(
    new RegExp(`^${arn(`s${number}`)} 2030-01-01T00:00:00Z [0-9a-f]{16} 1 <aws.scheduler.none>$`),
  );
});

test('a FIFO queue is sent to in a message group', async () => {
  const queue = await aws.queue('q.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
  await now({ Arn: queue, Input: 'in order', SqsParameters: { MessageGroupId: 'g' } });
  await aws.advance('1s');
  expect(await aws.received(queue)).toMatchObject([
    { Body: 'in order', Attributes: { MessageGroupId: 'g' } },
  ]);
});

test('a function is invoked asynchronously, and a topic is published to', async () => {
  const fn = await aws.function('f', 'console.log(JSON.stringify(event))');
  await now({ Arn: fn, Input: '{"at":"<aws.scheduler.scheduled-time>"}' });
  const sns = aws.client(SNSClient);
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 't' }));
  const published = await aws.queue('published', { Policy: openTo('sns.amazonaws.com') });
  await sns.send(
    new SubscribeCommand({
      TopicArn,
      Protocol: 'sqs',
      Endpoint: published,
      Attributes: { RawMessageDelivery: 'true' },
    }),
  );
  await now({ Arn: TopicArn, Input: 'news' });
  await aws.advance('5s');
  expect((await aws.lines('/aws/lambda/f')).join()).toContain('{"at":"2030-01-01T00:00:00Z"}');
  expect(await aws.bodies(published)).toEqual(['news']);
});

test('a bus gets an event', async () => {
  await aws.bus('shop');
  const matched = await aws.queue('matched');
  await aws.rule({ Name: 'r', EventBusName: 'shop' }, { Arn: matched });
  await now({
    Arn: 'arn:aws:events:eu-west-1:000000000000:event-bus/shop',
    EventBridgeParameters: { Source: 'shop', DetailType: 'Night' },
    Input: '{"n":1}',
  });
  await aws.advance('1s');
  const [event = '{}'] = await aws.bodies(matched);
  expect(parsed(event)).toMatchObject({ source: 'shop', 'detail-type': 'Night', detail: { n: 1 } });
});

test('a universal target calls any operation, with members in any case and blobs as text', async () => {
  const sdk = (api: string, input: object) =>
    now({ Arn: `arn:aws:scheduler:::aws-sdk:${api}`, Input: JSON.stringify(input) });
  const fn = await aws.function('g', 'console.log(JSON.stringify(event))');
  await sdk('lambda:invoke', { FunctionName: fn, InvocationType: 'Event', Payload: '{"n":2}' });
  await sdk('sqs:sendMessage', {
    QueueUrl: 'http://127.0.0.1:4566/000000000000/target',
    messageBody: '<aws.scheduler.attempt-number>',
  });
  await sdk('dynamodb:createTable', {
    TableName: 'made',
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  });
  await aws.advance('5s');
  expect((await aws.lines('/aws/lambda/g')).join()).toContain('{"n":2}');
  expect(await aws.bodies(aws.target)).toEqual(['1']);
  const { Table } = await aws.client(DynamoDBClient).send(new DescribeTableCommand({ TableName: 'made' }));
  expect(Table?.TableStatus).toBe('ACTIVE');
});

test('a trust policy may ask for the account and the group, and not for the schedule', async () => {
  const trusting = async (name: string, SourceArn: string) => {
    const statements = [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' }];
    const RoleArn = await withRole(aws, { name, statements });
    const trust = {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { Service: 'scheduler.amazonaws.com' },
      Condition: {
        StringEquals: { 'aws:SourceAccount': '000000000000' },
        ArnLike: { 'aws:SourceArn': SourceArn },
      },
    };
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
    await aws.client(IAMClient).send(new UpdateAssumeRolePolicyCommand({ RoleName: name, PolicyDocument }));
    return RoleArn;
  };
  const group = 'arn:aws:scheduler:eu-west-1:000000000000:schedule-group/default';
  await now({ RoleArn: await trusting('group', group), Input: 'as a role' });
  await aws.advance('1s');
  expect(await aws.bodies(aws.target)).toEqual(['as a role']);
  await expect(now({ RoleArn: await trusting('schedule', arn('*')) })).rejects.toThrow(
    /must allow AWS EventBridge/,
  );
});
