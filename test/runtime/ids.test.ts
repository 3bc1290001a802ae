import { assert, nat, property, record, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { derivedId, payloadHash, traceHeaderOf } from '../../functions/runtime/contract/ids.ts';

describe('ids', () => {
  const from = record({ consumer: string(), key: string(), type: string(), version: nat(), ordinal: nat() });

  test('derived from the same decision are the same, from another are others', () => {
    assert(
      property(from, from, (a, b) => {
        expect(derivedId(a)).toBe(derivedId({ ...a }));
        expect(derivedId(a)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(derivedId(a) === derivedId(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });

  test('the hash is of version and data, not of what is around them', () => {
    expect(payloadHash('v1', { a: 1 })).toBe(payloadHash('v1', { a: 1 }));
    expect(payloadHash('v1', { a: 1 })).not.toBe(payloadHash('v2', { a: 1 }));
    expect(payloadHash('v1', { a: 1 })).not.toBe(payloadHash('v1', { a: 2 }));
  });

  test('a trace is carried to X-Ray', () => {
    expect(traceHeaderOf('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01')).toBe(
      'Root=1-0af76519-16cd43dd8448eb211c80319c;Parent=b7ad6b7169203331;Sampled=1',
    );
  });
});
