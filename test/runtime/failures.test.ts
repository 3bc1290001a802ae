import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { consume } from '../../functions/runtime/consume.ts';
import type { CloudEvent } from '../../functions/runtime/contract/cloudevent.ts';
import { Fault, Unavailable } from '../../functions/runtime/errors.ts';
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

/** A stateless consumer that does as told. */
const doing = (decide: () => void | Promise<void>) => consume([Paid], { stateless: true, decide }, rig);

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

describe('what may pass is tried again', () => {
  test('later and later, with full jitter, and dead-lettered by the last attempt with its reason', async () => {
    await rig.put(enveloped(paid({ data: { account: 'a', amount: 13 } })));
    expect(await rig.poll(counter(rig))).toHaveLength(1);
    expect(await rig.poll(counter(rig))).toEqual([]);
    await rig.aws.advance('1s');
    expect(await rig.poll(counter(rig))).toHaveLength(1);
    await rig.aws.advance('4s');
    expect(await rig.poll(counter(rig))).toEqual([]);
    expect(rig.outcomes()).toEqual(['retry', 'retry', 'dead-lettered']);
    const [letter] = await rig.dead();
    expect(letter!.reason).toMatchObject({
      code: 'UNEXPECTED',
      message: 'bad luck',
      receives: 3,
      attempts: 1,
    });
    expect(Date.parse(letter!.reason.last) - Date.parse(letter!.reason.first)).toBeGreaterThanOrEqual(2_000);
  });

  test('B43 a version of the future waits for its reader, then rests where it can be redriven', async () => {
    const body = enveloped(paid({ dataschema: 'urn:spillway:paid:3' }));
    await rig.put(body);
    expect(await rig.poll(counter(rig))).toHaveLength(1);
    for (let i = 0; i < 2; i++) {
      await rig.aws.advance('5m');
      await rig.poll(counter(rig));
    }
    expect((await rig.dead())[0]!.reason).toMatchObject({ code: 'UNKNOWN_VERSION', receives: 3, id: 'one' });
  });

  test('a version of the past is brought up to date', async () => {
    await rig.put(enveloped(paid({ dataschema: 'urn:spillway:paid:1', data: { account: 'a', sum: 5 } })));
    await rig.poll(counter(rig));
    expect(await rig.stateOf('a')).toEqual({ sum: 5, seen: [5] });
  });

  test.each<[string, unknown, string]>([
    ['a text', 'oops', 'oops'],
    ['null', null, 'object was thrown'],
    ['an error of a megabyte', new Error('x y '.repeat(250_000)), 'x y x y'],
    ['an error that is its own cause', selfCaused(), 'round and round'],
  ])('B47 throwing %s fails this record only, with a reason of at most 2 KB', async (_, thrown, text) => {
    rig.ambient.env.SPILLWAY_MAX_RECEIVES = '1';
    await rig.put(enveloped(paid()));
    await rig.poll(
      doing(() => {
        throw thrown;
      }),
    );
    const [letter] = await rig.dead();
    expect(letter!.reason.message).toContain(text);
    expect(Buffer.byteLength(letter!.messageAttributes.SpillwayReason!.stringValue!)).toBeLessThanOrEqual(
      2048,
    );
  });

  test('B48 a decision that never comes fails its record before the deadline, and the others keep theirs', async () => {
    for (const id of ['one', 'two']) await rig.put(enveloped(paid({ id })));
    let first = true;
    const failed = await rig.poll(
      doing(() => {
        if (!first) return;
        first = false;
        return new Promise(() => {});
      }),
    );
    expect(failed).toHaveLength(1);
    expect(rig.lines.find(({ outcome }) => outcome === 'retry')).toMatchObject({ code: 'TIMEOUT' });
  });

  test.each([5, [], { publish: 'x' }, { send: [{ type: 'self-made' }] }])(
    'B49 a decision that is none (%j) is not acknowledged',
    async (decision) => {
      const wrong = consume([Paid], { key: () => 'a', decide: () => decision as never }, rig);
      await rig.put(enveloped(paid()));
      const failed = await rig.poll(wrong);
      if (Array.isArray(decision)) expect(failed).toEqual([]);
      else
        expect(rig.lines.find(({ outcome }) => outcome === 'retry')).toMatchObject({
          code: 'HANDLER_RESULT',
        });
    },
  );
});

describe('time and dependencies', () => {
  test('F40 what has no time left goes back unrun', async () => {
    for (const amount of [1, 2, 3])
      await rig.put(enveloped(paid({ id: `n${amount}`, data: { account: 'a', amount } })));
    const dynamodb = intercepted(rig.dynamodb, async (name, next) => {
      if (name === 'TransactWriteItems') rig.ambient.waited += 4_000;
      return next();
    });
    const failed = await rig.poll(counter({ ...rig, dynamodb }), { remaining: 10_000 });
    expect(failed).toHaveLength(1);
    expect(rig.outcomes()).toEqual(['committed', 'committed', 'unrun']);
    expect(rig.lines.find(({ outcome }) => outcome === 'unrun')).toMatchObject({
      code: 'DEADLINE',
      level: 'warn',
    });
  });

  test('F55 after five failures in a row nothing is tried for a while, then one, then all', async () => {
    let up = false;
    let tried = 0;
    const fragile = doing(() => {
      tried++;
      if (!up) throw new Unavailable('the mail server is down');
    });
    const poll = async () => {
      for (let i = 0; i < 8; i++) await rig.put(enveloped(paid({ id: `m${i}` })));
      tried = 0;
      await rig.poll(fragile);
      return tried;
    };
    expect(await poll()).toBe(8);
    expect(await poll()).toBe(0);
    expect(rig.lines.findLast(({ outcome }) => outcome !== undefined)).toMatchObject({
      outcome: 'unrun',
      code: 'BREAKER_OPEN',
    });
    rig.ambient.waited += 5_000;
    expect(await poll()).toBe(1);
    up = true;
    rig.ambient.waited += 60_000;
    expect(await poll()).toBeGreaterThan(1);
  });

  test('without its settings a consumer does not start', async () => {
    rig.ambient.env.SPILLWAY_TABLE = '';
    await rig.put(enveloped(paid()));
    await expect(rig.poll(counter(rig))).rejects.toThrow('SPILLWAY_TABLE is not set');
    expect(new Fault('UNEXPECTED', 'x').hint).toBeTruthy();
  });
});

describe('I12 F57 neither payload nor person nor secret leaves by a side door', () => {
  test('logs and reasons', async () => {
    const secrets = [
      'canary-person',
      'canary@example.com',
      '4111 1111 1111 1111',
      'AKIAABCDEFGHIJKLMNOP',
      'hunter2hunter2',
    ];
    rig.ambient.env.SPILLWAY_MAX_RECEIVES = '1';
    await rig.put(
      enveloped(paid({ data: { account: 'canary-person', amount: 1, note: 'canary-person owes' } })),
    );
    await rig.poll(
      doing(() => {
        throw new Error(
          `cannot charge canary-person (${secrets[1]}) card ${secrets[2]} with ${secrets[3]} password=${secrets[4]}`,
        );
      }),
    );
    const [letter] = await rig.dead();
    const told = JSON.stringify([rig.lines, letter!.reason]);
    for (const secret of secrets) expect(told).not.toContain(secret);
    expect(letter!.reason.message).toMatch(/^cannot charge …/);
  });
});

function selfCaused(): Error {
  const error = new Error('round and round');
  error.cause = error;
  return error;
}
