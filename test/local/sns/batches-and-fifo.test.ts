import { PublishBatchCommand, type PublishBatchRequestEntry } from '@aws-sdk/client-sns';
import { describe, expect, test } from 'vitest';
import { aTopic, json } from './topic.ts';

describe('batches', () => {
  const batch = async (entries: Partial<PublishBatchRequestEntry>[]) => {
    const { aws, sns, TopicArn, queue } = await aTopic();
    const { counts } = await queue();
    const PublishBatchRequestEntries = entries as PublishBatchRequestEntry[];
    const answer = await sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries }));
    await aws.advance(0);
    return { answer, counts };
  };

  test('answer for each entry', async () => {
    const { answer, counts } = await batch([
      { Id: '1', Message: 'a' },
      { Id: '2', Message: '{', MessageStructure: 'json' },
    ]);
    expect(answer.Successful).toEqual([{ Id: '1', MessageId: expect.any(String) }]);
    expect(answer.Failed).toMatchObject([{ Id: '2', Code: 'InvalidParameter', SenderFault: true }]);
    expect(counts()).toMatchObject({ visible: 1 });
  });

  test.each<[string, Partial<PublishBatchRequestEntry>[], string, string]>([
    [
      'eleven',
      Array.from({ length: 11 }, (_, i) => ({ Id: `${i}`, Message: 'x' })),
      'TooManyEntriesInBatchRequest',
      'The batch request contains more entries than permissible.',
    ],
    [
      'the same id twice',
      [
        { Id: 'a', Message: 'x' },
        { Id: 'a', Message: 'x' },
      ],
      'BatchEntryIdsNotDistinct',
      'Two or more batch entries in the request have the same Id.',
    ],
    [
      'an odd id',
      [{ Id: 'message.id', Message: 'x' }],
      'InvalidBatchEntryId',
      'The Id of a batch entry in the batch request contains an impermissible character: message.id',
    ],
    [
      'a long id',
      [{ Id: 'x'.repeat(81), Message: 'x' }],
      'InvalidBatchEntryId',
      'The Id of a batch entry in the batch request is too long: xxx',
    ],
    [
      'too much',
      [
        { Id: 'a', Message: 'x'.repeat(200_000) },
        { Id: 'b', Message: 'x'.repeat(62_145) },
      ],
      'BatchRequestTooLong',
      'The length of all the messages put together is more than the limit.',
    ],
  ])('are refused as a whole: %s', async (_case, entries, Code, message) => {
    await expect(batch(entries)).rejects.toMatchObject({
      Error: { Code },
      message: expect.stringContaining(message),
    });
  });
});

describe('a FIFO topic', () => {
  const fifo = (attributes: Record<string, string> = {}) =>
    aTopic({ FifoTopic: 'true', ContentBasedDeduplication: 'true', ...attributes }, 'topic.fifo');

  test('delivers in order, in groups, unsigned, with sequence numbers', async () => {
    const { publish, queue } = await fifo();
    const { receive } = await queue({}, 'queue.fifo');
    for (const body of ['a', 'b', 'c']) {
      const { SequenceNumber } = await publish(body, { MessageGroupId: 'g' });
      expect(SequenceNumber).toMatch(/^\d{20}$/);
    }
    const messages = await receive();
    const envelopes = messages.map(({ Body }) => json(Body));
    expect(envelopes.map(({ Message }) => Message)).toEqual(['a', 'b', 'c']);
    expect(envelopes[0]).not.toHaveProperty('Signature');
    expect(messages[0]!.Attributes).toMatchObject({ MessageGroupId: 'g' });
  });

  test('drops what it has had within five minutes', async () => {
    const { aws, publish, queue } = await fifo();
    const { counts } = await queue({}, 'queue.fifo');
    const first = await publish('a', { MessageGroupId: 'g' });
    expect(await publish('a', { MessageGroupId: 'h' })).toMatchObject({ MessageId: first.MessageId });
    expect(counts()).toMatchObject({ visible: 1 });
    await aws.advance('5m');
    await publish('a', { MessageGroupId: 'g' });
    expect(counts()).toMatchObject({ visible: 2 });
  });

  test('delivers to standard queues too, without group or order', async () => {
    const { publish, queue } = await fifo();
    const { receive } = await queue();
    await publish('a', { MessageGroupId: 'g' });
    expect((await receive())[0]!.Attributes).not.toHaveProperty('MessageGroupId');
  });

  test.each([
    [{}, 'Invalid parameter: The MessageGroupId parameter is required for FIFO topics'],
    [
      { MessageGroupId: 'g' },
      'Invalid parameter: The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    ],
    [
      { MessageGroupId: 'order 17' },
      'Invalid parameter: MessageGroupId Reason: The MessageGroupId parameter can only include alphanumeric and punctuation characters. 1 to 128 in length.',
    ],
    [
      { MessageGroupId: 'g', MessageDeduplicationId: 'é' },
      'Invalid parameter: MessageDeduplicationId Reason: The MessageDeduplicationId parameter can only include alphanumeric and punctuation characters. 1 to 128 in length.',
    ],
  ])('needs more, or another, than %j', async (more, message) => {
    const { publish } = await fifo({ ContentBasedDeduplication: 'false' });
    await expect(publish('a', more)).rejects.toThrow(message);
  });
});
