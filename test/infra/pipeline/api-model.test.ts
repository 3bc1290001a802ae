import Draft4 from 'ajv-draft-04';
import { expect, it } from 'vitest';
import * as z from 'zod/mini';
import { command } from '../../../functions/runtime/contract.ts';
import { requestModelOf } from '../../../infra/pipeline/api-model.ts';

const Odd = command('odd.one', {
  orderBy: 'id',
  data: {
    id: z.string().check(z.minLength(2), z.regex(/^[a-z😀]+$/u)),
    count: z.int(),
    price: z.optional(z.number()),
    flag: z._default(z.boolean(), false),
    either: z.union([z.string(), z.array(z.int())]),
    maybe: z.nullable(z.object({ at: z.iso.date() })),
    lines: z.array(z.object({ of: z.enum(['a', 'b']), gone: z.optional(z.null()) })),
    rest: z.record(z.string(), z.unknown()),
    pair: z.tuple([z.string(), z.int()]),
  },
});
const accepts = new Draft4.default({ strict: false }).compile({
  ...requestModelOf(Odd),
  schema: undefined,
});
const sound = {
  id: 'a😀',
  count: 1.0,
  either: [1],
  maybe: null,
  lines: [{ of: 'a', gone: null }],
  rest: { any: [{}] },
  pair: ['a', 1],
  unknown: { fields: 'pass' },
};

it.each([{}, { either: 'text' }, { maybe: { at: '2030-01-01' } }, { flag: true, price: 1.5, lines: [] }])(
  'lets pass what the contract allows: with %j',
  (changes) => {
    const data = { ...sound, ...changes };
    expect(() => Odd.read(1, data)).not.toThrow();
    expect(accepts(data)).toBe(true);
  },
);

it.each([{ id: 1 }, { count: '1' }, { lines: {} }, { lines: [{}] }, { rest: [] }, { id: undefined }])(
  'refuses another shape: with %j',
  (changes) => {
    const data = JSON.parse(JSON.stringify({ ...sound, ...changes })) as object;
    expect(() => Odd.read(1, data)).toThrow('does not conform');
    expect(accepts(data)).toBe(false);
  },
);
