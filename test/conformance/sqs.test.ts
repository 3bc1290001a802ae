/** SQS, standard queues. */
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueUrlCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { describe, expect } from 'vitest';
import { client, eventually, fact, named, RECORDED, refusal } from './fact.ts';
import { aQueue, withDeadLetters } from './queues.ts';

const GUIDE = 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide';
const API = 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference';

describe('a queue', () => {
  fact('a fresh one has exactly these attributes', RECORDED, async () => {
    const { attributes } = await aQueue();
    const all = await attributes('All');
    expect(all).toMatchObject({
      DelaySeconds: '0',
      MaximumMessageSize: '1048576',
      MessageRetentionPeriod: '345600',
      ReceiveMessageWaitTimeSeconds: '0',
      SqsManagedSseEnabled: 'true',
      VisibilityTimeout: '30',
    });
    expect(Object.keys(all)).toHaveLength(12);
  });

  fact('created again alike it is the same, and with another attribute it is refused', RECORDED, async () => {
    const { sqs, name, QueueUrl } = await aQueue({ DelaySeconds: '1' });
    expect((await sqs.send(new CreateQueueCommand({ QueueName: name }))).QueueUrl).toBe(QueueUrl);
    const other = new CreateQueueCommand({ QueueName: name, Attributes: { DelaySeconds: '2' } });
    expect(await refusal(sqs.send(other))).toEqual({
      name: 'QueueNameExists',
      code: 'QueueAlreadyExists',
      message: 'A queue already exists with the same name and a different value for attribute DelaySeconds',
    });
  });

  fact('one that is not there is refused by both of its codes', RECORDED, async () => {
    expect(
      await refusal(client(SQSClient).send(new GetQueueUrlCommand({ QueueName: named('none') }))),
    ).toEqual({
      name: 'QueueDoesNotExist',
      code: 'AWS.SimpleQueueService.NonExistentQueue',
      message: 'The specified queue does not exist.',
    });
  });
});

