import {
  AddPermissionCommand,
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListSubscriptionsCommand,
  ListTagsForResourceCommand,
  ListTopicsCommand,
  RemovePermissionCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  TagResourceCommand,
  UnsubscribeCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-sns';
import { describe, expect, test } from 'vitest';
import { aTopic, openQueue } from './topic.ts';

const queueArn = 'arn:aws:sqs:eu-west-1:000000000000:queue';

describe('a topic', () => {
  test('has the attributes of AWS’s, among them a policy for the account', async () => {
    const { sns, TopicArn } = await aTopic({ DisplayName: 'Topic' });
    const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
    expect(Object.keys(Attributes!).toSorted()).toEqual([
      'DisplayName',
      'EffectiveDeliveryPolicy',
      'Owner',
      'Policy',
      'SubscriptionsConfirmed',
      'SubscriptionsDeleted',
      'SubscriptionsPending',
      'TopicArn',
    ]);
    expect(Attributes).toMatchObject({ DisplayName: 'Topic', Owner: '000000000000', TopicArn });
    expect(JSON.parse(Attributes!.Policy!)).toMatchObject({
      Id: '__default_policy_ID',
      Statement: [{ Condition: { StringEquals: { 'AWS:SourceOwner': '000000000000' } } }],
    });
  });

  test('is there once, as long as what is said of it is so', async () => {
    const { sns, TopicArn } = await aTopic({ DisplayName: 'Topic' });
    const again = (more: object) => sns.send(new CreateTopicCommand({ Name: 'topic', ...more }));
    expect(await again({})).toMatchObject({ TopicArn });
    expect(await again({ Attributes: { DisplayName: 'Topic' } })).toMatchObject({ TopicArn });
    await expect(again({ Attributes: { DisplayName: 'Other' } })).rejects.toThrow(
      'Invalid parameter: Attributes Reason: Topic already exists with different attributes',
    );
    await expect(again({ Tags: [{ Key: 'a', Value: 'b' }] })).rejects.toThrow(
      'Invalid parameter: Tags Reason: Topic already exists with different tags',
    );
    expect(await sns.send(new ListTopicsCommand({}))).toMatchObject({ Topics: [{ TopicArn }] });
  });

  test.each(['', 'a.b', 'x'.repeat(257), 'a.fifo'])('is not named "%s"', async (name) => {
    await expect(aTopic({}, name)).rejects.toMatchObject({
      Error: { Code: 'InvalidParameter' },
      message: 'Invalid parameter: Topic Name',
    });
  });

  test('is changed, and goes twice without complaint', async () => {
    const { sns, TopicArn } = await aTopic();
    const set = (AttributeName: string, AttributeValue: string) =>
      sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName, AttributeValue }));
    await set('DisplayName', 'New');
    const get = () => sns.send(new GetTopicAttributesCommand({ TopicArn }));
    expect((await get()).Attributes).toMatchObject({ DisplayName: 'New' });
    await expect(set('Colour', 'red')).rejects.toThrow('Invalid parameter: AttributeName');
    await expect(set('FifoTopic', 'true')).rejects.toThrow('Invalid parameter: AttributeName');
    await expect(set('ArchivePolicy', '{}')).rejects.toMatchObject({ name: 'NotImplemented' });
    await sns.send(new DeleteTopicCommand({ TopicArn }));
    await sns.send(new DeleteTopicCommand({ TopicArn }));
    await expect(get()).rejects.toMatchObject({
      Error: { Code: 'NotFound' },
      message: 'Topic does not exist',
      $metadata: { httpStatusCode: 404 },
    });
  });

  test('has tags and permissions', async () => {
    const { sns, TopicArn } = await aTopic();
    const tags = async () => (await sns.send(new ListTagsForResourceCommand({ ResourceArn: TopicArn }))).Tags;
    await sns.send(
      new TagResourceCommand({
        ResourceArn: TopicArn,
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'b', Value: '2' },
        ],
      }),
    );
    await sns.send(new UntagResourceCommand({ ResourceArn: TopicArn, TagKeys: ['a'] }));
    expect(await tags()).toEqual([{ Key: 'b', Value: '2' }]);
    const permit = () =>
      sns.send(
        new AddPermissionCommand({
          TopicArn,
          Label: 'l',
          AWSAccountId: ['111111111111'],
          ActionName: ['Publish'],
        }),
      );
    const sids = async () => {
      const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
      return (JSON.parse(Attributes!.Policy!) as { Statement: { Sid: string }[] }).Statement.map(
        ({ Sid }) => Sid,
      );
    };
    await permit();
    expect(await sids()).toEqual(['__default_statement_ID', 'l']);
    await expect(permit()).rejects.toThrow('Invalid parameter: Statement already exists');
    await sns.send(new RemovePermissionCommand({ TopicArn, Label: 'l' }));
    expect(await sids()).toEqual(['__default_statement_ID']);
  });
});

