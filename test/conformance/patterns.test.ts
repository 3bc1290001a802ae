/** EventBridge: what a pattern matches. */
import { EventBridgeClient, TestEventPatternCommand } from '@aws-sdk/client-eventbridge';
import { describe, expect } from 'vitest';
import { client, fact, RECORDED, refusal } from './fact.ts';

const ENVELOPE = {
  id: '1',
  account: '000000000000',
  source: 'shop',
  'detail-type': 'placed',
  time: '2026-01-01T00:00:00Z',
  region: 'eu-west-1',
  resources: [],
};

describe('a pattern', () => {
  const matches = async (pattern: object, detail: object) => {
    const Event = JSON.stringify({
      ...ENVELOPE,
      detail,
    });
    const EventPattern = JSON.stringify({ detail: pattern });
    const { Result } = await client(EventBridgeClient).send(
      new TestEventPatternCommand({ EventPattern, Event }),
    );
    return Result;
  };

  for (const [name, pattern, matching, other] of [
    ['equals any of its values', { a: ['x', 'y'] }, { a: 'y' }, { a: 'z' }],
    ['needs all of its fields', { a: ['x'], b: [1] }, { a: 'x', b: 1, c: 2 }, { a: 'x' }],
    ['takes one element of an array for all', { a: ['x'] }, { a: ['w', 'x'] }, { a: [] }],
    ['by null means null', { a: [null] }, { a: null }, {}],
    ['by prefix', { a: [{ prefix: 'x' }] }, { a: 'xy' }, { a: 'yx' }],
    ['by suffix', { a: [{ suffix: 'x' }] }, { a: 'yx' }, { a: 'xy' }],
    ['whatever the case', { a: [{ 'equals-ignore-case': 'x' }] }, { a: 'X' }, { a: 'Y' }],
    ['anything but, which must be there', { a: [{ 'anything-but': ['x'] }] }, { a: null }, {}],
    ['anything but a prefix', { a: [{ 'anything-but': { prefix: 'x' } }] }, { a: 'yx' }, { a: 'xy' }],
    ['by number', { a: [{ numeric: ['>', 10, '<=', 20] }] }, { a: 20 }, { a: 10 }],
    ['by number, which text is not', { a: [{ numeric: ['>', 10] }] }, { a: 11 }, { a: '11' }],
    ['by existence', { a: [{ exists: true }] }, { a: null }, {}],
    ['by absence', { a: [{ exists: false }] }, {}, { a: 1 }],
    ['by existence, which an object has not', { a: [{ exists: false }] }, { a: { b: 1 } }, { a: 1 }],
    ['by wildcard', { a: [{ wildcard: 'x*z' }] }, { a: 'xyz' }, { a: 'xy' }],
    ['by address', { a: [{ cidr: '10.0.0.0/24' }] }, { a: '10.0.0.9' }, { a: '10.0.1.9' }],
    ['by either', { $or: [{ a: [1] }, { b: [1] }] }, { b: 1 }, { c: 1 }],
  ] as const)
    fact(`matches ${name}`, RECORDED, async () => {
      expect([await matches(pattern, matching), await matches(pattern, other)]).toEqual([true, false]);
    });

  for (const [pattern, reason] of [
    [{ a: [] }, 'Empty arrays are not allowed'],
    [{ a: 'x' }, '"a" must be an object or an array'],
    [{ a: [{ like: 'x' }] }, 'Unrecognized match type like'],
    [{ a: [{ prefix: 1 }] }, 'prefix match pattern must be a string'],
    [{ a: [{ exists: 'yes' }] }, 'exists match pattern must be either true or false.'],
  ] as const)
    fact(`${JSON.stringify(pattern)} is refused`, RECORDED, async () => {
      const { name, message } = await refusal(matches(pattern, {}));
      expect(name).toBe('InvalidEventPatternException');
      expect(message.startsWith(`Event pattern is not valid. Reason: ${reason}`), message).toBe(true);
    });
});
