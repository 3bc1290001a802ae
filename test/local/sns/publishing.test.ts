import { PublishCommand } from '@aws-sdk/client-sns';
import { DeleteQueueCommand } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { servicePrincipal } from '../../../local/principal.ts';
import { bodies, queueIn } from '../sqs/queue.ts';
import { aTopic, json, openQueue } from './topic.ts';

const number = (StringValue: string) => ({ DataType: 'Number', StringValue });

describe('a queue that subscribed', () => {
  test('gets an envelope around the message', async () => {
    const { publish, queue, TopicArn } = await aTopic();
    const { receive, subscription } = await queue();
    const { MessageId } = await publish('hé', { Subject: 'news', MessageAttributes: { n: number('99.12') } });
    const [message] = await receive();
    expect(json(message!.Body)).toEqual({
      Type: 'Notification',
      MessageId,
      TopicArn,
      Subject: 'news',
      Message: 'hé',
      Timestamp: '2030-01-01T00:00:00.000Z',
      SignatureVersion: '1',
      Signature: expect.any(String),
      SigningCertURL: expect.stringMatching(
        /^https:\/\/sns\.eu-west-1\.amazonaws\.com\/SimpleNotificationService-/,
      ),
      UnsubscribeURL: `https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=${subscription}`,
      MessageAttributes: { n: { Type: 'Number', Value: '99.12' } },
    });
    expect(message!.Attributes!.SenderId).toBe('sns.amazonaws.com');
  });

  test('gets the message itself, with its attributes, when it asked for raw delivery', async () => {
    const { publish, queue } = await aTopic();
    const { receive } = await queue({ RawMessageDelivery: 'true' });
    const MessageAttributes = {
      n: number('99.12'),
      b: { DataType: 'Binary', BinaryValue: new Uint8Array([2, 3, 4]) },
    };
    await publish('raw', { MessageAttributes });
    const [message] = await receive({ MessageAttributeNames: ['All'] });
    expect(message).toMatchObject({ Body: 'raw', MessageAttributes });
  });

  test('gets its protocol’s text of a message with a structure', async () => {
    const { publish, queue } = await aTopic();
    const { receive } = await queue({ RawMessageDelivery: 'true' });
    const structured = { MessageStructure: 'json' };
    await publish('{"default":"all","sqs":"queues"}', structured);
    await publish('{"default":"all"}', structured);
    expect(bodies(await receive())).toEqual(['queues', 'all']);
    await expect(publish('{"sqs":"queues"}', structured)).rejects.toThrow(
      'Invalid parameter: Message Structure - No default entry in JSON message body',
    );
    await expect(publish('{', structured)).rejects.toThrow(
      'Invalid parameter: Message Structure - JSON message body failed to parse',
    );
  });

  test('passes on a group, so that tenants stay apart (F42)', async () => {
    const { publish, queue } = await aTopic();
    const { receive } = await queue();
    await publish('x', { MessageGroupId: 'tenant' });
    expect((await receive())[0]!.Attributes).toMatchObject({ MessageGroupId: 'tenant' });
  });

  test('gets nothing unless its policy lets the topic in (F13)', async () => {
    const { aws, subscribe, publish } = await aTopic();
    const closed = await queueIn(aws, {}, 'closed');
    await subscribe('sqs', closed.arn);
    await publish('x');
    expect(closed.counts()).toMatchObject({ visible: 0 });
  });
});

describe('what cannot be delivered', () => {
  test.each([['true'], ['false']])(
    'goes to the dead-letter queue of the subscription, raw or not: %s',
    async (raw) => {
      const { aws, TopicArn, queue, publish } = await aTopic();
      const dead = await openQueue(aws, TopicArn, 'dead');
      const { sqs, QueueUrl } = await queue({
        RawMessageDelivery: raw,
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn }),
      });
      await sqs.send(new DeleteQueueCommand({ QueueUrl }));
      await publish('lost', { MessageAttributes: { n: number('1') } });
      const [letter] = await dead.receive({ MessageAttributeNames: ['All'] });
      expect(raw === 'true' ? letter!.Body : json(letter!.Body).Message).toBe('lost');
      expect(letter!.MessageAttributes === undefined).toBe(raw === 'false');
    },
  );

  test('for the moment is tried again: at once three times, then after a second', async () => {
    const { aws, queue, publish } = await aTopic();
    const { arn, counts } = await queue();
    aws.world.faults.set([
      { fault: 'throttle', service: 'sqs', operation: 'SendMessage', target: arn, times: 4 },
    ]);
    await publish('x');
    expect(counts()).toMatchObject({ visible: 0 });
    await aws.advance('1s');
    expect(counts()).toMatchObject({ visible: 1 });
  });
});

