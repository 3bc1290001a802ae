import { createHash } from 'node:crypto';
import { type Message, type SendMessageCommandInput } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { aFifoQueue, aQueue, bodies, sendAll } from './queue.ts';

describe('what a FIFO queue asks for', () => {
  test.each<[string, Partial<SendMessageCommandInput>, string, string]>([
    [
      'a group',
      { MessageDeduplicationId: 'd' },
      'MissingParameter',
      'The request must contain the parameter MessageGroupId.',
    ],
    [
      'something to tell duplicates by',
      { MessageGroupId: 'g' },
      'InvalidParameterValue',
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    ],
    [
      'no delay',
      { MessageGroupId: 'g', MessageDeduplicationId: 'd', DelaySeconds: 2 },
      'InvalidParameterValue',
      'Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.',
    ],
  ])('%s', async (_case, more, Code, message) => {
    const { send } = await aQueue({ FifoQueue: 'true' }, 'queue.fifo');
    await expect(send('x', more)).rejects.toMatchObject({ Error: { Code }, message });
  });

  test.each(['', 'x'.repeat(129), 'group 123', 'ä'])('ids of other characters than "%s"', async (id) => {
    const { send } = await aFifoQueue();
    for (const parameter of ['MessageGroupId', 'MessageDeduplicationId'])
      await expect(send('x', { MessageGroupId: 'g', [parameter]: id })).rejects.toMatchObject({
        Error: { Code: 'InvalidParameterValue' },
        message: `Value ${id} for parameter ${parameter} is invalid. Reason: ${parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
      });
  });

  test('a delay of 0 is accepted, and the queue’s delay applies all the same, also to what is there when it changes', async () => {
    const { aws, send, set, receive, counts } = await aFifoQueue({ DelaySeconds: '60' });
    await send('a', { MessageGroupId: 'g', DelaySeconds: 0 });
    expect(counts()).toEqual({ visible: 0, inFlight: 0, delayed: 1 });
    await set({ DelaySeconds: '10' });
    await aws.advance('9s');
    expect(await receive()).toEqual([]);
    const poll = receive({ WaitTimeSeconds: 20 });
    await aws.advance('1s');
    expect(bodies(await poll)).toEqual(['a']);
    await send('b', { MessageGroupId: 'h' });
    await set({ DelaySeconds: '0' });
    expect(bodies(await receive())).toEqual(['b']);
  });
});

describe('sequence numbers', () => {
  test('have twenty digits, rise, and come back with the message', async () => {
    const queue = await aFifoQueue();
    const sent = [];
    for (const body of ['a', 'b', 'c'])
      sent.push((await queue.send(body, { MessageGroupId: body })).SequenceNumber!);
    expect(sent.every((number) => /^\d{20}$/.test(number))).toBe(true);
    expect(sent.toSorted()).toEqual(sent);
    expect(new Set(sent).size).toBe(3);
    const received = await queue.receive();
    expect(received.map(({ Attributes }) => Attributes!.SequenceNumber)).toEqual(sent);
    expect(received[0]!.Attributes).toMatchObject({
      MessageGroupId: 'a',
      MessageDeduplicationId: createHash('sha256').update('a').digest('hex'),
    });
  });
});

describe('order', () => {
  test('a receive takes all it can of one group before it goes to the next', async () => {
    const queue = await aFifoQueue();
    await sendAll(queue, 'g1a g2a g1b g1c');
    expect(bodies(await queue.receive())).toEqual(['g1a', 'g1b', 'g1c', 'g2a']);
  });

  test('a group that was served goes to the back, also when it is visible at once', async () => {
    const queue = await aFifoQueue();
    await sendAll(queue, 'g1a g1b g2a g2b g3a');
    expect(bodies(await queue.receive({ MaxNumberOfMessages: 3, VisibilityTimeout: 0 }))).toEqual([
      'g1a',
      'g1b',
      'g2a',
    ]);
    expect(bodies(await queue.receive())).toEqual(['g3a', 'g1a', 'g1b', 'g2a', 'g2b']);
  });

  test('a group whose messages were given back goes to the back', async () => {
    const queue = await aFifoQueue();
    await sendAll(queue, 'g1a g1b g2a g2b');
    const taken = await queue.receive({ MaxNumberOfMessages: 2 });
    for (const message of taken) await queue.hide(message, 0);
    expect(bodies(await queue.receive())).toEqual(['g2a', 'g2b', 'g1a', 'g1b']);
  });

  test('what is blocked counts as visible; only what was received is in flight', async () => {
    const queue = await aFifoQueue();
    await sendAll(queue, 'g1a g1b g2a g2b g3a g3b');
    await queue.receive({ MaxNumberOfMessages: 2 });
    expect(queue.counts()).toEqual({ visible: 4, inFlight: 2, delayed: 0 });
  });
});

describe('of a group only what stands before its first message in flight can be received', () => {
  const taken = async (count: number, names: string, attributes = {}) => {
    const queue = await aFifoQueue({ VisibilityTimeout: '30', ...attributes });
    await sendAll(queue, names);
    const messages = (await queue.receive({ MaxNumberOfMessages: count })) as [Message, Message, Message];
    expect(messages).toHaveLength(count);
    return { ...queue, messages };
  };

  test.each([
    [0, []],
    [1, ['g1a']],
    [2, ['g1a', 'g1b']],
  ])(
    'of three that were received, number %i was extended: after the others lapse there is %j',
    async (extended, rest) => {
      const { aws, messages, hide, receive } = await taken(3, 'g1a g1b g1c');
      await hide(messages[extended]!, 60);
      await aws.advance('30s');
      expect(bodies(await receive())).toEqual(rest);
    },
  );

  test('the first was given back: it is there though the second is in flight', async () => {
    const { messages, hide, receive } = await taken(2, 'g1a g1b g1c');
    await hide(messages[0], 0);
    expect(bodies(await receive())).toEqual(['g1a']);
  });

  test('the first was deleted: the rest stays blocked until the second is, too', async () => {
    const { messages, remove, receive } = await taken(2, 'g1a g1b g1c g1d');
    await remove(messages[0]);
    expect(await receive()).toEqual([]);
    await remove(messages[1]);
    expect(bodies(await receive())).toEqual(['g1c', 'g1d']);
  });

  test('new messages do not unlock a group; deleting the last in flight does, and wakes long polls', async () => {
    const queue = await taken(1, 'g1a');
    const poll = queue.receive({ WaitTimeSeconds: 20 });
    await queue.aws.advance(1);
    await sendAll(queue, 'g1b');
    expect(queue.counts()).toMatchObject({ visible: 1, inFlight: 1 });
    let woken = 0;
    queue.aws.world.service('sqs').whenVisible(queue.arn, () => woken++);
    await sendAll(queue, 'g1c');
    expect(woken).toBe(0);
    await queue.remove(queue.messages[0]);
    expect(bodies(await poll)).toEqual(['g1b', 'g1c']);
  });

  test('another group is not affected', async () => {
    const queue = await taken(1, 'g1a');
    await sendAll(queue, 'g1b g2a');
    expect(bodies(await queue.receive())).toEqual(['g2a']);
  });
});

describe('handles', () => {
  test('of a receive that lapsed do not delete any more, unless it was extended meanwhile', async () => {
    const { aws, send, receive, remove, hide, counts } = await aFifoQueue({ VisibilityTimeout: '10' });
    await send('a', { MessageGroupId: 'g' });
    const [lapsed] = await receive();
    await aws.advance('10s');
    await expect(remove(lapsed!)).rejects.toMatchObject({
      Error: { Code: 'InvalidParameterValue' },
      message: `Value ${lapsed!.ReceiptHandle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`,
    });
    await expect(hide(lapsed!, 1)).rejects.toThrow('is not available for visibility timeout change.');
    const [held] = await receive();
    await expect(remove(lapsed!)).rejects.toThrow('The receipt handle has expired.');
    await hide(held!, 30);
    await aws.advance('20s');
    await remove(held!);
    await remove(held!);
    expect(counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });
});
