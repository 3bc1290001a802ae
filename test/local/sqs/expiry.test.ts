import { PurgeQueueCommand } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { aQueue } from './queue.ts';

describe('retention', () => {
  test('counts from the sending, in flight too; a handle of what expired still deletes', async () => {
    const { aws, send, receive, remove, counts } = await aQueue({ MessageRetentionPeriod: '60' });
    await send('a');
    await aws.advance('30s');
    await send('b');
    const [a] = await receive({ VisibilityTimeout: 600, MaxNumberOfMessages: 1 });
    await aws.advance('29s');
    expect(counts()).toMatchObject({ visible: 1, inFlight: 1 });
    await aws.advance('1s');
    expect(counts()).toMatchObject({ visible: 1, inFlight: 0 });
    await remove(a!);
    await aws.advance('30s');
    expect(await receive()).toEqual([]);
  });

  test('follows a change of the attribute', async () => {
    const { aws, send, set, counts } = await aQueue();
    await send('a');
    await aws.advance('3d');
    expect(counts()).toMatchObject({ visible: 1 });
    await set({ MessageRetentionPeriod: '3600' });
    expect(counts()).toMatchObject({ visible: 0 });
  });
});

describe('purging', () => {
  test('takes visible, delayed and in-flight messages, once a minute', async () => {
    const { aws, sqs, QueueUrl, send, receive, counts } = await aQueue();
    const purge = () => sqs.send(new PurgeQueueCommand({ QueueUrl }));
    await send('in flight');
    await receive();
    await send('visible');
    await send('delayed', { DelaySeconds: 5 });
    await purge();
    expect(counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
    await aws.advance(59_999);
    expect(await receive()).toEqual([]);
    await expect(purge()).rejects.toMatchObject({
      name: 'PurgeQueueInProgress',
      Error: { Code: 'AWS.SimpleQueueService.PurgeQueueInProgress' },
      message: 'Only one PurgeQueue operation on queue is allowed every 60 seconds.',
      $metadata: { httpStatusCode: 403 },
    });
    await aws.advance(1);
    await purge();
  });
});
