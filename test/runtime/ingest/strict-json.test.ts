import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseStrictly } from '../../../functions/runtime/ingest/strict-json.ts';

const refused = (text: string) => {
  try {
    parseStrictly(text);
  } catch (error) {
    const { code, message, path } = error as { code: string; message: string; path?: string };
    return { code, message, path };
  }
  return undefined;
};

const native = (text: string): { value: unknown } | undefined => {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
};

describe('what is JSON', () => {
  test('reads as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        expect(parseStrictly(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test('is refused exactly when JSON.parse refuses it, however it was damaged', () => {
    const damaged = fc
      .tuple(
        fc.json({ maxDepth: 3 }),
        fc.nat(),
        fc.nat(2),
        fc.constantFrom(...Array.from('{}[],:"\\u0e-+.1tn \n\t\u0001')),
      )
      .map(([text, at, cut, put]) => {
        const from = at % (text.length + 1);
        return text.slice(0, from) + put + text.slice(from + cut);
      });
    fc.assert(
      fc.property(damaged, (text) => {
        const read = refused(text);
        if (read?.code === 'DUPLICATE_KEY') return;
        expect(read?.code).toBe(native(text) ? undefined : 'BAD_JSON');
      }),
      { numRuns: 2_000 },
    );
  });
});

test.each([
  ['{"a":1', 'line 1, column 7: a comma or } is expected'],
  ['{"a":', 'line 1, column 6: the text ends too early'],
  ['{\n  "a": 1,\n}', 'line 3, column 1: a name in double quotes is expected'],
  ['{} {}', 'line 1, column 4: nothing may follow the value'],
  ['{"a":"\t"}', 'line 1, column 7: a control character is to be escaped'],
  ["{'a':1}", 'line 1, column 2: a name in double quotes is expected'],
  ['\ufeff{}', 'line 1, column 1: a byte order mark is not allowed here'],
])('B21, B22: %j is refused with line and column', (text, message) => {
  expect(refused(text)).toMatchObject({ code: 'BAD_JSON', message });
});

test('B23: a key that is there twice is refused with its path, however it is written', () => {
  const twice = { code: 'DUPLICATE_KEY', path: 'data.a[1].b' };
  expect(refused('{"a":[0,{"b":1,"b":2}]}')).toMatchObject(twice);
  expect(refused(String.raw`{"a":[0,{"b":1,"\u0062":2}]}`)).toMatchObject(twice);
  expect(refused('{"__proto__":1,"__proto__":2}')).toMatchObject({ path: 'data.__proto__' });
  expect(refused('{"a":{"b":1},"b":{"b":1}}')).toBeUndefined();
});

test('B26: 200 kB of brackets are refused before anything is built of them', () => {
  expect(refused('['.repeat(200_000))).toMatchObject({ code: 'TOO_DEEP' });
  expect(refused(`${'['.repeat(64)}${']'.repeat(64)}`)).toBeUndefined();
  expect(refused(`${'['.repeat(65)}${']'.repeat(65)}`)).toMatchObject({ code: 'TOO_DEEP' });
});
