import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { consume } from '../../functions/runtime/consume.ts';
import type { ByKey } from '../../functions/runtime/consume/definition.ts';
import type { MessageOf } from '../../functions/runtime/contract.ts';
import type { CloudEvent } from '../../functions/runtime/contract/cloudevent.ts';
import { Fault, Permanent, Unavailable } from '../../functions/runtime/errors.ts';
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

  test('is told with its age since the first attempt: a count would not tell a new one from an old one', async () => {
    await rig.put(enveloped(paid({ data: { account: 'a', amount: 13 } })));
    await rig.put(enveloped(paid({ id: 'fine', data: { account: 'b', amount: 1 } })));
    await rig.poll(counter(rig));
    await rig.aws.advance('1h');
    await rig.poll(counter(rig));
    const told = rig.lines.filter(({ _aws }) => _aws).map(({ Succeeded, RetryAge }) => [Succeeded, RetryAge]);
    expect(told).toEqual([
      [1, [0]],
      [0, [3_600_000]],
    ]);
  });

  test.each(['ThrottlingError', 'ProvisionedThroughputExceeded'])(
    'a table that is throttled (%s) is away, not contended for: nothing is decided again at once',
    async (Code) => {
      const writes: string[] = [];
      const throttled = Object.assign(new Error('cancelled'), {
        name: 'TransactionCanceledException',
        CancellationReasons: [{ Code: 'None' }, { Code }],
      });
      const dynamodb = intercepted(rig.dynamodb, (name, next) => {
        if (name !== 'TransactWriteItems') return next();
        writes.push(name);
        return Promise.reject(throttled);
      });
      await rig.put(enveloped(paid()));
      expect(await rig.poll(counter({ ...rig, dynamodb }))).toHaveLength(1);
      expect(rig.lines.filter(({ outcome }) => outcome)).toMatchObject([
        { outcome: 'retry', code: 'STORE_UNAVAILABLE', message: `DynamoDB: ${Code}` },
      ]);
      expect(writes).toHaveLength(1);
    },
  );

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

  test.each<[string, ByKey<MessageOf<typeof Paid>, unknown>]>([
    ['naming the aggregate', { key: () => fails(), decide: () => ({}) }],
    ['deciding', { key: () => 'a', decide: () => fails() }],
    ['deciding late', { key: () => 'a', decide: () => Promise.reject(new Error('late')) as never }],
    ['committing', { key: () => 'a', decide: () => ({ state: { toJSON: fails } }) }],
  ])('F30 an exception while %s is never an acknowledgement', async (_, rules) => {
    await rig.put(enveloped(paid()));
    const [message] = await rig.poll(consume([Paid], rules, rig));
    expect(message).toBeDefined();
    expect(rig.outcomes()).toEqual(['retry']);
    expect(await rig.item('m#one')).toBeUndefined();
  });

  test.each([5, { publish: 'x' }, { send: [{ type: 'self-made' }] }])(
    'B49 a decision that is none (%j) is not acknowledged',
    async (decision) => {
      const wrong = consume([Paid], { key: () => 'a', decide: () => decision as never }, rig);
      await rig.put(enveloped(paid()));
      expect(await rig.poll(wrong)).toHaveLength(1);
      expect(rig.lines.find(({ outcome }) => outcome === 'retry')).toMatchObject({ code: 'HANDLER_RESULT' });
    },
  );
});

describe('time and dependencies', () => {
  test('F40 what has no time left goes back unrun', async () => {
    for (const id of ['one', 'one', 'one']) await rig.put(enveloped(paid({ id })));
    const dynamodb = intercepted(rig.dynamodb, async (name, next) => {
      if (name === 'TransactWriteItems') rig.ambient.waited += 4_000;
      return next();
    });
    const failed = await rig.poll(counter({ ...rig, dynamodb }), { remaining: 10_000 });
    expect(failed).toHaveLength(1);
    expect(rig.outcomes()).toEqual(['committed', 'duplicate', 'unrun']);
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

  test('a reason with a code of its own says what to do, as its kind does', () => {
    expect(new Permanent('refused', { code: 'CARD_REFUSED' }).hint).toBe(new Permanent('refused').hint);
    expect(new Unavailable('down', { code: 'BANK_DOWN' }).hint).toBe(new Unavailable('down').hint);
    expect(new Unavailable('down', { code: 'BANK_DOWN', hint: 'Call them.' }).hint).toBe('Call them.');
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

function fails(): never {
  throw new Error('no');
}

function selfCaused(): Error {
  const error = new Error('round and round');
  error.cause = error;
  return error;
}