describe('a subscription', () => {
  test('of a queue is confirmed at once', async () => {
    const { sns, TopicArn, subscribe } = await aTopic();
    const SubscriptionArn = await subscribe('sqs', queueArn);
    const { Attributes } = await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
    expect(Attributes).toEqual({
      ConfirmationWasAuthenticated: 'true',
      Endpoint: queueArn,
      Owner: '000000000000',
      PendingConfirmation: 'false',
      Protocol: 'sqs',
      RawMessageDelivery: 'false',
      SubscriptionArn,
      SubscriptionPrincipal: 'arn:aws:iam::000000000000:root',
      TopicArn,
    });
    expect(await sns.send(new ListSubscriptionsCommand({}))).toMatchObject({
      Subscriptions: [
        { SubscriptionArn, Endpoint: queueArn, Protocol: 'sqs', TopicArn, Owner: '000000000000' },
      ],
    });
  });

  test('of an e-mail address waits for a click that never comes', async () => {
    const { aws, sns, TopicArn, subscribe, publish } = await aTopic();
    const dead = await openQueue(aws, TopicArn, 'dead');
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn });
    expect(await subscribe('email', 'me@example.com', { RedrivePolicy })).toBe('pending confirmation');
    expect(await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))).toMatchObject({
      Subscriptions: [{ SubscriptionArn: 'PendingConfirmation', Endpoint: 'me@example.com' }],
    });
    const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
    expect(Attributes).toMatchObject({ SubscriptionsPending: '1', SubscriptionsConfirmed: '0' });
    expect(await publish('x')).toHaveProperty('MessageId');
    expect(dead.counts()).toMatchObject({ visible: 0 });
    await expect(sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token: 'x' }))).rejects.toThrow(
      'Invalid parameter: Token',
    );
  });

  test.each([
    [
      'sqs',
      'http://127.0.0.1:4566/000000000000/queue',
      'InvalidParameter',
      'Invalid parameter: SQS endpoint ARN',
    ],
    [
      'sqs',
      `${queueArn}.fifo`,
      'InvalidParameter',
      'FIFO SQS Queues can not be subscribed to standard SNS topics',
    ],
    ['lambda', queueArn, 'InvalidParameter', 'Invalid parameter: Lambda endpoint ARN'],
    [
      'pigeon',
      'x',
      'InvalidParameter',
      'Invalid parameter: Amazon SNS does not support this protocol string: pigeon',
    ],
    ['https', 'https://example.com', 'NotImplemented', 'does not model subscriptions by https'],
  ])('of %s %s is refused', async (protocol, endpoint, Code, message) => {
    const { subscribe } = await aTopic();
    await expect(subscribe(protocol, endpoint)).rejects.toMatchObject({
      Error: { Code },
      message: expect.stringContaining(message),
    });
  });

  test.each([
    [{ RawMessageDelivery: 'wrong' }, 'RawMessageDelivery: Invalid value [wrong]. Must be true or false.'],
    [
      { RedrivePolicy: '{"deadLetterTargetArn":"x"}' },
      'RedrivePolicy: deadLetterTargetArn is an invalid arn',
    ],
    [
      { RedrivePolicy: '{"maxReceiveCount":1}' },
      'RedrivePolicy: invalid JSON. Attribute maxReceiveCount is unknown.',
    ],
    [
      { FilterPolicyScope: 'All' },
      'FilterPolicyScope: Invalid value [All]. Please use either MessageBody or MessageAttributes',
    ],
    [{ Colour: 'red' }, 'AttributeName'],
  ])('with %j is refused', async (attributes, message) => {
    const { subscribe } = await aTopic();
    await expect(subscribe('sqs', queueArn, attributes as never)).rejects.toThrow(
      `Invalid parameter: Attributes Reason: ${message}`,
    );
  });

  test('is there once for an endpoint, is changed, and ends', async () => {
    const { sns, TopicArn, subscribe } = await aTopic();
    const SubscriptionArn = await subscribe('sqs', queueArn, { RawMessageDelivery: 'true' });
    expect(await subscribe('sqs', queueArn)).toBe(SubscriptionArn);
    await expect(subscribe('sqs', queueArn, { RawMessageDelivery: 'false' })).rejects.toThrow(
      'Invalid parameter: Attributes Reason: Subscription already exists with different attributes',
    );
    const set = (AttributeName: string, AttributeValue: string) =>
      sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName, AttributeValue }));
    await set('FilterPolicy', '{"a":["b"]}');
    const attributes = async () =>
      (await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).Attributes;
    expect(await attributes()).toMatchObject({
      FilterPolicy: '{"a":["b"]}',
      FilterPolicyScope: 'MessageAttributes',
    });
    await set('FilterPolicy', '{}');
    expect(await attributes()).not.toHaveProperty('FilterPolicy');
    await expect(set('Colour', 'red')).rejects.toThrow('Invalid parameter: AttributeName');
    const end = (arn: string) => sns.send(new UnsubscribeCommand({ SubscriptionArn: arn }));
    await end(SubscriptionArn);
    await end(SubscriptionArn);
    await expect(attributes()).rejects.toMatchObject({ message: 'Subscription does not exist' });
    await expect(end('x')).rejects.toThrow(
      'SubscriptionArn Reason: An ARN must have at least 6 elements, not 1',
    );
    await expect(end(TopicArn)).rejects.toThrow('Invalid parameter: SubscriptionId');
  });
});
