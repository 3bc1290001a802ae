import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CloudEvent } from '../../functions/runtime/contract/cloudevent.ts';
import { Paid, counter } from './counter.ts';
import { enveloped, intercepted, startRig, type Rig } from './rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await startRig({ maxReceives: 3 });
});
afterEach(() => rig.stop());

const paid = (changes: object = {}): CloudEvent => ({
  ...Paid({ account: 'a', amount: 1 }, { id: 'one', time: '2030-01-01T00:00:00.000Z' }),
  ...changes,
});

describe('poison costs exactly one attempt (F31 I6), and says why (F35 I5)', () => {
  const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
  test.each<[string, unknown, string]>([
    ['B41 a body that is not JSON', '{"detail', 'BODY_NOT_JSON'],
    ['B41 an empty text', '""', 'ENVELOPE_INVALID'],
    ['B42 JSON of another kind', { hello: 'world' }, 'ENVELOPE_INVALID'],
    ['B42 no id', enveloped(paid({ id: undefined })), 'ENVELOPE_INVALID'],
    ['B42 F47 an id that is no text', enveloped(paid({ id: 5 })), 'ENVELOPE_INVALID'],
    ['B14 a day that does not exist', enveloped(paid({ time: '2026-02-30T00:00:00Z' })), 'ENVELOPE_INVALID'],
    ['data that is no object', enveloped(paid({ data: 'x' })), 'ENVELOPE_INVALID'],
    ['a type that nobody asked for', enveloped(paid({ type: 'other' })), 'UNEXPECTED_TYPE'],
    ['B16 data that does not conform', enveloped(paid({ data: { amount: 'x' } })), 'EVT_SCHEMA'],
    ['B05 five thousand levels', deep, 'EVT_TOO_DEEP'],
    [
      'B07 an integer that no double holds',
      JSON.stringify(enveloped(paid())).replace('"amount":1', '"amount":9007199254740993'),
      'EVT_UNSAFE_INTEGER',
    ],
    [
      'B06 half a character',
      JSON.stringify(enveloped(paid())).replace('"account":"a"', String.raw`"account":"\ud800"`),
      'EVT_BAD_UNICODE',
    ],
    [
      'B08 a key that changes prototypes',
      JSON.stringify(enveloped(paid())).replace('{"account":"a"', '{"__proto__":{"x":1},"account":"a"'),
      'EVT_FORBIDDEN_KEY',
    ],
    ['B46 F21 I17 an event that has gone round', enveloped(paid({ hops: 17 })), 'LOOP'],
    ['B50 an event of another account', enveloped(paid(), { account: '111111111111' }), 'UNTRUSTED_ORIGIN'],
    [
      'what the decision refuses for good',
      enveloped(paid({ data: { account: 'a', amount: -1 } })),
      'NEGATIVE',
    ],
  ])('%s', async (_, body, code) => {
    await rig.put(body, { attributes: { kept: 'yes' } });
    expect(await rig.poll(counter(rig))).toEqual([]);
    const [letter] = await rig.dead();
    expect(letter!.reason).toMatchObject({
      code,
      consumer: 'consumer',
      receives: 1,
      requestId: 'request',
      queue: rig.queue.arn,
    });
    expect(letter!.body).toBe(typeof body === 'string' ? body : JSON.stringify(body));
    expect(letter!.messageAttributes.kept!.stringValue).toBe('yes');
    expect(rig.lines.find(({ outcome }) => outcome === 'dead-lettered')).toMatchObject({
      code,
      level: 'error',
      attempt: 1,
    });
  });

  test('B46 a loop is told by the types that it goes through', async () => {
    const trail = Array.from({ length: 8 }, (_, i) => ['order.placed', 'payment.captured'][i % 2]).join(' ');
    await rig.put(enveloped(paid({ hops: 17, trail })));
    await rig.poll(counter(rig));
    const [letter] = await rig.dead();
    expect(letter!.reason.message).toMatch(/lately: (order\.placed → payment\.captured → ){4}paid$/);
  });

  test('F21 what comes through more than eight consumers begins to carry its way', async () => {
    for (const [hops, trail] of [
      [7, undefined],
      [8, undefined],
      [9, 'paid'],
    ] as const)
      await rig.put(enveloped(paid({ id: `h${hops}`, hops, ...(trail && { trail }) })));
    await rig.poll(counter(rig));
    const trails = (await rig.outbox()).map(({ hops, trail }) => `${hops} ${trail}`);
    expect(new Set(trails)).toEqual(new Set(['8 undefined', '9 paid', '10 paid paid']));
  });

  test('F38 a poison that is redriven unmended is dead-lettered again, and its reason counts', async () => {
    await rig.put(enveloped(paid({ data: { account: 'a', amount: -1 } })));
    await rig.poll(counter(rig));
    const [first] = await rig.dead();
    await rig.aws.advance('1h');
    const attributes = { SpillwayReason: first!.messageAttributes.SpillwayReason!.stringValue! };
    await rig.put(first!.body, { attributes });
    expect(await rig.poll(counter(rig))).toEqual([]);
    const letters = await rig.dead();
    expect(letters.map(({ reason }) => reason.deadLettered)).toContain(2);
    const second = letters.find(({ reason }) => reason.deadLettered === 2)!;
    expect(second.reason.first).toBe(first!.reason.first);
    expect(Object.keys(second.messageAttributes)).toEqual(['SpillwayReason']);
  });

  test('F27 a poison among healthy ones harms nobody', async () => {
    for (let i = 0; i < 4; i++) await rig.put(enveloped(paid({ id: `ok-${i}` })));
    await rig.put('poison');
    expect(await rig.poll(counter(rig))).toEqual([]);
    expect(await rig.stateOf('a')).toEqual({ sum: 4, seen: [1, 1, 1, 1] });
    expect(await rig.dead()).toHaveLength(1);
  });

  test('a dead letter that cannot be written is not acknowledged', async () => {
    await rig.put('poison');
    const sqs = intercepted(rig.sqs, async (name, next) => {
      if (name === 'SendMessage') throw new Error('no');
      return next();
    });
    expect(await rig.poll(counter({ ...rig, sqs }))).toHaveLength(1);
  });

  test('of ten attributes the last gives way to the reason', async () => {
    const attributes = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`n${i}`, 'x']));
    await rig.put('poison', { attributes });
    await rig.poll(counter(rig));
    const [letter] = await rig.dead();
    expect(Object.keys(letter!.messageAttributes)).toHaveLength(10);
    expect(letter!.reason.code).toBe('BODY_NOT_JSON');
  });
});
