import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { aQueue, bodies, queueIn } from './queue.ts';

const handle = (ReceiptHandle: string) => ({ ReceiptHandle });

describe('what may be asked for', () => {
  test.each([
    [
      { MaxNumberOfMessages: 0 },
      'Value 0 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.',
    ],
    [
      { MaxNumberOfMessages: 11 },
      'Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.',
    ],
    [
      { WaitTimeSeconds: -1 },
      'Value -1 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.',
    ],
    [
      { WaitTimeSeconds: 21 },
      'Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.',
    ],
    [
      { VisibilityTimeout: 43_201 },
      'Value 43201 for parameter VisibilityTimeout is invalid. Reason: Must be >= 0 and <= 43200, if provided.',
    ],
  ])('%j is too much or too little', async (asked, message) => {
    const { receive } = await aQueue();
    await expect(receive(asked)).rejects.toMatchObject({ Error: { Code: 'InvalidParameterValue' }, message });
  });

  test('one message unless more are asked for, in the order of sending', async () => {
    const { sqs, QueueUrl, send, receive } = await aQueue();
    for (const body of ['a', 'b', 'c']) await send(body);
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(bodies(Messages!)).toEqual(['a']);
    expect(bodies(await receive())).toEqual(['b', 'c']);
  });

  test('system attributes by their old parameter, their new one or both; none unless asked for', async () => {
    const { sqs, QueueUrl, send } = await aQueue({ VisibilityTimeout: '0' });
    await send('a');
    const asked = async (more: object) => {
      const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, ...more }));
      return Messages![0]!.Attributes && Object.keys(Messages![0]!.Attributes);
    };
    expect(await asked({})).toBeUndefined();
    expect(
      await asked({ AttributeNames: ['SenderId'], MessageSystemAttributeNames: ['ApproximateReceiveCount'] }),
    ).toEqual(['ApproximateReceiveCount', 'SenderId']);
    expect(await asked({ AttributeNames: ['All'] })).toHaveLength(4);
    await expect(asked({ AttributeNames: ['Colour'] })).rejects.toThrow('Unknown Attribute Colour.');
  });

  test('an empty queue answers with no list at all', async () => {
    const { sqs, QueueUrl } = await aQueue();
    expect(await sqs.send(new ReceiveMessageCommand({ QueueUrl }))).not.toHaveProperty('Messages');
  });
});

