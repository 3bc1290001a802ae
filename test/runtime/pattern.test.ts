import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { event, type Data } from '../../functions/runtime/contract.ts';
import {
  anythingBut,
  cidr,
  equalsIgnoreCase,
  exists,
  numeric,
  prefix,
  suffix,
  wildcard,
} from '../../functions/runtime/contract/where.ts';

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
describe('the pattern', () => {
  test('routes by type', () => {
    expect(Placed.pattern).toEqual({ source: ['shop.checkout'], 'detail-type': ['order.placed'] });
  });

  test('has every operator as EventBridge names it', () => {
    const { pattern } = Placed.where({
      total: [numeric('>', 10, '<=', 20), numeric('=', 5), 7, anythingBut(1, 2)],
      orderId: [
        prefix('CA-'),
        suffix(equalsIgnoreCase('x')),
        wildcard('a*b'),
        equalsIgnoreCase('o'),
        'o',
        anythingBut('p'),
        anythingBut(prefix('US')),
      ],
      note: exists(false),
      lines: { product: 'p', price: numeric('<', 5) },
      ship: { ip: cidr('10.0.0.0/24'), fast: true },
      $or: [{ orderId: 'a' }, { note: null }],
    });
    expect(pattern.detail).toEqual({
      data: {
        total: [{ numeric: ['>', 10, '<=', 20] }, { numeric: ['=', 5] }, 7, { 'anything-but': [1, 2] }],
        orderId: [
          { prefix: 'CA-' },
          { suffix: { 'equals-ignore-case': 'x' } },
          { wildcard: 'a*b' },
          { 'equals-ignore-case': 'o' },
          'o',
          { 'anything-but': ['p'] },
          { 'anything-but': { prefix: 'US' } },
        ],
        note: [{ exists: false }],
        lines: { product: ['p'], price: [{ numeric: ['<', 5] }] },
        ship: { ip: [{ cidr: '10.0.0.0/24' }], fast: [true] },
        $or: [{ orderId: ['a'] }, { note: [null] }],
      },
    });
  });

  test('is typed by the schema', () => {
    // @ts-expect-error a text is no number
    const untyped = () => Placed.where({ orderId: numeric('>', 1) });
    expect(untyped).toThrow(expect.objectContaining({ code: 'PATTERN_UNBOUNDED' }));
    // @ts-expect-error there is no such field
    expect(() => Placed.where({ colour: 'red' })).not.toThrow();
    const data: Data<typeof Placed> = Placed.read(3, {
      orderId: 'o',
      total: 1,
      count: 1,
      lines: [{ product: 'p', price: 1 }],
    });
    expect(data.lines[0]!.price).toBe(1);
  });

  test.each<[string, () => unknown, string]>([
    ['a number beyond ±5·10⁹', () => numeric('>', 5_000_000_001), 'PATTERN_NUMBER_OUT_OF_RANGE'],
    ['a field without bounds', () => Placed.where({ count: numeric('>', 1) }), 'PATTERN_UNBOUNDED'],
    ['a field without bounds, by value', () => Placed.where({ count: 5 }), 'PATTERN_UNBOUNDED'],
    ['an empty range', () => numeric('>', 5, '<', 5), 'PATTERN_INVALID'],
    ['consecutive wildcards', () => wildcard('a**'), 'PATTERN_INVALID'],
    ['one alternative', () => Placed.where({ $or: [{ orderId: 'a' }] }), 'PATTERN_INVALID'],
    ['no condition', () => Placed.where({}), 'PATTERN_INVALID'],
    ['an empty list', () => Placed.where({ orderId: [] }), 'PATTERN_INVALID'],
    ['nothing excluded', () => anythingBut(...([] as string[])), 'PATTERN_INVALID'],
  ])('refuses %s', (_, build, code) => {
    expect(build).toThrow(expect.objectContaining({ code }));
  });
});
