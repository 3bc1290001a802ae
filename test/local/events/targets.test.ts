import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  FilterLogEventsCommand,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { AddPermissionCommand, CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateTopicCommand,
  SNSClient,
  SetTopicAttributesCommand,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { afterEach, describe, expect, test } from 'vitest';
import { openTo } from '../../queue-policy.ts';
import { withRole } from '../iam/role.ts';
import { zip } from '../lambda/fixture.ts';
import { eventing } from './eventing.ts';

let aws: Awaited<ReturnType<typeof eventing>>;
afterEach(() => aws.stop());

/** The ARN of a function that writes its event to its log. */
async function loggingFunction(): Promise<string> {
  const Role = await withRole(aws, {
    name: 'f',
    statements: [{ Effect: 'Allow', Action: 'logs:*', Resource: '*' }],
  });
  const ZipFile = zip({
    'index.js': 'exports.handler = async (event) => console.log(JSON.stringify(event));',
  });
  const { FunctionArn } = await aws.client(LambdaClient).send(
    new CreateFunctionCommand({
      FunctionName: 'f',
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role,
      Code: { ZipFile },
    }),
  );
  return FunctionArn!;
}

const lines = async (logGroupName: string) => {
  const { events = [] } = await aws
    .client(CloudWatchLogsClient)
    .send(new FilterLogEventsCommand({ logGroupName }));
  return events.map(({ message = '' }) => message);
};

describe('a function', () => {
  test('is invoked with the event when its policy allows the rule to', async () => {
    aws = await eventing();
    const arn = await loggingFunction();
    const SourceArn = await aws.rule({ Name: 'r' }, { Arn: arn });
    await aws.client(LambdaClient).send(
      new AddPermissionCommand({
        FunctionName: 'f',
        StatementId: 's',
        Action: 'lambda:InvokeFunction',
        Principal: 'events.amazonaws.com',
        SourceArn,
      }),
    );
    const { Entries } = await aws.put({ Detail: '{"n":1}' });
    await aws.advance('1s');
    expect((await lines('/aws/lambda/f')).join('')).toContain(`"id":"${Entries![0]!.EventId}"`);
  });

  test('is not invoked otherwise: that is NO_PERMISSIONS, at once (F13)', async () => {
    aws = await eventing();
    const arn = await loggingFunction();
    const dead = await aws.queue('dead');
    await aws.rule({ Name: 'r' }, { Arn: arn, DeadLetterConfig: { Arn: dead } });
    await aws.put({});
    const [letter] = await aws.received(dead);
    expect(letter!.MessageAttributes!['ERROR_CODE']!.StringValue).toBe('NO_PERMISSIONS');
  });
});

describe('a queue', () => {
  test('whose policy does not name EventBridge gets nothing (F13)', async () => {
    aws = await eventing();
    const [closed, dead] = [await aws.queue('closed', { Policy: '' }), await aws.queue('dead')];
    await aws.rule({ Name: 'r' }, { Arn: closed, DeadLetterConfig: { Arn: dead } });
    await aws.put({});
    const [letter] = await aws.received(dead);
    expect(letter!.MessageAttributes!['ERROR_CODE']!.StringValue).toBe('NO_PERMISSIONS');
    expect(await aws.received(closed)).toEqual([]);
  });
});

describe('a role', () => {
  const bus = 'arn:aws:events:eu-west-1:000000000000:event-bus/shop';
  const throughRole = async (trust: object, Action: string) => {
    aws = await eventing();
    await aws.bus('shop');
    const [queue, dead] = [await aws.queue('q'), await aws.queue('dead')];
    await aws.rule({ Name: 'there', EventBusName: 'shop' }, { Arn: queue });
    const RoleArn = await withRole(aws, { trust, statements: [{ Effect: 'Allow', Action, Resource: bus }] });
    await aws.rule({ Name: 'here' }, { Arn: bus, RoleArn, DeadLetterConfig: { Arn: dead } });
    await aws.put({}, {});
    const letters = await aws.received(dead);
    return {
      delivered: (await aws.bodies(queue)).length,
      codes: letters.map(({ MessageAttributes }) => MessageAttributes!['ERROR_CODE']!.StringValue),
    };
  };
  const trusted = { Service: 'events.amazonaws.com' };

  test('that a target names is what the delivery may do', async () => {
    expect(await throughRole(trusted, 'events:PutEvents')).toEqual({ delivered: 2, codes: [] });
  });

  test('that may not do it is refused', async () => {
    expect(await throughRole(trusted, 'events:PutRule')).toEqual({
      delivered: 0,
      codes: ['NO_PERMISSIONS', 'NO_PERMISSIONS'],
    });
  });

  test('that does not trust EventBridge cannot be taken on', async () => {
    expect(await throughRole({ Service: 'lambda.amazonaws.com' }, 'events:PutEvents')).toEqual({
      delivered: 0,
      codes: ['FAILED_TO_ASSUME_ROLE', 'FAILED_TO_ASSUME_ROLE'],
    });
  });
});

test('a log group gets each event as a line, once a policy lets EventBridge write there', async () => {
  aws = await eventing();
  const logGroupName = '/aws/events/shop';
  const logs = aws.client(CloudWatchLogsClient);
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  await aws.rule({ Name: 'r' }, { Arn: `arn:aws:logs:eu-west-1:000000000000:log-group:${logGroupName}` });
  await aws.put({});
  await aws.advance('1m');
  expect(await lines(logGroupName)).toEqual([]);
  const statement = {
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: `arn:aws:logs:eu-west-1:000000000000:log-group:${logGroupName}:*`,
  };
  const policyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await logs.send(new PutResourcePolicyCommand({ policyName: 'p', policyDocument }));
  const { Entries } = await aws.put({}, {});
  await aws.advance('1s');
  const ids = (await lines(logGroupName)).map((line) => (JSON.parse(line) as { id: string }).id);
  expect(ids.toSorted()).toEqual(Entries!.map(({ EventId }) => EventId!).toSorted());
});

test('a topic gets the event as its message', async () => {
  aws = await eventing();
  const sns = aws.client(SNSClient);
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 't' }));
  const Statement = [
    {
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sns:Publish',
      Resource: TopicArn,
    },
  ];
  const AttributeValue = JSON.stringify({ Version: '2012-10-17', Statement });
  await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue }));
  const queue = await aws.queue('q', { Policy: openTo('sns.amazonaws.com') });
  await sns.send(
    new SubscribeCommand({
      TopicArn,
      Protocol: 'sqs',
      Endpoint: queue,
      Attributes: { RawMessageDelivery: 'true' },
    }),
  );
  await aws.rule({ Name: 'r' }, { Arn: TopicArn! });
  const { Entries } = await aws.put({});
  const [body] = await aws.bodies(queue);
  expect(JSON.parse(body!)).toMatchObject({ id: Entries![0]!.EventId, source: 'shop' });
});
