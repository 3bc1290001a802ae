import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { command, event, external } from '../../functions/runtime/contract.ts';
import { instantOf } from '../../functions/runtime/contract/time.ts';
import { prefix } from '../../functions/runtime/contract/where.ts';

const money = z.int().check(z.minimum(0), z.maximum(5_000_000_000));
const Placed = event('order.placed', {
  version: 3,
  source: 'shop.checkout',
  data: {
    orderId: z.string(),
    total: money,
    count: z.int(),
    note: z.optional(z.string()),
    lines: z.array(z.object({ product: z.string(), price: money })),
    ship: z.optional(z.object({ ip: z.string(), fast: z.boolean() })),
  },
  upcast: { 1: (old) => ({ ...old, lines: [] }), 2: ({ amount, ...old }) => ({ ...old, total: amount }) },
});
const good = { orderId: 'o', total: 1, count: 1, lines: [{ product: 'p', price: 1 }] };
const minted = (data: object) => () => Placed(data as typeof good);
const at = { now: () => Date.UTC(2030, 0, 1), newId: () => 'id-1' };

describe('the factory', () => {
  test('mints a CloudEvent', () => {
    expect(Placed(good, { subject: 'o' }, at)).toEqual({
      specversion: '1.0',
      id: 'id-1',
      source: 'shop.checkout',
      type: 'order.placed',
      time: '2030-01-01T00:00:00.000Z',
      subject: 'o',
      dataschema: 'urn:spillway:order.placed:3',
      datacontenttype: 'application/json',
      data: good,
      correlationid: 'id-1',
      traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/),
      hops: 0,
    });
  });

  test('lets unknown fields pass, at every level', () => {
    const data = { ...good, extra: { a: 1 }, lines: [{ product: 'p', price: 1, colour: 'red' }] };
    expect(Placed(data).data).toEqual(data);
    expect(Placed.read(3, data)).toEqual(data);
  });

  test.each([
    ['B01 null', null, 'EVT_DETAIL_NOT_OBJECT', 'data'],
    ['B01 an array', [], 'EVT_DETAIL_NOT_OBJECT', 'data'],
    ['B01 a text', 'x', 'EVT_DETAIL_NOT_OBJECT', 'data'],
    ['B02 undefined', { ...good, note: undefined }, 'EVT_NOT_JSON', 'data.note'],
    ['B02 a function', { ...good, f: () => 1 }, 'EVT_NOT_JSON', 'data.f'],
    ['B02 NaN', { ...good, total: Number.NaN }, 'EVT_NOT_JSON', 'data.total'],
    ['B02 Infinity in a list', { ...good, x: [1, Infinity] }, 'EVT_NOT_JSON', 'data.x[1]'],
    ['B02 a Date', { ...good, x: new Date() }, 'EVT_NOT_JSON', 'data.x'],
    ['B02 a Map', { ...good, x: new Map() }, 'EVT_NOT_JSON', 'data.x'],
    ['B03 a bigint', { ...good, x: 1n }, 'EVT_NOT_JSON', 'data.x'],
    ['B04 a circle', circular(), 'EVT_CIRCULAR', 'data.x.y'],
    ['B06 half a character', { ...good, note: '\ud83d' }, 'EVT_BAD_UNICODE', 'data.note'],
    ['B06 half a character in a key', { ...good, ['\udc00']: 1 }, 'EVT_BAD_UNICODE', 'data'],
    ['B07 an unsafe integer', { ...good, x: 2 ** 53 }, 'EVT_UNSAFE_INTEGER', 'data.x'],
    ['B08 __proto__', { ...good, x: JSON.parse('{"__proto__":1}') }, 'EVT_FORBIDDEN_KEY', 'data.x.__proto__'],
    ['B08 constructor', { ...good, constructor: 1 }, 'EVT_FORBIDDEN_KEY', 'data.constructor'],
  ])('refuses %s', (_, data, code, path) => {
    expect(minted(data as object)).toThrow(expect.objectContaining({ code, path, hint: expect.any(String) }));
  });

  test('B05 refuses 65 levels and takes 64', () => {
    const nested = (levels: number) =>
      Array.from({ length: levels }).reduce<object>((inner) => ({ x: inner }), {});
    expect(minted({ ...good, x: nested(62) })).not.toThrow();
    expect(minted({ ...good, x: nested(64) })).toThrow(
      expect.objectContaining({ code: 'EVT_TOO_DEEP', limit: 64 }),
    );
    expect(minted({ ...good, x: nested(5_000) })).toThrow(expect.objectContaining({ code: 'EVT_TOO_DEEP' }));
  });

  test('B16 lists everything that JSON cannot carry at once, twenty at most', () => {
    const data = { ...good, a: Number.NaN, b: [1n, '\ud83d'], c: { constructor: 1, d: 2 ** 53 } };
    expect(minted(data)).toThrow(
      expect.objectContaining({
        code: 'EVT_NOT_JSON',
        path: 'data.a',
        faults: ['data.a', 'data.b[0]', 'data.b[1]', 'data.c.constructor', 'data.c.d'].map((path) =>
          expect.objectContaining({ path }),
        ),
      }),
    );
    const many = minted({ ...good, x: Array.from({ length: 100_000 }, () => Number.NaN) });
    expect(many).toThrow(expect.objectContaining({ faults: expect.toSatisfy((all) => all.length === 20) }));
  });

  test('B16 lists all faults at once, twenty at most, without the values', () => {
    const error = caught(minted({ orderId: 5, total: -1, count: 1.5, lines: [{ product: 7 }] }));
    expect(error.code).toBe('EVT_SCHEMA');
    expect(error.faults).toEqual([
      { path: 'data.orderId', message: 'must be string' },
      { path: 'data.total', message: 'must be at least 0' },
      { path: 'data.count', message: 'must be int' },
      { path: 'data.lines[0].product', message: 'must be string' },
      { path: 'data.lines[0].price', message: 'is missing' },
    ]);
    const many = caught(minted({ ...good, lines: Array.from({ length: 30 }, () => ({})) }));
    expect(many.faults).toHaveLength(20);
    expect(many.actual).toBe(60);
  });

  test.each([
    ['B09', 'aws.s3', 'EVT_RESERVED_SOURCE'],
    ['B10', '', 'EVT_BAD_SOURCE'],
    ['B10', 'a\nb', 'EVT_BAD_SOURCE'],
    ['B10', 'x'.repeat(257), 'EVT_BAD_SOURCE'],
  ])('%s refuses the source %j', (_, source, code) => {
    expect(() => event('t', { source, data: {} })).toThrow(expect.objectContaining({ code }));
    expect(() => Placed(good, { source })).toThrow(expect.objectContaining({ code }));
  });

  test.each(['', 'two words', 'x'.repeat(129), '\u0007'])('B10 refuses the type %j', (type) => {
    expect(() => event(type, { source: 's', data: {} })).toThrow(
      expect.objectContaining({ code: 'EVT_BAD_TYPE' }),
    );
  });

  test.each([
    '2026-02-30T00:00:00Z',
    '2026-01-01',
    '2026-01-01T00:00:00',
    '2026-13-01T00:00:00Z',
    '1.1.2026',
    '2026-01-01T24:00:00Z',
  ])('B14 refuses the time %s', (time) => {
    expect(() => Placed(good, { time })).toThrow(expect.objectContaining({ code: 'EVT_BAD_TIME' }));
  });

  test('takes leap days and offsets', () => {
    expect(instantOf('2028-02-29T12:00:00.5+01:00')).toBe(Date.UTC(2028, 1, 29, 11, 0, 0, 500));
  });

  test.each(['', 'with blank', 'x'.repeat(129), 'line\nbreak'])('B37 refuses the id %j', (id) => {
    expect(() => Placed(good, { id })).toThrow(expect.objectContaining({ code: 'EVT_BAD_ID' }));
  });

  test('of a command adds the key that keeps its order', () => {
    const Move = command('move', { orderBy: 'account', data: { account: z.string() } });
    expect(Move({ account: 'a-1' }).partitionkey).toBe('a-1');
    expect(Move({ account: 'Günther' }).partitionkey).toMatch(/^[\w-]{22}$/);
  });
});

