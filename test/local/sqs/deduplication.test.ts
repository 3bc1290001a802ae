import { type Message, PurgeQueueCommand } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { aFifoQueue, aQueue, bodies, sendAll, type TestQueue } from './queue.ts';

describe('deduplication', () => {
  const count = ({ counts }: TestQueue) => (counts() as { visible: number }).visible;

  test('a repeated id is answered as the first and dropped, for five minutes', async () => {
    const queue = await aFifoQueue();
    const send = () => queue.send('a', { MessageGroupId: 'g', MessageDeduplicationId: 'd' });
    const first = await send();
    await queue.aws.advance(299_999);
    expect(await send()).toMatchObject({ MessageId: first.MessageId, SequenceNumber: first.SequenceNumber });
    expect(count(queue)).toBe(1);
    await queue.aws.advance(1);
    expect((await send()).MessageId).not.toBe(first.MessageId);
    expect(count(queue)).toBe(2);
  });

  test('the content is the body alone, and an explicit id wins over it', async () => {
    const queue = await aFifoQueue();
    await queue.send('a', { MessageGroupId: 'g' });
    await queue.send('a', {
      MessageGroupId: 'g',
      MessageAttributes: { n: { DataType: 'Number', StringValue: '1' } },
    });
    expect(count(queue)).toBe(1);
    await queue.send('a', { MessageGroupId: 'g', MessageDeduplicationId: 'other' });
    expect(count(queue)).toBe(2);
  });

  test('a duplicate is dropped in another group too, and after the first was received and deleted', async () => {
    const queue = await aFifoQueue();
    await queue.send('a', { MessageGroupId: 'g' });
    await queue.send('a', { MessageGroupId: 'h' });
    expect(count(queue)).toBe(1);
    await queue.remove((await queue.receive())[0]!);
    await queue.send('a', { MessageGroupId: 'g' });
    expect(count(queue)).toBe(0);
  });

  test('per group, if the queue was created so', async () => {
    const queue = await aFifoQueue({ DeduplicationScope: 'messageGroup' });
    for (const MessageGroupId of ['g', 'h', 'g']) await queue.send('a', { MessageGroupId });
    expect(count(queue)).toBe(2);
  });

  test.each([
    ['queue', 'messageGroup', 1, 2],
    ['messageGroup', 'queue', 2, 3],
  ])('from %s to %s shows at once and works after a minute', async (before, after, soon, later) => {
    const queue = await aFifoQueue({ DeduplicationScope: before });
    const send = async (MessageDeduplicationId: string) => {
      for (const MessageGroupId of ['g', 'h'])
        await queue.send('a', { MessageGroupId, MessageDeduplicationId });
    };
    await queue.set({ DeduplicationScope: after });
    expect(await queue.attributes('DeduplicationScope')).toEqual({ DeduplicationScope: after });
    await send('soon');
    expect(count(queue)).toBe(soon);
    await queue.aws.advance('1m');
    await send('later');
    expect(count(queue)).toBe(later + (soon === 1 ? 1 : 0));
  });

  test('is forgotten by a purge', async () => {
    const queue = await aFifoQueue();
    await queue.send('a', { MessageGroupId: 'g' });
    await queue.sqs.send(new PurgeQueueCommand({ QueueUrl: queue.QueueUrl }));
    await queue.send('a', { MessageGroupId: 'g' });
    expect(count(queue)).toBe(1);
  });

  test('is no matter of standard queues', async () => {
    const { send } = await aQueue();
    await expect(send('x', { MessageDeduplicationId: 'd' })).rejects.toThrow(
      'Value d for parameter MessageDeduplicationId is invalid. Reason: The request include parameter that is not valid for this queue type.',
    );
  });
});

describe('ReceiveRequestAttemptId', () => {
  const attempt = { ReceiveRequestAttemptId: 'attempt' };
  const received = async () => {
    const queue = await aFifoQueue({ VisibilityTimeout: '30' });
    await sendAll(queue, 'g1a g1b g2a');
    const messages = (await queue.receive({ ...attempt, MaxNumberOfMessages: 2 })) as [Message, Message];
    return { ...queue, messages };
  };

  test('gives the same messages with the same handles again, and hides them for the whole time again', async () => {
    const { aws, messages, receive, counts } = await received();
    await aws.advance('20s');
    expect(await receive({ ...attempt, MaxNumberOfMessages: 2 })).toEqual(messages);
    await aws.advance('29s');
    expect(counts()).toMatchObject({ visible: 1, inFlight: 2 });
    await aws.advance('1s');
    expect(counts()).toMatchObject({ visible: 3, inFlight: 0 });
  });

  test('is over once one of them was deleted, changed or visible again', async () => {
    const deleted = await received();
    await deleted.remove(deleted.messages[0]);
    expect(bodies(await deleted.receive(attempt))).toEqual(['g2a']);
    const changed = await received();
    await changed.hide(changed.messages[0], 60);
    expect(bodies(await changed.receive(attempt))).toEqual(['g2a']);
    const lapsed = await received();
    await lapsed.aws.advance('30s');
    const [again] = await lapsed.receive(attempt);
    expect(again!.Attributes!.ApproximateReceiveCount).not.toBe(undefined);
    expect(lapsed.messages.map(({ ReceiptHandle }) => ReceiptHandle)).not.toContain(again!.ReceiptHandle);
  });

  test('is over after five minutes', async () => {
    const { aws, messages, receive } = await received();
    for (let i = 0; i < 12; i++) {
      await aws.advance('25s');
      const expected = i < 11 ? messages.map(({ Body }) => Body) : ['g2a'];
      expect(bodies(await receive({ ...attempt, MaxNumberOfMessages: 2 }))).toEqual(expected);
    }
  });

  test('is for FIFO queues', async () => {
    const { receive } = await aQueue();
    await expect(receive(attempt)).rejects.toThrow('parameter that is not valid for this queue type.');
    const fifo = await aFifoQueue();
    await expect(fifo.receive({ ReceiveRequestAttemptId: 'a b' })).rejects.toThrow('1 to 128 in length.');
  });
});
