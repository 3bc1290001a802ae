/** SQS, FIFO queues: all recorded, because the order of a customer's orders hangs on them. */
import { describe, expect } from 'vitest';
import { fact, pass, RECORDED, refusal } from './fact.ts';
import { aQueue, bodies, FIFO, withDeadLetters } from './queues.ts';

const g = (MessageGroupId: string) => ({ MessageGroupId });

describe('sending', () => {
  fact('a group is required', RECORDED, async () => {
    const { send } = await aQueue(FIFO);
    expect(await refusal(send('a'))).toMatchObject({
      code: 'MissingParameter',
      message: 'The request must contain the parameter MessageGroupId.',
    });
  });

  fact('a deduplication id is required without content-based deduplication', RECORDED, async () => {
    const { send } = await aQueue({ FifoQueue: 'true' });
    expect(await refusal(send('a', g('g')))).toMatchObject({
      code: 'InvalidParameterValue',
      message:
        'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    });
  });

  fact('a delay of one message is refused', RECORDED, async () => {
    const { send } = await aQueue(FIFO);
    expect(await refusal(send('a', { ...g('g'), DelaySeconds: 2 }))).toMatchObject({
      code: 'InvalidParameterValue',
      message:
        'Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.',
    });
  });

  fact(
    'a duplicate is acknowledged and dropped, in any group and after the first was deleted',
    RECORDED,
    async () => {
      const { send, receive, remove } = await aQueue(FIFO);
      await send('a', { ...g('g'), MessageDeduplicationId: 'once' });
      const [message] = await receive();
      await remove(message!.ReceiptHandle);
      await send('b', { ...g('h'), MessageDeduplicationId: 'once' });
      expect(await receive()).toEqual([]);
    },
  );

  fact(
    'five minutes later it is no duplicate',
    'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html',
    async () => {
      const { send, receive, remove } = await aQueue(FIFO);
      await send('a', g('g'));
      const [message] = await receive();
      await remove(message!.ReceiptHandle);
      await pass(301);
      await send('a', g('g'));
      expect(await receive()).toHaveLength(1);
    },
    { seconds: 301 },
  );

  fact('sequence numbers have twenty digits and rise', RECORDED, async () => {
    const { send } = await aQueue(FIFO);
    const numbers = [await send('a', g('g')), await send('b', g('g'))].map(
      ({ SequenceNumber }) => SequenceNumber,
    );
    expect(numbers.every((number) => /^\d{20}$/.test(number!))).toBe(true);
    expect(numbers[1]! > numbers[0]!).toBe(true);
  });
});

describe('a group', () => {
  fact('is received as far as it goes before the next', RECORDED, async () => {
    const { send, receive } = await aQueue(FIFO);
    for (const name of ['g1a', 'g2a', 'g1b', 'g1c']) await send(name, g(name.slice(0, 2)));
    expect(bodies(await receive())).toEqual(['g1a', 'g1b', 'g1c', 'g2a']);
  });

  fact('waits behind its message in flight, and other groups do not', RECORDED, async () => {
    const { send, receive } = await aQueue(FIFO);
    for (const name of ['g1a', 'g1b', 'g2a']) await send(name, g(name.slice(0, 2)));
    expect(bodies(await receive({ MaxNumberOfMessages: 1 }))).toEqual(['g1a']);
    expect(bodies(await receive())).toEqual(['g2a']);
    expect(await receive()).toEqual([]);
  });

  fact('goes on when the last in flight is deleted, and not before', RECORDED, async () => {
    const { send, receive, remove } = await aQueue(FIFO);
    for (const name of ['a', 'b', 'c']) await send(name, g('g'));
    const [a, b] = await receive({ MaxNumberOfMessages: 2 });
    await remove(a!.ReceiptHandle);
    expect(await receive()).toEqual([]);
    await remove(b!.ReceiptHandle);
    expect(bodies(await receive())).toEqual(['c']);
  });

  fact('begins again with the message that was given back', RECORDED, async () => {
    const { send, receive, hide } = await aQueue(FIFO);
    for (const name of ['a', 'b']) await send(name, g('g'));
    const [a] = await receive({ MaxNumberOfMessages: 1 });
    await hide(a!.ReceiptHandle, 0);
    expect(bodies(await receive())).toEqual(['a', 'b']);
  });

  fact('goes on behind a message that went to the dead-letter queue', RECORDED, async () => {
    const { dead, source } = await withDeadLetters(1, FIFO);
    for (const name of ['a', 'b']) await source.send(name, g('g'));
    await source.receive({ MaxNumberOfMessages: 1 });
    await pass(1.5);
    expect((await source.next()).Body).toBe('b');
    expect((await dead.next()).Attributes).toMatchObject(g('g'));
  });
});

fact('a message cannot be deleted when its visibility has lapsed', RECORDED, async () => {
  const { send, receive, remove } = await aQueue({ ...FIFO, VisibilityTimeout: '1' });
  await send('a', g('g'));
  const [{ ReceiptHandle }] = (await receive()) as [{ ReceiptHandle: string }];
  await pass(1.5);
  expect(await refusal(remove(ReceiptHandle))).toMatchObject({
    code: 'InvalidParameterValue',
    message: `Value ${ReceiptHandle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`,
  });
});