describe('versions', () => {
  test('older data is brought up to date step by step', () => {
    expect(Placed.read(1, { orderId: 'o', amount: 5, count: 1 })).toEqual({
      orderId: 'o',
      total: 5,
      count: 1,
      lines: [],
    });
  });

  test('B43 newer data is UNKNOWN_VERSION, which is no reason to give up', () => {
    const error = caught(() => Placed.read(4, good));
    expect(error).toMatchObject({ name: 'Fault', code: 'UNKNOWN_VERSION', limit: 3, actual: 4 });
  });

  test.each([
    ['a gap', { version: 4, upcast: { 1: (x: object) => ({ ...x }) } }],
    ['a step beyond', { version: 1, upcast: { 1: (x: object) => ({ ...x }) } }],
    ['no version', { version: 0 }],
  ])('%s in the chain is refused when it is declared', (_, versions) => {
    expect(() => event('t', { source: 's', data: {}, ...versions })).toThrow(
      expect.objectContaining({ code: 'CONTRACT_INVALID' }),
    );
  });
});

describe('the schema', () => {
  test('is JSON Schema of what a producer may send', () => {
    const Defaults = event('d', {
      source: 's',
      data: { a: z._default(z.string(), 'x'), b: z.object({ c: z.int() }) },
    });
    expect(Defaults.schema()).toMatchObject({
      type: 'object',
      required: ['b'],
      additionalProperties: {},
      properties: { b: { additionalProperties: {} } },
    });
    expect(Defaults({ b: { c: 1 } }).data).toEqual({ b: { c: 1 } });
    expect(Defaults.read(1, { b: { c: 1 } })).toEqual({ a: 'x', b: { c: 1 } });
  });

  test('of others describes events that are no CloudEvents', () => {
    const Created = external(
      'aws.s3',
      { object: z.object({ key: z.string() }) },
      { type: 'Object Created', id: ({ object }) => object.key },
    );
    expect(Created.where({ object: { key: prefix('in/') } }).pattern).toEqual({
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: { object: { key: [{ prefix: 'in/' }] } },
    });
  });
});

function circular(): object {
  const x: Record<string, unknown> = {};
  x.y = x;
  return { ...good, x };
}

function caught(run: () => unknown): { code: string; faults: unknown[]; actual: number } {
  try {
    run();
  } catch (error) {
    return error as never;
  }
  return expect.fail('nothing was thrown');
}