describe('sending', () => {
  fact('more than the queue takes is refused', RECORDED, async () => {
    const { send } = await aQueue({ MaximumMessageSize: '1024' });
    expect(await refusal(send('x'.repeat(1025)))).toMatchObject({
      code: 'InvalidParameterValue',
      message: 'One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.',
    });
  });

  fact('in a batch each entry has its own outcome, and the answer is a success', RECORDED, async () => {
    const { sqs, QueueUrl } = await aQueue({ MaximumMessageSize: '1024' });
    const Entries = [
      { Id: 'good', MessageBody: 'a' },
      { Id: 'long', MessageBody: 'x'.repeat(1025) },
    ];
    const { Successful, Failed } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    expect(Successful).toMatchObject([{ Id: 'good' }]);
    expect(Failed).toEqual([
      {
        Id: 'long',
        Code: 'InvalidParameterValue',
        Message:
          'One or more parameters cannot be validated. Reason: Message must be shorter than 1024 bytes.',
        SenderFault: true,
      },
    ]);
  });

  const entries = (...ids: string[]) => ids.map((Id) => ({ Id, MessageBody: 'a' }));
  for (const [name, Entries, code, message] of [
    [
      'eleven',
      entries(...'a b c d e f g h i j k'.split(' ')),
      'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
      'Maximum number of entries per request are 10. You have sent 11.',
    ],
    [
      'two with one id',
      entries('a', 'a'),
      'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
      'Id a repeated.',
    ],
    [
      'an id with a blank',
      entries('a b'),
      'AWS.SimpleQueueService.InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    ],
  ] as const)
    fact(`a batch of ${name} fails as a whole`, RECORDED, async () => {
      const { sqs, QueueUrl } = await aQueue();
      const batch = new SendMessageBatchCommand({ QueueUrl, Entries: [...Entries] });
      expect(await refusal(sqs.send(batch))).toMatchObject({ code, message });
    });

  fact('a delay keeps a message out of sight', `${GUIDE}/sqs-delay-queues.html`, async () => {
    const { send, receive, counts, next } = await aQueue();
    await send('a', { DelaySeconds: 2 });
    expect(await receive()).toEqual([]);
    expect(await counts()).toEqual(['0', '0', '1']);
    expect((await next()).Body).toBe('a');
  });

  fact('a group on a standard queue is accepted and comes back', RECORDED, async () => {
    const { send, receive } = await aQueue();
    await send('a', { MessageGroupId: 'tenant' });
    expect((await receive())[0]!.Attributes).toMatchObject({ MessageGroupId: 'tenant' });
  });
});

describe('receiving', () => {
  fact('nothing is no list at all', RECORDED, async () => {
    const { sqs, QueueUrl } = await aQueue();
    const { ReceiveMessageCommand } = await import('@aws-sdk/client-sqs');
    expect(await sqs.send(new ReceiveMessageCommand({ QueueUrl }))).not.toHaveProperty('Messages');
  });

  fact('each receive counts and has a handle of its own', RECORDED, async () => {
    const { send, receive } = await aQueue();
    await send('a');
    const [first] = await receive({ VisibilityTimeout: 0 });
    const [second] = await receive({ VisibilityTimeout: 0 });
    expect(second!.Attributes!['ApproximateReceiveCount']).toBe('2');
    expect(second!.ReceiptHandle).not.toBe(first!.ReceiptHandle);
    expect(second!.MessageId).toBe(first!.MessageId);
  });

  fact(
    'what is not deleted comes back when its visibility lapses',
    `${GUIDE}/sqs-visibility-timeout.html`,
    async () => {
      const { send, receive, counts } = await aQueue({ VisibilityTimeout: '1' });
      await send('a');
      expect(await receive()).toHaveLength(1);
      expect(await receive()).toHaveLength(0);
      expect(await counts()).toEqual(['0', '1', '0']);
      expect(await eventually(async () => (await receive())[0])).toMatchObject({ Body: 'a' });
    },
  );

  fact(
    'a visibility of 0 gives a message back at once',
    `${API}/API_ChangeMessageVisibility.html`,
    async () => {
      const { send, receive, hide } = await aQueue();
      await send('a');
      const [message] = await receive();
      await hide(message!.ReceiptHandle, 0);
      expect(await receive()).toHaveLength(1);
    },
  );

  fact('the visibility of a deleted message cannot be changed', RECORDED, async () => {
    const { send, receive, remove, hide } = await aQueue();
    await send('a');
    const [{ ReceiptHandle }] = (await receive()) as [{ ReceiptHandle: string }];
    await remove(ReceiptHandle);
    expect(await refusal(hide(ReceiptHandle, 10))).toMatchObject({
      code: 'InvalidParameterValue',
      message: `Value ${ReceiptHandle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
    });
  });

  fact('eleven at once are refused', RECORDED, async () => {
    const { receive } = await aQueue();
    expect(await refusal(receive({ MaxNumberOfMessages: 11 }))).toMatchObject({
      code: 'InvalidParameterValue',
      message:
        'Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.',
    });
  });
});

describe('deleting', () => {
  fact('twice, or by an older handle, succeeds', RECORDED, async () => {
    const { send, receive, remove } = await aQueue();
    await send('a');
    const [first] = await receive({ VisibilityTimeout: 0 });
    await receive({ VisibilityTimeout: 0 });
    await remove(first!.ReceiptHandle);
    await remove(first!.ReceiptHandle);
    expect(await receive()).toEqual([]);
  });

  fact('by what is no handle is refused', RECORDED, async () => {
    const { remove } = await aQueue();
    expect(await refusal(remove('x'))).toMatchObject({
      code: 'ReceiptHandleIsInvalid',
      message: 'The input receipt handle "x" is not a valid receipt handle.',
    });
  });

  fact('in a batch each entry has its own outcome', RECORDED, async () => {
    const { sqs, QueueUrl, send, receive } = await aQueue();
    await send('a');
    const [{ ReceiptHandle }] = (await receive()) as [{ ReceiptHandle: string }];
    const Entries = [
      { Id: 'right', ReceiptHandle },
      { Id: 'wrong', ReceiptHandle: 'x' },
    ];
    const { Successful, Failed } = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    expect(Successful).toEqual([{ Id: 'right' }]);
    expect(Failed).toMatchObject([{ Id: 'wrong', Code: 'ReceiptHandleIsInvalid', SenderFault: true }]);
  });
});

describe('a dead-letter queue', () => {
  fact(
    'gets a message after as many receives as allowed, with its id and where it is from',
    RECORDED,
    async () => {
      const { dead, source } = await withDeadLetters(1);
      const { MessageId: id } = await source.send('a');
      await source.receive();
      const { MessageId, Attributes } = await eventually(async () => {
        expect(await source.receive()).toEqual([]); // it is moved when it would be received once more
        return (await dead.receive())[0];
      });
      expect(MessageId).toBe(id);
      expect(Attributes).toMatchObject({ DeadLetterQueueSourceArn: source.arn });
    },
  );
});
