import {
  AddPermissionCommand,
  CreateQueueCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  RemovePermissionCommand,
  SQSClient,
  TagQueueCommand,
  UntagQueueCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { startLocal } from '../../../local/index.ts';
import { aQueue, type TestQueue } from './queue.ts';

describe('listing queues', () => {
  const named = async (...names: string[]) => {
    const sqs = (await startLocal()).client(SQSClient);
    for (const QueueName of names) await sqs.send(new CreateQueueCommand({ QueueName }));
    return async (more: object = {}) => {
      const { QueueUrls, NextToken } = await sqs.send(new ListQueuesCommand(more));
      return { names: QueueUrls?.map((url) => url.split('/').at(-1)), NextToken };
    };
  };

  test('gives all of them, or those with a prefix, in upper or lower case as it is', async () => {
    const list = await named('b', 'a1', 'a2', 'A3');
    expect((await list()).names).toEqual(['A3', 'a1', 'a2', 'b']);
    expect((await list({ QueueNamePrefix: 'a' })).names).toEqual(['a1', 'a2']);
    expect(await list({ QueueNamePrefix: 'x' })).toEqual({ names: undefined, NextToken: undefined });
  });

  test('gives pages to who asks for pages', async () => {
    const list = await named('a', 'b', 'c');
    const first = await list({ MaxResults: 2 });
    expect(first).toEqual({ names: ['a', 'b'], NextToken: expect.any(String) });
    expect(await list({ MaxResults: 2, NextToken: first.NextToken })).toEqual({ names: ['c'] });
    await expect(list({ MaxResults: 1001 })).rejects.toThrow('MaxResults is invalid.');
  });
});

test('a URL is found by name, for the own account only', async () => {
  const { sqs, QueueUrl } = await aQueue();
  const url = (more: object) => sqs.send(new GetQueueUrlCommand({ QueueName: 'queue', ...more }));
  expect(await url({ QueueOwnerAWSAccountId: '000000000000' })).toMatchObject({ QueueUrl });
  for (const more of [{ QueueName: 'other' }, { QueueOwnerAWSAccountId: '111111111111' }])
    await expect(url(more)).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  await expect(url({ QueueName: '' })).rejects.toThrow(
    'Value for parameter QueueName is invalid. Reason: Must specify a queue name.',
  );
});

describe('tags', () => {
  test('are set at creation and later, changed, removed and listed; none are no list', async () => {
    const { sqs, QueueUrl } = await aQueue();
    const tags = async () => (await sqs.send(new ListQueueTagsCommand({ QueueUrl }))).Tags;
    expect(await tags()).toBeUndefined();
    await sqs.send(new TagQueueCommand({ QueueUrl, Tags: { a: '1', b: '2', A: '' } }));
    await sqs.send(new TagQueueCommand({ QueueUrl, Tags: { b: '3' } }));
    expect(await tags()).toEqual({ a: '1', b: '3', A: '' });
    await sqs.send(new UntagQueueCommand({ QueueUrl, TagKeys: ['a', 'none'] }));
    expect(await tags()).toEqual({ b: '3', A: '' });
    await sqs.send(new CreateQueueCommand({ QueueName: 'tagged', tags: { c: '4' } }));
    const { Tags } = await sqs.send(new ListQueueTagsCommand({ QueueUrl: 'tagged' }));
    expect(Tags).toEqual({ c: '4' });
  });

  test.each([[{ '': 'x' }], [{ ['k'.repeat(129)]: 'x' }], [{ k: 'v'.repeat(257) }]])(
    '%j are refused',
    async (Tags) => {
      const { sqs, QueueUrl } = await aQueue();
      await expect(sqs.send(new TagQueueCommand({ QueueUrl, Tags }))).rejects.toMatchObject({
        Error: { Code: 'InvalidParameterValue' },
      });
    },
  );
});

describe('permissions', () => {
  const permit = (
    { sqs, QueueUrl }: TestQueue,
    Label: string,
    Actions = ['ReceiveMessage'],
    AWSAccountIds = ['111111111111'],
  ) => sqs.send(new AddPermissionCommand({ QueueUrl, Label, Actions, AWSAccountIds }));
  const revoke = ({ sqs, QueueUrl }: TestQueue, Label: string) =>
    sqs.send(new RemovePermissionCommand({ QueueUrl, Label }));

  test('are statements of the queue’s policy; the last one takes the policy with it', async () => {
    const queue = await aQueue();
    const policy = async () => JSON.parse((await queue.attributes('Policy')).Policy ?? 'null') as unknown;
    await permit(queue, 'one');
    const one = {
      Sid: 'one',
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::111111111111:root' },
      Action: 'SQS:ReceiveMessage',
      Resource: queue.arn,
    };
    const head = { Version: '2008-10-17', Id: `${queue.arn}/SQSDefaultPolicy` };
    expect(await policy()).toEqual({ ...head, Statement: [one] });
    await permit(queue, 'two', ['SendMessage', '*'], ['111111111111', '222222222222']);
    const two = {
      ...one,
      Sid: 'two',
      Principal: { AWS: ['arn:aws:iam::111111111111:root', 'arn:aws:iam::222222222222:root'] },
      Action: ['SQS:SendMessage', 'SQS:*'],
    };
    expect(await policy()).toEqual({ ...head, Statement: [one, two] });
    await revoke(queue, 'one');
    await revoke(queue, 'two');
    expect(await queue.attributes('Policy')).toEqual({});
  });

  test('have labels of their own', async () => {
    const queue = await aQueue();
    await permit(queue, 'one');
    await expect(permit(queue, 'one')).rejects.toMatchObject({
      Error: { Code: 'InvalidParameterValue' },
      message: 'Value one for parameter Label is invalid. Reason: Already exists.',
    });
    await expect(revoke(queue, 'two')).rejects.toMatchObject({
      Error: { Code: 'InvalidParameterValue' },
      message: "Value two for parameter Label is invalid. Reason: can't find label.",
    });
  });

  test('are about actions that there are', async () => {
    const queue = await aQueue();
    await expect(permit(queue, 'one', ['Fly'])).rejects.toThrow(
      'Value SQS:Fly for parameter ActionName is invalid. Reason: Please refer to the appropriate WSDL for a list of valid actions. ',
    );
  });

  test('end with the twentieth', async () => {
    const queue = await aQueue();
    for (let i = 0; i < 20; i++) await permit(queue, `label-${i}`);
    await expect(permit(queue, 'one-more')).rejects.toMatchObject({ name: 'OverLimit' });
  });

  test('the policy is what decides about deliveries', async () => {
    const { aws, arn, set } = await aQueue();
    await set({ Policy: '{"Version":"2012-10-17","Statement":[]}' });
    expect(aws.world.service('sqs').resourcePolicy(arn)).toBe('{"Version":"2012-10-17","Statement":[]}');
  });
});