describe('visibility', () => {
  test('asked for at the receive holds for that receive only', async () => {
    const { aws, send, receive } = await aQueue({ VisibilityTimeout: '30' });
    await send('a');
    expect(await receive({ VisibilityTimeout: 5 })).toHaveLength(1);
    await aws.advance('5s');
    expect(await receive()).toHaveLength(1);
    await aws.advance('29s');
    expect(await receive()).toEqual([]);
    await aws.advance('1s');
    expect(await receive()).toHaveLength(1);
  });

  test('of 0 hands a message out and keeps it visible, as received once more', async () => {
    const { send, receive, counts } = await aQueue();
    await send('a');
    await send('b');
    expect(bodies(await receive({ VisibilityTimeout: 0 }))).toEqual(['a', 'b']);
    const again = await receive({ VisibilityTimeout: 0 });
    expect(again.map(({ Attributes }) => Attributes!.ApproximateReceiveCount)).toEqual(['2', '2']);
    expect(counts()).toEqual({ visible: 2, inFlight: 0, delayed: 0 });
  });

  test('changed counts from now, and not for later receives', async () => {
    const { aws, send, receive, hide } = await aQueue({ VisibilityTimeout: '10' });
    await send('a');
    const [message] = await receive();
    await aws.advance('9s');
    await hide(message!, 20);
    await aws.advance('19s');
    expect(await receive()).toEqual([]);
    await aws.advance('1s');
    expect(await receive()).toHaveLength(1);
    await aws.advance('10s');
    expect(await receive()).toHaveLength(1);
  });

  test('changed to 0 gives the message back at once, by an older handle too', async () => {
    const { send, receive, hide } = await aQueue();
    await send('a');
    const [old] = await receive({ VisibilityTimeout: 0 });
    await receive();
    expect(await receive()).toEqual([]);
    await hide(old!, 0);
    expect(await receive()).toHaveLength(1);
  });

  test('cannot be changed to more than 12 hours after the receive', async () => {
    const { aws, send, receive, hide } = await aQueue();
    await send('a');
    const [message] = await receive();
    await aws.advance('20s');
    await expect(hide(message!, 43_200)).rejects.toThrow(
      'Value 43200 for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds]',
    );
    await hide(message!, 43_180);
    await expect(hide(message!, 43_201)).rejects.toThrow('Must be >= 0 and <= 43200, if provided.');
  });

  test('may be changed after it lapsed, which changes nothing', async () => {
    const { aws, send, receive, hide, counts } = await aQueue({ VisibilityTimeout: '1' });
    await send('a');
    const [message] = await receive();
    await aws.advance('2s');
    await hide(message!, 30);
    expect(counts()).toMatchObject({ visible: 1, inFlight: 0 });
  });

  test('of a deleted message cannot be changed', async () => {
    const { send, receive, hide, remove } = await aQueue();
    await send('a');
    const [message] = await receive();
    await remove(message!);
    await expect(hide(message!, 1)).rejects.toMatchObject({
      Error: { Code: 'InvalidParameterValue' },
      message: `Value ${message!.ReceiptHandle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
    });
  });
});

describe('deleting', () => {
  test('works with any handle ever issued: superseded, lapsed, used', async () => {
    const { aws, send, receive, remove, counts } = await aQueue({ VisibilityTimeout: '1' });
    await send('a');
    const [first] = await receive();
    await aws.advance('1s');
    await receive();
    await remove(first!);
    expect(counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
    await remove(first!);
    await send('b');
    const [lapsed] = await receive();
    await aws.advance('1s');
    await remove(lapsed!);
    expect(counts()).toMatchObject({ visible: 0 });
  });

  test('refuses what this queue never issued', async () => {
    const { aws, send, receive, remove } = await aQueue();
    const other = await queueIn(aws, {}, 'other');
    await send('a');
    const [message] = await receive();
    for (const wrong of ['x', `${message!.ReceiptHandle}x`, message!.MessageId!])
      await expect(remove(handle(wrong))).rejects.toMatchObject({
        name: 'ReceiptHandleIsInvalid',
        message: `The input receipt handle "${wrong}" is not a valid receipt handle.`,
        $metadata: { httpStatusCode: 404 },
      });
    await expect(other.remove(message!)).rejects.toMatchObject({ name: 'ReceiptHandleIsInvalid' });
    await expect(remove({})).rejects.toThrow('The request must contain the parameter ReceiptHandle.');
  });

  test('in batches, entry by entry', async () => {
    const { sqs, QueueUrl, send, receive, counts } = await aQueue();
    await send('a');
    await send('b');
    const [a, b] = await receive();
    const Entries = [
      { Id: 'a', ReceiptHandle: a!.ReceiptHandle },
      { Id: 'x', ReceiptHandle: 'x' },
      { Id: 'none', ReceiptHandle: undefined },
    ];
    expect(await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }))).toMatchObject({
      Successful: [{ Id: 'a' }],
      Failed: [
        { Id: 'x', Code: 'ReceiptHandleIsInvalid', SenderFault: true },
        {
          Id: 'none',
          Code: 'MissingParameter',
          Message: 'The request must contain the parameter ReceiptHandle.',
        },
      ],
    });
    expect(counts()).toMatchObject({ inFlight: 1 });
    const back = [
      { Id: 'b', ReceiptHandle: b!.ReceiptHandle, VisibilityTimeout: 0 },
      { Id: 'x', ReceiptHandle: 'x', VisibilityTimeout: 0 },
    ];
    expect(
      await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries: back })),
    ).toMatchObject({
      Successful: [{ Id: 'b' }],
      Failed: [{ Id: 'x', Code: 'ReceiptHandleIsInvalid' }],
    });
    expect(counts()).toMatchObject({ visible: 1, inFlight: 0 });
  });
});
