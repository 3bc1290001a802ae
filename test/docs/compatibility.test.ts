import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { event } from '../../functions/runtime/contract.ts';
import { changesOf } from '../../functions/runtime/contract/compatibility.ts';
import type { Shape } from '../../functions/runtime/contract/schema.ts';

const schemaOf = (data: Shape) => event('thing.done', { source: 'test', data }).schema();
const changes = (before: Shape, after: Shape) =>
  changesOf(schemaOf(before), schemaOf(after)).map(
    ({ path, what, breaks }) => `${breaks ? 'breaks' : 'fits'}: ${path} ${what}`,
  );
const int = (low: number, high: number) => z.int().check(z.minimum(low), z.maximum(high));

describe('what changes within a version is named', () => {
  const id = z.string();
  test.each<[string, Shape, Shape, string[]]>([
    ['nothing', { id }, { id }, []],
    ['an optional field', { id }, { id, note: z.optional(id) }, ['fits: data.note optional field added']],
    ['a required field', { id }, { id, note: id }, ['breaks: data.note required field added']],
    ['a field that is gone', { id, note: z.optional(id) }, { id }, ['breaks: data.note field removed']],
    ['a field made required', { id: z.optional(id) }, { id }, ['breaks: data.id made required']],
    [
      'a field made optional',
      { id },
      { id: z.optional(id) },
      ['breaks: data.id made optional, but its readers rely on it'],
    ],
    ['another type', { id }, { id: z.boolean() }, ['breaks: data.id type changed from string to boolean']],
    [
      'an enum value that is gone, and one that is new',
      { kind: z.enum(['a', 'b']) },
      { kind: z.enum(['b', 'c']) },
      ['breaks: data.kind enum value removed: "a"', 'breaks: data.kind enum value added: "c"'],
    ],
    [
      'a bound that narrows',
      { n: int(0, 9) },
      { n: int(1, 9) },
      ['breaks: data.n type narrowed: minimum raised from 0 to 1'],
    ],
    [
      'a bound that widens',
      { n: int(0, 9) },
      { n: int(0, 10) },
      ['breaks: data.n type widened: maximum raised from 9 to 10'],
    ],
    [
      'a bound that is new',
      { id },
      { id: id.check(z.maxLength(9)) },
      ['breaks: data.id type narrowed: maxLength set from none to 9'],
    ],
    [
      'something deep in a list',
      { lines: z.array(z.object({ n: z.object({ id }) })) },
      { lines: z.array(z.object({ n: z.object({}) })) },
      ['breaks: data.lines[].n.id field removed'],
    ],
    ['a format', { id }, { id: z.iso.date() }, ['breaks: data.id format changed from none to "date"']],
  ])('%s', (_, before, after, expected) => {
    expect(changes(before, after)).toEqual(expected);
  });

  test('but not the pattern by which a format is checked, nor a description', () => {
    const before = { type: 'string', format: 'date', pattern: 'a', description: 'b' } as const;
    expect(changesOf(before, { ...before, pattern: 'x', description: 'y' })).toEqual([]);
    expect(changesOf({ type: 'string', pattern: 'a' }, { type: 'string', pattern: 'b' })).toHaveLength(1);
  });
});
