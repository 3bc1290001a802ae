import { array, assert, integer, nat, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { entryBytes } from '../../functions/runtime/publish/events.ts';
import { pack } from '../../functions/runtime/publish/packing.ts';

describe('packing (F04)', () => {
  test('is a permutation in order, and no call is above its limits', () => {
    const check = (all: string[], count: number, bytes: number) => {
      const packs = pack(all, { count, bytes, sizeOf: (text) => Buffer.byteLength(text) });
      expect(packs.flat()).toEqual(all);
      for (const one of packs) {
        expect(one.length).toBeLessThanOrEqual(count);
        const size = one.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
        expect(one.length === 1 || size <= bytes).toBe(true);
      }
    };
    assert(
      property(
        array(string({ unit: 'binary', maxLength: 40 })),
        integer({ min: 1, max: 10 }),
        nat(200),
        check,
      ),
    );
  });

  test('counts bytes of UTF-8 as EventBridge does', () => {
    expect(
      entryBytes({ Source: 'ä', DetailType: 't', Detail: '{"x":"漢"}', Resources: ['é'], Time: new Date(0) }),
    ).toBe(14 + 2 + 1 + 11 + 2);
  });
});
