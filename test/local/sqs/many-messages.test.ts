import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { startLocal } from '../../../local/index.ts';
import { administrator } from '../../../local/principal.ts';

/** Without clients, which would cost more than the queue: a queue and calls of it. */
async function bareQueue(name: string, Attributes: Record<string, string> = {}) {
  const aws = await startLocal();
  const me = administrator(aws.world.account);
  const call = <T>(operation: string, input: object) =>
    aws.world.call<T>(me, 'sqs', operation, { QueueUrl: name, ...input });
  await call('CreateQueue', { QueueName: name, Attributes });
  return {
    aws,
    send: (entries: object[]) =>
      call('SendMessageBatch', {
        Entries: entries.map((entry, i) => ({ Id: `${i}`, MessageBody: 'x', ...entry })),
      }),
    receive: async (more: object = {}) =>
      (
        await call<{ Messages?: { Body: string; ReceiptHandle: string }[] }>('ReceiveMessage', {
          MaxNumberOfMessages: 10,
          ...more,
        })
      ).Messages ?? [],
    remove: (messages: { ReceiptHandle: string }[]) =>
      call('DeleteMessageBatch', {
        Entries: messages.map(({ ReceiptHandle }, i) => ({ Id: `${i}`, ReceiptHandle })),
      }),
    counts: () => aws.world.service('sqs').state()[name],
  };
}

const ten = Array.from({ length: 10 }, () => ({}));

describe('120,000 messages in flight are the most (F41)', () => {
  test('of a standard queue: a short poll is refused, a long poll waits, nothing is lost', async () => {
    const { aws, send, receive, remove, counts } = await bareQueue('queue', { VisibilityTimeout: '3600' });
    for (let i = 0; i < 12_001; i++) await send(ten);
    let last: { ReceiptHandle: string }[] = [];
    for (let i = 0; i < 12_000; i++) last = await receive();
    expect(counts()).toEqual({ visible: 10, inFlight: 120_000, delayed: 0 });
    await expect(receive()).rejects.toMatchObject({
      code: 'OverLimit',
      message: expect.stringContaining('Too many messages have been received without being deleted.'),
    });
    const poll = receive({ WaitTimeSeconds: 20 });
    await aws.advance('1s');
    await remove(last.slice(0, 3));
    expect(await poll).toHaveLength(3);
    expect(counts()).toEqual({ visible: 7, inFlight: 120_000, delayed: 0 });
  });

  test('of a FIFO queue, which then gives nothing, and looks no further for groups', async () => {
    const { send, receive, remove } = await bareQueue('queue.fifo', {
      FifoQueue: 'true',
      VisibilityTimeout: '3600',
    });
    let sent = 0;
    const entries = (MessageGroupId: string) =>
      ten.map(() => ({ MessageGroupId, MessageDeduplicationId: `${sent++}` }));
    for (let i = 0; i < 12_000; i++) await send(entries('large'));
    await send(entries('small'));
    const head = await receive();
    expect(head).toHaveLength(10);
    expect(await receive()).toEqual([]);
    await remove(head.slice(0, 5));
    expect(await receive()).toHaveLength(5);
  });
});

describe('a noisy tenant (F42)', () => {
  const tenant = (MessageGroupId: string) => ten.map(() => ({ MessageGroupId, MessageBody: MessageGroupId }));

  test('lets others go first while it keeps consumers busy, and keeps its turn otherwise', async () => {
    const { send, receive, remove } = await bareQueue('queue');
    for (let i = 0; i < 5; i++) await send(tenant('noisy'));
    await send(tenant('quiet'));
    const noisy = [await receive(), await receive(), await receive()].flat();
    expect(new Set(noisy.map(({ Body }) => Body))).toEqual(new Set(['noisy']));
    expect((await receive()).every(({ Body }) => Body === 'quiet')).toBe(true);
    for (let i = 0; i < 30; i += 10) await remove(noisy.slice(i, i + 10));
    await send(tenant('quiet'));
    expect((await receive()).every(({ Body }) => Body === 'noisy')).toBe(true);
  });
});

test('a message leaves nothing behind: receipt handles need no table', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const { send, receive, remove, counts } = await bareQueue('queue');
  const used = async (rounds: number) => {
    for (let i = 0; i < rounds; i++) {
      await send(ten.map(() => ({ MessageBody: 'x'.repeat(1000) })));
      await remove(await receive());
    }
    collect();
    return process.memoryUsage().heapUsed;
  };
  const before = await used(200);
  const after = await used(2000);
  expect(counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  expect(after - before).toBeLessThan(1e6); // 20,000 messages, 20 MB of bodies
});