describe('what may be published', () => {
  const text = (StringValue: string) => ({ DataType: 'String', StringValue });
  test.each<[string, object, string, string]>([
    ['nothing', { Message: '' }, 'InvalidParameter', 'Invalid parameter: Empty message'],
    ['too much', { Message: 'x'.repeat(262_145) }, 'InvalidParameter', 'Invalid parameter: Message too long'],
    ['an empty subject', { Subject: '' }, 'InvalidParameter', 'Invalid parameter: Subject'],
    ['a long subject', { Subject: 'x'.repeat(101) }, 'InvalidParameter', 'Invalid parameter: Subject'],
    [
      'a deduplication id',
      { MessageDeduplicationId: 'd' },
      'InvalidParameter',
      'MessageDeduplicationId parameter that is not valid for this topic type',
    ],
    [
      'an odd ARN',
      { TopicArn: 'arn:x' },
      'InvalidParameter',
      'Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 2',
    ],
    [
      'an unknown topic',
      { TopicArn: 'arn:aws:sns:eu-west-1:000000000000:none' },
      'NotFound',
      'Topic does not exist',
    ],
    [
      'another region',
      { TopicArn: 'arn:aws:sns:us-east-1:000000000000:topic' },
      'InvalidParameter',
      'Invalid parameter: TopicArn',
    ],
    [
      'an empty attribute',
      { MessageAttributes: { a: text('') } },
      'ParameterValueInvalid',
      "The message attribute 'a' must contain non-empty message attribute value for message attribute type 'String'.",
    ],
    [
      'an attribute of another type',
      { MessageAttributes: { a: { DataType: 'Date', StringValue: 'x' } } },
      'ParameterValueInvalid',
      "The message attribute 'a' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.",
    ],
    [
      'an attribute with an odd name',
      { MessageAttributes: { 'a^': text('x') } },
      'ParameterValueInvalid',
      "Invalid non-alphanumeric character '#x5E' was found in the message attribute name.",
    ],
    [
      'an attribute in the wrong field',
      { MessageAttributes: { a: { DataType: 'String', BinaryValue: new Uint8Array([1]) } } },
      'ParameterValueInvalid',
      "The message attribute 'a' with type 'String' must use field 'String'.",
    ],
  ])('not %s', async (_case, more, Code, message) => {
    const { sns, TopicArn } = await aTopic();
    await expect(sns.send(new PublishCommand({ TopicArn, Message: 'x', ...more }))).rejects.toMatchObject({
      Error: { Code },
      message: expect.stringContaining(message),
    });
  });

  test('to a topic under the AWS managed key not by an AWS service', async () => {
    const { aws, TopicArn, publish } = await aTopic({ KmsMasterKeyId: 'alias/aws/sns' });
    const alarm = servicePrincipal(
      aws.world.account,
      'cloudwatch.amazonaws.com',
      'arn:aws:cloudwatch:eu-west-1:000000000000:alarm:a',
    );
    await expect(aws.world.call(alarm, 'sns', 'Publish', { TopicArn, Message: 'x' })).rejects.toMatchObject({
      code: 'KMSAccessDeniedException',
    });
    expect(await publish('x')).toHaveProperty('MessageId');
  });

  test('by an alarm of the account, as the default policy has it, but not by a rule', async () => {
    const { aws, TopicArn, queue } = await aTopic();
    const { counts } = await queue();
    const by = (service: string, sourceArn: string) =>
      aws.world.call(servicePrincipal(aws.world.account, service, sourceArn), 'sns', 'Publish', {
        TopicArn,
        Message: 'x',
      });
    await by('cloudwatch.amazonaws.com', 'arn:aws:cloudwatch:eu-west-1:000000000000:alarm:a');
    await aws.advance(0);
    expect(counts()).toMatchObject({ visible: 1 });
    await expect(by('events.amazonaws.com', 'arn:aws:events:eu-west-1:000000000000:rule/r')).rejects.toThrow(
      'is not authorized to perform',
    );
  });
});
