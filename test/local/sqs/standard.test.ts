import { DeleteQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { aQueue, bodies, queueIn } from './queue.ts';

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

describe('long polls', () => {
  test('wait as long as asked for, else as long as the queue says, and 0 does not wait', async () => {
    const { aws, receive } = await aQueue({ ReceiveMessageWaitTimeSeconds: '10' });
    const answered: Record<string, number> = {};
    const start = aws.world.clock.now();
    const poll = (name: string, more: object) =>
      receive(more).then(() => (answered[name] = aws.world.clock.now() - start));
    const polls = [
      poll('own', { WaitTimeSeconds: 20 }),
      poll('queue', {}),
      poll('none', { WaitTimeSeconds: 0 }),
    ];
    await aws.advance('1m');
    await Promise.all(polls);
    expect(answered).toEqual({ own: 20_000, queue: 10_000, none: 0 });
  });

  test('are served in the order in which they came, and only as many as there are messages', async () => {
    const { aws, send, receive } = await aQueue();
    const served: string[] = [];
    const poll = (name: string) =>
      receive({ WaitTimeSeconds: 20, MaxNumberOfMessages: 1 }).then(([message]) =>
        served.push(`${name} ${message?.Body}`),
      );
    const polls = ['first', 'second', 'third'].map(poll);
    await aws.advance(1);
    await send('a');
    await send('b');
    await aws.advance(0);
    expect(served).toEqual(['first a', 'second b']);
    await aws.advance('20s');
    await Promise.all(polls);
    expect(served[2]).toBe('third undefined');
  });

  test('answer when what another holds comes back', async () => {
    const { aws, send, receive, hide } = await aQueue({ VisibilityTimeout: '10' });
    await send('a');
    const [held] = await receive();
    const lapse = receive({ WaitTimeSeconds: 20 });
    await aws.advance('10s');
    expect(bodies(await lapse)).toEqual(['a']);
    const back = receive({ WaitTimeSeconds: 20 });
    await hide(held!, 0);
    expect(bodies(await back)).toEqual(['a']);
  });

  test('take nothing once their caller has gone, and leave the message to the next', async () => {
    const { aws, sqs, QueueUrl, send, receive, counts } = await aQueue();
    const gone = new AbortController();
    const poll = new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 });
    const answer = sqs.send(poll, { abortSignal: gone.signal }).catch(({ name }: Error) => name);
    await aws.advance('1s');
    gone.abort();
    expect(await answer).toBe('AbortError');
    await send('a');
    expect(counts()).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
    expect(bodies(await receive({ WaitTimeSeconds: 20 }))).toEqual(['a']);
  });

  test('end with nothing when the service stops, and with an error when the queue goes', async () => {
    const { aws, sqs, QueueUrl, receive } = await aQueue();
    const gone = receive({ WaitTimeSeconds: 20 });
    await aws.advance(1);
    await Promise.all([
      expect(gone).rejects.toMatchObject({ name: 'QueueDoesNotExist' }),
      sqs.send(new DeleteQueueCommand({ QueueUrl })),
    ]);
    const other = await queueIn(aws, {}, 'other');
    const ended = other.receive({ WaitTimeSeconds: 20 });
    await aws.advance(1);
    await aws.stop();
    expect(await ended).toEqual([]);
  });
});
