import { CreateQueueCommand, DeleteQueueCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { startLocal } from '../../../local/index.ts';
import type { Call } from '../../../local/service.ts';
import { aQueue, queueIn } from './queue.ts';

const create = async (QueueName: string, Attributes: Record<string, string> = {}) => {
  const aws = await startLocal();
  return aws.client(SQSClient).send(new CreateQueueCommand({ QueueName, Attributes }));
};

describe('names', () => {
  test.each(['a', 'A-b_9', 'x'.repeat(80)])('%s is a name', async (name) => {
    expect(await create(name)).toMatchObject({ QueueUrl: `http://127.0.0.1:4566/000000000000/${name}` });
  });

  test.each(['x'.repeat(81), 'a b', 'ä', 'a.fifo', ''])(
    '"%s" is no name of a standard queue',
    async (name) => {
      await expect(create(name)).rejects.toMatchObject({
        Error: { Code: 'InvalidParameterValue' },
        message: 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
      });
    },
  );

  test.each(['a', `${'x'.repeat(76)}.fifo`])('%s is no name of a FIFO queue', async (name) => {
    await expect(create(name, { FifoQueue: 'true' })).rejects.toMatchObject({
      Error: { Code: 'InvalidParameterValue' },
      message: expect.stringContaining('must end with .fifo suffix and be 1 to 80 in length'),
    });
  });
});

describe('creating again', () => {
  test('is fine as long as what is said is so; what is left out is not compared', async () => {
    const { sqs, QueueUrl, set } = await aQueue({ DelaySeconds: '1' });
    const again = (Attributes: Record<string, string>) =>
      sqs.send(new CreateQueueCommand({ QueueName: 'queue', Attributes }));
    expect(await again({})).toMatchObject({ QueueUrl });
    expect(await again({ DelaySeconds: '1', VisibilityTimeout: '30' })).toMatchObject({ QueueUrl });
    await set({ DelaySeconds: '2' });
    await expect(again({ VisibilityTimeout: '30', DelaySeconds: '1' })).rejects.toMatchObject({
      name: 'QueueNameExists',
      Error: { Code: 'QueueAlreadyExists' },
      message: 'A queue already exists with the same name and a different value for attribute DelaySeconds',
    });
  });

  test('a name is free at once, or after 60 seconds when AWS’s rule is switched on', async () => {
    const { aws, sqs, QueueUrl } = await aQueue();
    const recreate = async () => {
      await sqs.send(new DeleteQueueCommand({ QueueUrl }));
      return sqs.send(new CreateQueueCommand({ QueueName: 'queue' }));
    };
    await recreate();
    aws.world.service('sqs').options.queueDeletedRecently = true;
    await expect(recreate()).rejects.toMatchObject({
      name: 'QueueDeletedRecently',
      Error: { Code: 'AWS.SimpleQueueService.QueueDeletedRecently' },
      message:
        'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
    });
    await aws.advance('60s');
    await sqs.send(new CreateQueueCommand({ QueueName: 'queue' }));
  });
});

describe('what a QueueUrl may look like', () => {
  test.each([
    'http://127.0.0.1:4566/000000000000/queue',
    'https://sqs.eu-west-1.amazonaws.com/000000000000/queue',
    'http://localhost:1/queue/eu-west-1/000000000000/queue',
    '/000000000000/queue',
    'queue',
  ])('%s', async (QueueUrl) => {
    const { send, counts } = await aQueue();
    await send('a', { QueueUrl });
    expect(counts()).toMatchObject({ visible: 1 });
  });

  test.each(['http://127.0.0.1:4566/000000000000/other', '/111111111111/queue'])(
    '%s is nobody’s',
    async (url) => {
      const { send } = await aQueue();
      await expect(send('a', { QueueUrl: url })).rejects.toMatchObject({
        name: 'QueueDoesNotExist',
        Error: { Code: 'AWS.SimpleQueueService.NonExistentQueue' },
        message: 'The specified queue does not exist.',
      });
    },
  );

  test('the URL that is given out leads back to where the caller came from', async () => {
    const aws = await startLocal();
    const elsewhere = aws.client(SQSClient, { endpoint: 'http://queues.local:99' });
    const QueueUrl = 'http://queues.local:99/000000000000/queue';
    expect(await elsewhere.send(new CreateQueueCommand({ QueueName: 'queue' }))).toMatchObject({ QueueUrl });
    expect(await elsewhere.send(new GetQueueUrlCommand({ QueueName: 'queue' }))).toMatchObject({ QueueUrl });
    const { arn } = await queueIn(aws, {}, 'queue');
    expect(aws.world.service('sqs').urlOf(arn)).toBe('http://127.0.0.1:4566/000000000000/queue');
  });
});

test('over the query protocol a missing queue is missing “for this wsdl version”', async () => {
  const { world } = await startLocal();
  const call = { protocol: 'query', account: world.account } as Call;
  expect(() => world.service('sqs').operations.GetQueueUrl({ QueueName: 'none' }, call)).toThrow(
    'The specified queue does not exist for this wsdl version.',
  );
});
