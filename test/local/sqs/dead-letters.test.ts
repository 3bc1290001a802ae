import { DeleteQueueCommand } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { bodies, redrive, sourceWithDeadLetters } from './queue.ts';

describe('what was received as often as it may be', () => {
  test.each([1, 2, 5])('%i times: moves at the next receive and not before', async (max) => {
    const { aws, source, deadLetters } = await sourceWithDeadLetters({ max });
    const { MessageId } = await source.send('a');
    for (let i = 0; i < max; i++) expect(await source.receive()).toHaveLength(1);
    await aws.advance('1h');
    expect(deadLetters.counts()).toMatchObject({ visible: 0 });
    expect(await source.receive()).toEqual([]);
    const [dead] = await deadLetters.receive();
    expect(dead).toMatchObject({
      MessageId,
      Body: 'a',
      Attributes: { ApproximateReceiveCount: `${max + 1}`, DeadLetterQueueSourceArn: source.arn },
    });
  });

  test('keeps everything about it', async () => {
    const { aws, source, deadLetters } = await sourceWithDeadLetters();
    await source.send('a', {
      MessageAttributes: { n: { DataType: 'String', StringValue: 'v' } },
      MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1' } },
      MessageGroupId: 'tenant',
    });
    const all = { MessageAttributeNames: ['All'] };
    const [before] = await source.receive(all);
    await aws.advance('5s');
    await source.receive();
    const [dead] = await deadLetters.receive(all);
    expect(dead).toEqual({
      ...before,
      ReceiptHandle: expect.any(String),
      Attributes: {
        ...before!.Attributes,
        ApproximateReceiveCount: '2',
        DeadLetterQueueSourceArn: source.arn,
      },
    });
  });

  test('keeps its age on standard queues, so a short retention ends it at once (F34)', async () => {
    const { aws, source, deadLetters } = await sourceWithDeadLetters({
      dead: { MessageRetentionPeriod: '60' },
    });
    await source.send('a');
    await source.receive();
    await aws.advance('61s');
    await source.receive();
    expect(deadLetters.counts()).toMatchObject({ visible: 0 });
  });

  test('begins a new age on FIFO queues, under its message id, and its group goes on', async () => {
    const { aws, source, deadLetters } = await sourceWithDeadLetters({
      fifo: true,
      dead: { MessageRetentionPeriod: '60' },
    });
    const { MessageId } = await source.send('a', { MessageGroupId: 'g' });
    await source.send('b', { MessageGroupId: 'g' });
    await source.receive({ MaxNumberOfMessages: 1 });
    await aws.advance('61s');
    expect(bodies(await source.receive())).toEqual(['b']);
    const [dead] = await deadLetters.receive();
    expect(dead!.Attributes).toMatchObject({
      MessageDeduplicationId: MessageId,
      MessageGroupId: 'g',
      SentTimestamp: String(aws.world.clock.now()),
    });
    await aws.advance('60s');
    expect(deadLetters.counts()).toMatchObject({ visible: 0 });
  });

  test('wakes whoever waits at the dead-letter queue, and makes room for the next message', async () => {
    const { aws, source, deadLetters } = await sourceWithDeadLetters();
    await source.send('a');
    await source.receive();
    await source.send('b');
    const poll = deadLetters.receive({ WaitTimeSeconds: 20 });
    await aws.advance(1);
    expect(bodies(await source.receive())).toEqual(['b']);
    expect(bodies(await poll)).toEqual(['a']);
  });

  test('does not end a long poll, which goes on waiting for the next message', async () => {
    const { aws, source } = await sourceWithDeadLetters();
    await source.send('a');
    await source.receive({ VisibilityTimeout: 10 });
    const poll = source.receive({ WaitTimeSeconds: 20 });
    await aws.advance('11s');
    await source.send('b');
    await aws.advance('10s');
    expect(bodies(await poll)).toEqual(['b']);
  });

  test('stays when the dead-letter queue is gone', async () => {
    const { source, deadLetters } = await sourceWithDeadLetters();
    await source.send('a');
    await source.receive();
    await source.sqs.send(new DeleteQueueCommand({ QueueUrl: deadLetters.QueueUrl }));
    expect(await source.receive()).toHaveLength(1);
  });

  test('goes to and fro no more than once a receive when two queues name each other', async () => {
    const { aws, source, deadLetters } = await sourceWithDeadLetters();
    await deadLetters.set(redrive(source.arn));
    await source.send('a');
    await source.receive();
    const polls = [source, deadLetters].map(({ receive }) => receive({ WaitTimeSeconds: 1 }));
    await aws.advance('1s');
    expect(await Promise.all(polls)).toEqual([[], []]);
    const visible = [source, deadLetters].map(({ counts }) => (counts() as { visible: number }).visible);
    expect(visible[0]! + visible[1]!).toBe(1);
  });
});
