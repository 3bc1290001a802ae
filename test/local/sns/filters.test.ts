import type { MessageAttributeValue } from '@aws-sdk/client-sns';
import { describe, expect, test } from 'vitest';
import { bodies } from '../sqs/queue.ts';
import { aTopic } from './topic.ts';

const text = (StringValue: string): MessageAttributeValue => ({ DataType: 'String', StringValue });
const number = (StringValue: string): MessageAttributeValue => ({ DataType: 'Number', StringValue });
const list = (...values: unknown[]): MessageAttributeValue => ({
  DataType: 'String.Array',
  StringValue: JSON.stringify(values),
});

async function passes(policy: object, scope: string, message: string, MessageAttributes = {}) {
  const { publish, queue } = await aTopic();
  const { receive } = await queue({
    RawMessageDelivery: 'true',
    FilterPolicy: JSON.stringify(policy),
    FilterPolicyScope: scope,
  });
  await publish(message, { MessageAttributes });
  return bodies(await receive()).length === 1;
}

describe('a policy over attributes', () => {
  test.each<[object, Record<string, MessageAttributeValue>, boolean]>([
    [{ a: ['x', 'y'] }, { a: text('y') }, true],
    [{ a: ['x'] }, { a: text('y') }, false],
    [{ a: ['x'] }, {}, false],
    [{ a: ['x'], b: [1] }, { a: text('x'), b: number('1.0') }, true],
    [{ a: ['x'], b: [1] }, { a: text('x') }, false],
    [{ a: [1] }, { a: text('1') }, false],
    [{ a: ['x'] }, { a: list('w', 'x') }, true],
    [{ a: [{ 'anything-but': ['x'] }] }, { a: list('w', 'x') }, true],
    [{ a: [{ 'anything-but': ['x'] }] }, { a: text('x') }, false],
    [{ a: [{ 'anything-but': ['x'] }] }, {}, false],
    [{ a: [{ prefix: 'or' }] }, { a: text('order') }, true],
    [{ a: [{ suffix: 'er' }] }, { a: text('order') }, true],
    [{ a: [{ 'equals-ignore-case': 'ORDER' }] }, { a: text('order') }, true],
    [{ a: [{ numeric: ['>', 0, '<=', 100] }] }, { a: number('100') }, true],
    [{ a: [{ numeric: ['>', 0, '<=', 100] }] }, { a: number('100.01') }, false],
    [{ a: [{ exists: false }] }, {}, true],
    [{ a: [{ exists: true }] }, { a: text('x') }, true],
    [{ a: [{ cidr: '10.0.0.0/8' }] }, { a: text('10.1.2.3') }, true],
    [{ $or: [{ a: ['x'] }, { b: ['y'] }] }, { b: text('y') }, true],
    [{ a: ['x'] }, { a: { DataType: 'Binary', BinaryValue: new Uint8Array([120]) } }, false],
  ])('%j and %j: %s', async (policy, attributes, expected) => {
    expect(await passes(policy, 'MessageAttributes', 'x', attributes)).toBe(expected);
  });
});

describe('a policy over the body', () => {
  test.each([
    [{ order: { total: [{ numeric: ['>=', 500] }] } }, '{"order":{"total":500}}', true],
    [{ order: { total: [{ numeric: ['>=', 500] }] } }, '{"order":{"total":499}}', false],
    [{ lines: { sku: ['a'] } }, '{"lines":[{"sku":"b"},{"sku":"a"}]}', true],
    [{ a: [{ exists: false }] }, '{}', true],
    [{ a: [{ exists: false }] }, 'no JSON', false],
    [{ a: [null] }, '{"a":null}', true],
  ])('%j and %s: %s', async (policy, message, expected) => {
    expect(await passes(policy, 'MessageBody', message)).toBe(expected);
  });
});

describe('a policy is refused in the words of AWS', () => {
  test.each([
    [{ key: [] }, 'FilterPolicy: Empty arrays are not allowed'],
    [{ key: [{ 'wrong-operator': true }] }, 'FilterPolicy: Unrecognized match type wrong-operator'],
    [{ key: [{ suffix: 100 }] }, 'FilterPolicy: suffix match pattern must be a string'],
    [{ key: 'x' }, 'FilterPolicy: "key" must be an object or an array'],
    [
      { a: [1], b: [1], c: [1], d: [1], e: [1], f: [1] },
      'FilterPolicy: Filter policy can not have more than 5 keys',
    ],
    [{ a: Array.from({ length: 76 }, (_, i) => i), b: [1, 2] }, 'FilterPolicy: Filter policy is too complex'],
  ])('%j', async (policy, message) => {
    const { queue } = await aTopic();
    await expect(queue({ FilterPolicy: JSON.stringify(policy) })).rejects.toMatchObject({
      Error: { Code: 'InvalidParameter' },
      message: expect.stringContaining(`Invalid parameter: Attributes Reason: ${message}`),
    });
  });

  test('nested, over attributes', async () => {
    const { queue } = await aTopic();
    await expect(queue({ FilterPolicy: '{"a":{"b":["c"]}}' })).rejects.toThrow(
      'Invalid parameter: Filter policy scope MessageAttributes does not support nested filter policy',
    );
  });
});
