import { type MessageAttributeValue } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { aQueue, text } from './queue.ts';

describe('message attributes', () => {
  test('come back as they were sent, with the same digest', async () => {
    const { send, receive } = await aQueue();
    const MessageAttributes: Record<string, MessageAttributeValue> = {
      b: { DataType: 'Binary.png', BinaryValue: new Uint8Array([0, 255]) },
      a: { DataType: 'Number', StringValue: '007.50' },
      'c.d_e-f': text('héllo'),
    };
    const { MD5OfMessageAttributes } = await send('x', { MessageAttributes });
    const [message] = await receive({ MessageAttributeNames: ['All'] });
    expect(message).toMatchObject({ MessageAttributes, MD5OfMessageAttributes });
  });

  test('the digest is the one that AWS documents', async () => {
    const { send } = await aQueue();
    const { MD5OfMessageAttributes } = await send('x', { MessageAttributes: { Hello: text('World') } });
    expect(MD5OfMessageAttributes).toBe('7db7fb1ba7f41366a8ea5eb18220b26d');
    const two = {
      data2: { DataType: 'Number', StringValue: '2' },
      data1: { DataType: 'Number', StringValue: '1' },
    };
    const unsorted = await send('x', { MessageAttributes: two });
    expect(unsorted.MD5OfMessageAttributes).toBe('b53b5acf24e7fd9567705bd8027b1c76');
  });

  test.each<[string, Record<string, MessageAttributeValue>, string]>([
    [
      'empty text',
      { a: text('') },
      "Message (user) attribute 'a' must contain a non-empty value of type 'String'.",
    ],
    [
      'no type',
      { a: {} as MessageAttributeValue },
      "attribute 'a' must contain a non-empty message attribute value.",
    ],
    [
      'other type',
      { a: { DataType: 'Date', StringValue: 'x' } },
      "The type of message (user) attribute 'a' is invalid.",
    ],
    [
      'no number',
      { a: { DataType: 'Number', StringValue: '1x' } },
      "Can't cast the value of message (user) attribute 'a' to a number.",
    ],
    ['39 digits', { a: { DataType: 'Number', StringValue: '1'.repeat(39) } }, "Can't cast"],
    ['too large a number', { a: { DataType: 'Number', StringValue: '1e127' } }, "Can't cast"],
    ['too small a number', { a: { DataType: 'Number', StringValue: '1e-129' } }, "Can't cast"],
    [
      'lists',
      { a: { DataType: 'String', StringListValues: ['x'] } },
      'list values in SendMessage operation are not supported.',
    ],
    ['no name', { '': text('x') }, 'The request must contain non-empty message (user) attribute names.'],
    [
      'AWS’s prefix',
      { 'aWs.x': text('x') },
      "You can't use message attribute names beginning with 'AWS.' or 'Amazon'.",
    ],
    ['Amazon’s prefix', { 'Amazon.x': text('x') }, "You can't use message attribute names"],
    ['a dot in front', { '.x': text('x') }, 'Invalid attribute name'],
    ['a dot at the end', { 'x.': text('x') }, 'Invalid attribute name'],
    ['two dots', { 'x..y': text('x') }, 'Invalid attribute name'],
    ['a blank in the name', { 'x y': text('x') }, 'Invalid attribute name'],
    [
      'a long name',
      { ['x'.repeat(257)]: text('x') },
      'Message (user) attribute name must be shorter than 256 bytes.',
    ],
    [
      'a long type',
      { a: { DataType: `String.${'x'.repeat(250)}`, StringValue: 'x' } },
      'Message (user) attribute type must be shorter than 256 bytes.',
    ],
    [
      'eleven',
      Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`a${i}`, text('x')])),
      'Number of message attributes [11] exceeds the allowed maximum [10].',
    ],
  ])('are refused: %s', async (_case, MessageAttributes, message) => {
    const { send } = await aQueue();
    await expect(send('x', { MessageAttributes })).rejects.toMatchObject({
      Error: { Code: 'InvalidParameterValue' },
      message: expect.stringContaining(message),
    });
  });

  test.each(['0', '-0.0', '1e126', '1e-128', '9'.repeat(38), '.5'])('%s is a number', async (StringValue) => {
    const { send } = await aQueue();
    const n = { DataType: 'Number.price', StringValue };
    expect(await send('x', { MessageAttributes: { n } })).toHaveProperty('MessageId');
  });

  test.each([
    [['Hello'], ['Hello']],
    [['All'], ['General', 'Hello', 'Help.Me']],
    [['*'], ['General', 'Hello', 'Help.Me']],
    [['.*'], ['General', 'Hello', 'Help.Me']],
    [['Hel.*'], ['Hello', 'Help.Me']],
    [
      ['Help.*', 'General'],
      ['General', 'Help.Me'],
    ],
    [['hello', 'H*', '(?'], undefined],
    [[], undefined],
  ])('asked for by %j: %j, with the digest of just these', async (MessageAttributeNames, names) => {
    const { send, receive } = await aQueue();
    await send('x', {
      MessageAttributes: { 'Help.Me': text('1'), Hello: text('2'), General: text('3') },
    });
    const [message] = await receive({ MessageAttributeNames });
    expect(message!.MessageAttributes && Object.keys(message!.MessageAttributes).toSorted()).toEqual(names);
    expect(message!.MD5OfMessageAttributes === undefined).toBe(names === undefined);
  });
});
