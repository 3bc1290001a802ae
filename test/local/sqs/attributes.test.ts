import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { startLocal } from '../../../local/index.ts';
import { aFifoQueue, aQueue } from './queue.ts';

const create = async (QueueName: string, Attributes: Record<string, string> = {}) => {
  const aws = await startLocal();
  return aws.client(SQSClient).send(new CreateQueueCommand({ QueueName, Attributes }));
};

describe('what a new queue has', () => {
  const counted = {
    ApproximateNumberOfMessages: '0',
    ApproximateNumberOfMessagesDelayed: '0',
    ApproximateNumberOfMessagesNotVisible: '0',
    CreatedTimestamp: '1893456000',
    LastModifiedTimestamp: '1893456000',
  };
  const common = {
    ...counted,
    DelaySeconds: '0',
    MaximumMessageSize: '1048576',
    MessageRetentionPeriod: '345600',
    ReceiveMessageWaitTimeSeconds: '0',
    SqsManagedSseEnabled: 'true',
    VisibilityTimeout: '30',
  };

  test('a standard queue has exactly twelve attributes, all of them texts', async () => {
    const { attributes, arn } = await aQueue();
    expect(await attributes('All')).toEqual({ ...common, QueueArn: arn });
  });

  test('a FIFO queue has four more', async () => {
    const { attributes, arn } = await aQueue({ FifoQueue: 'true' }, 'queue.fifo');
    expect(await attributes('All')).toEqual({
      ...common,
      QueueArn: arn,
      ContentBasedDeduplication: 'false',
      DeduplicationScope: 'queue',
      FifoQueue: 'true',
      FifoThroughputLimit: 'perQueue',
    });
  });

  test('only what was asked for is shown, and nothing when nothing was', async () => {
    const { attributes } = await aQueue();
    expect(await attributes('VisibilityTimeout', 'Policy')).toEqual({ VisibilityTimeout: '30' });
    expect(await attributes()).toEqual({});
    await expect(attributes('Colour')).rejects.toMatchObject({
      name: 'InvalidAttributeName',
      message: 'Unknown Attribute Colour.',
    });
  });
});

describe('values', () => {
  test.each([
    ['DelaySeconds', 0, 900],
    ['MaximumMessageSize', 1024, 1_048_576],
    ['MessageRetentionPeriod', 60, 1_209_600],
    ['ReceiveMessageWaitTimeSeconds', 0, 20],
    ['VisibilityTimeout', 0, 43_200],
    ['KmsDataKeyReusePeriodSeconds', 60, 86_400],
  ])('%s is from %i to %i', async (name, least, most) => {
    const { set, attributes } = await aQueue({ KmsMasterKeyId: 'key' });
    for (const value of [least, most]) {
      await set({ [name]: String(value) });
      expect(await attributes(name)).toEqual({ [name]: String(value) });
    }
    for (const value of [least - 1, most + 1, '', 'x', `${least}.5`])
      await expect(set({ [name]: String(value) })).rejects.toMatchObject({
        name: 'InvalidAttributeValue',
        message: `Invalid value for the parameter ${name}.`,
      });
  });

  test('a change shows in LastModifiedTimestamp, in seconds', async () => {
    const { aws, set, attributes } = await aQueue();
    await aws.advance(90_500);
    await set({ VisibilityTimeout: '5' });
    expect(await attributes('LastModifiedTimestamp', 'CreatedTimestamp')).toEqual({
      CreatedTimestamp: '1893456000',
      LastModifiedTimestamp: '1893456090',
    });
  });

  test('an empty text removes a policy', async () => {
    const { set, attributes } = await aQueue({ Policy: '{"Statement":[]}' });
    expect(await attributes('Policy')).toEqual({ Policy: '{"Statement":[]}' });
    await set({ Policy: '' });
    expect(await attributes('Policy')).toEqual({});
    await expect(set({ Policy: 'x' })).rejects.toMatchObject({ name: 'InvalidAttributeValue' });
  });

  test('a policy has at most 20 statements', async () => {
    const { set } = await aQueue();
    await expect(
      set({ Policy: JSON.stringify({ Statement: Array.from({ length: 21 }, () => ({})) }) }),
    ).rejects.toMatchObject({
      name: 'OverLimit',
      message: '21 statements were found in the submitted policy, max allowed is 20',
    });
  });

  test('encryption is by a key or by SQS: the key wins over what was there', async () => {
    const { set, attributes } = await aQueue();
    const shown = () => attributes('KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds', 'SqsManagedSseEnabled');
    await set({ KmsMasterKeyId: 'alias/mine' });
    expect(await shown()).toEqual({
      KmsMasterKeyId: 'alias/mine',
      KmsDataKeyReusePeriodSeconds: '300',
      SqsManagedSseEnabled: 'false',
    });
    await set({ KmsMasterKeyId: '' });
    expect(await shown()).toEqual({ SqsManagedSseEnabled: 'false' });
    await expect(set({ KmsMasterKeyId: 'k', SqsManagedSseEnabled: 'true' })).rejects.toMatchObject({
      name: 'InvalidAttributeName',
      message:
        'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.',
    });
  });
});

describe('names of attributes', () => {
  test.each(['Colour', 'QueueArn', 'CreatedTimestamp', 'ApproximateNumberOfMessages'])(
    '%s cannot be set',
    async (name) => {
      const { set } = await aQueue();
      await expect(set({ [name]: '1' })).rejects.toMatchObject({
        name: 'InvalidAttributeName',
        message: `Unknown Attribute ${name}.`,
      });
    },
  );

  test.each([
    ['FifoQueue', 'false', 'Unknown Attribute FifoQueue.'],
    ['ContentBasedDeduplication', 'false', 'Unknown Attribute ContentBasedDeduplication.'],
    [
      'DeduplicationScope',
      'queue',
      'You can specify the DeduplicationScope only when FifoQueue is set to true.',
    ],
    [
      'FifoThroughputLimit',
      'perQueue',
      'You can specify the FifoThroughputLimit only when FifoQueue is set to true.',
    ],
  ])('%s is for FIFO queues only', async (name, value, message) => {
    await expect(create('q', { [name]: value })).rejects.toMatchObject({
      name: 'InvalidAttributeName',
      message,
    });
  });

  test('a FIFO queue stays one', async () => {
    const { set } = await aFifoQueue();
    await set({ FifoQueue: 'true' });
    await expect(set({ FifoQueue: 'false' })).rejects.toMatchObject({
      name: 'InvalidAttributeValue',
      message: 'Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.',
    });
  });

  test('throughput per group needs deduplication per group', async () => {
    const { set, attributes } = await aFifoQueue();
    await expect(set({ FifoThroughputLimit: 'perMessageGroupId' })).rejects.toMatchObject({
      name: 'InvalidAttributeValue',
    });
    await set({ FifoThroughputLimit: 'perMessageGroupId', DeduplicationScope: 'messageGroup' });
    expect(await attributes('FifoThroughputLimit')).toEqual({ FifoThroughputLimit: 'perMessageGroupId' });
  });
});
