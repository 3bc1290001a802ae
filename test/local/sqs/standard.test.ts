import { expect, test } from 'vitest';
import { aQueue, bodies } from './queue.ts';

test('a message is received with its own id, digest and a new receipt handle, and deleted by it', async () => {
  const { send, receive, remove, counts } = await aQueue();
  const sent = await send('hé');
  const [message] = await receive();
  expect(message).toEqual({
    MessageId: sent.MessageId,
    ReceiptHandle: expect.any(String),
    Body: 'hé',
    MD5OfBody: sent.MD5OfMessageBody,
    Attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '1893456000000',
      SenderId: '000000000000',
      ApproximateFirstReceiveTimestamp: '1893456000000',
    },
  });
  expect(counts()).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
  await remove(message!);
  expect(counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
});

test('what is not deleted comes back when its visibility timeout lapses, as received once more', async () => {
  const { aws, send, receive } = await aQueue({ VisibilityTimeout: '10' });
  await send('a');
  const [first] = await receive();
  await aws.advance(9999);
  expect(await receive()).toEqual([]);
  await aws.advance(1);
  const [second] = await receive();
  expect(second!.Attributes).toMatchObject({
    ApproximateReceiveCount: '2',
    ApproximateFirstReceiveTimestamp: '1893456000000',
  });
  expect(second!.ReceiptHandle).not.toBe(first!.ReceiptHandle);
});

test('a long poll answers at the moment a message becomes visible, and not before', async () => {
  const { aws, send, receive } = await aQueue();
  let answered: number | undefined;
  const poll = receive({ WaitTimeSeconds: 20 }).then((messages) => {
    answered = aws.world.clock.now();
    return messages;
  });
  await send('a', { DelaySeconds: 15 });
  await aws.advance(14_999);
  expect(answered).toBeUndefined();
  await aws.advance(1);
  expect(bodies(await poll)).toEqual(['a']);
  expect(answered).toBe(Date.UTC(2030, 0, 1, 0, 0, 15));
});

test('whenVisible calls for what is sent, what was delayed, what lapsed and what was given back', async () => {
  const { aws, arn, send, receive, hide } = await aQueue();
  let calls = 0;
  const stop = aws.world.service('sqs').whenVisible(arn, () => calls++);
  await send('a');
  expect(calls).toBe(1);
  const [first] = await receive();
  await hide(first!, 0);
  expect(calls).toBe(2);
  await receive();
  await aws.advance('30s');
  expect(calls).toBe(3);
  await send('b', { DelaySeconds: 5 });
  await receive({ MaxNumberOfMessages: 1 });
  const before = calls;
  await aws.advance('5s');
  expect(calls).toBe(before + 1);
  stop();
  await send('c');
  expect(calls).toBe(before + 1);
});
