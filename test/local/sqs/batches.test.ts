import { type SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { aFifoQueue, aQueue, sendBatch } from './queue.ts';

describe('batches', () => {
  const entry = (Id: string, MessageBody = 'x') => ({ Id, MessageBody });

  test.each<[string, Partial<SendMessageBatchRequestEntry>[] | undefined, string, string]>([
    ['none', undefined, 'MissingParameter', 'The request must contain the parameter Entries.'],
    [
      'empty',
      [],
      'AWS.SimpleQueueService.EmptyBatchRequest',
      'There should be at least one SendMessageBatchRequestEntry in the request.',
    ],
    [
      'eleven',
      Array.from({ length: 11 }, (_, i) => entry(`${i}`)),
      'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
      'Maximum number of entries per request are 10. You have sent 11.',
    ],
    [
      'a bad id',
      [entry('a b')],
      'AWS.SimpleQueueService.InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    ],
    [
      'an empty id',
      [entry('')],
      'AWS.SimpleQueueService.InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters',
    ],
    [
      'a long id',
      [entry('x'.repeat(81))],
      'AWS.SimpleQueueService.InvalidBatchEntryId',
      'A batch entry id can only contain',
    ],
    [
      'no id',
      [entry('a'), { MessageBody: 'x' }],
      'MissingParameter',
      'The request must contain the parameter SendMessageBatchRequestEntry.2.Id.',
    ],
    [
      'the same id twice',
      [entry('a'), entry('a')],
      'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
      'Id a repeated.',
    ],
  ])('are refused as a whole: %s', async (_case, entries, Code, message) => {
    const queue = await aQueue();
    await expect(sendBatch(queue, entries)).rejects.toMatchObject({
      Error: { Code },
      message: expect.stringContaining(message),
    });
    expect(queue.counts()).toMatchObject({ visible: 0 });
  });

  test('entries fail one by one, and what is empty is left out of the answer (F03)', async () => {
    const queue = await aQueue();
    const { Successful, Failed } = await sendBatch(queue, [
      entry('a'),
      entry('b', ''),
      entry('c', '\u0000'),
      { ...entry('d'), DelaySeconds: 901 },
    ]);
    expect(Successful).toEqual([
      { Id: 'a', MessageId: expect.any(String), MD5OfMessageBody: '9dd4e461268c8034f5c8564e155c67a6' },
    ]);
    expect(Failed!.map(({ Id, Code, SenderFault }) => [Id, Code, SenderFault])).toEqual([
      ['b', 'MissingParameter', true],
      ['c', 'InvalidMessageContents', true],
      ['d', 'InvalidParameterValue', true],
    ]);
    expect(Failed![0]!.Message).toBe(
      'The request must contain the parameter SendMessageBatchRequestEntry.2.MessageBody.',
    );
    expect((await sendBatch(queue, [entry('a')])).Failed).toBeUndefined();
    expect((await sendBatch(queue, [entry('a', '')])).Successful).toBeUndefined();
  });

  test.each<[string, Partial<SendMessageBatchRequestEntry>, string]>([
    ['no group', { MessageGroupId: undefined }, 'The request must contain the parameter MessageGroupId.'],
    ['a delay', { DelaySeconds: 3 }, 'The request include parameter that is not valid for this queue type.'],
    [
      'no body',
      { MessageBody: '' },
      'The request must contain the parameter SendMessageBatchRequestEntry.2.MessageBody.',
    ],
  ])('to a FIFO queue fail as a whole, because of order: %s', async (_case, wrong, message) => {
    const queue = await aFifoQueue();
    const good = { ...entry('a'), MessageGroupId: 'g' };
    await expect(sendBatch(queue, [good, { ...good, Id: 'b', ...wrong }])).rejects.toThrow(message);
    expect(queue.counts()).toMatchObject({ visible: 0 });
  });

  test('a missing group has another code in a batch than alone', async () => {
    const queue = await aFifoQueue();
    await expect(queue.send('x')).rejects.toMatchObject({ Error: { Code: 'MissingParameter' } });
    await expect(sendBatch(queue, [entry('a')])).rejects.toMatchObject({
      Error: { Code: 'InvalidParameterValue' },
    });
  });
});
