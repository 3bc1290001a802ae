/** Random values and expressions over a few names: attributes `a`, `b`, `c`, `#n` and values `:v0` to `:v2`. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import * as fc from 'fast-check';

export const oneOf = <Value>(...values: readonly Value[]) => fc.constantFrom(...values);
const bytes = oneOf([], [1], [1, 2], [255]).map((it) => Uint8Array.from(it));
export const number = oneOf(
  '0',
  '1',
  '2',
  '-1',
  '1.5',
  '-1.50',
  '100',
  '1e2',
  '12345678901234567890.5',
  '0.001',
  '1e-10',
);
export const string = oneOf('a', 'ab', 'b', 'B', '', 'é', '\u{10000}', '\uffff', '10', '9');
const distinct = <Value>(of: fc.Arbitrary<Value>) =>
  fc.uniqueArray(of, { minLength: 1, maxLength: 3, selector: (it) => String(Number(it) || it) });

const scalar: fc.Arbitrary<AttributeValue> = fc.oneof(
  string.map((S) => ({ S })),
  number.map((N) => ({ N })),
  bytes.map((B) => ({ B })),
  fc.boolean().map((BOOL) => ({ BOOL })),
  fc.constant({ NULL: true }),
);
const set: fc.Arbitrary<AttributeValue> = fc.oneof(
  distinct(string).map((SS) => ({ SS })),
  distinct(number).map((NS) => ({ NS })),
  distinct(bytes).map((BS) => ({ BS })),
);
const flat = fc.oneof({ weight: 3, arbitrary: scalar }, { weight: 1, arbitrary: set });
const nested = (inner: fc.Arbitrary<AttributeValue>): fc.Arbitrary<AttributeValue> =>
  fc.oneof(
    fc.array(inner, { maxLength: 3 }).map((L) => ({ L })),
    fc.dictionary(oneOf('a', 'b'), inner, { maxKeys: 2 }).map((M) => ({ M })),
  );
export const value = fc.oneof(
  { weight: 5, arbitrary: flat },
  { weight: 2, arbitrary: nested(flat) },
  { weight: 1, arbitrary: nested(nested(flat)) },
);

/** Text of an expression that may name `:v0`…`:v2` and `#n`. */
export const path = fc.oneof(
  { weight: 4, arbitrary: oneOf('a', 'b', 'c', '#n') },
  { weight: 2, arbitrary: oneOf('a.b', 'a.a', 'b[0]', 'a[1]', 'b.a[0]', '#n.b', 'a[0][0]', 'pk', 'g') },
);
const placeholder = oneOf(':v0', ':v1', ':v2');
const operand = fc.oneof(
  path,
  placeholder,
  path.map((it) => `size(${it})`),
);
const comparison = fc.oneof(
  fc.tuple(operand, oneOf('=', '<>', '<', '<=', '>', '>='), operand).map(([a, o, b]) => `${a} ${o} ${b}`),
  fc.tuple(operand, operand, operand).map(([a, b, c]) => `${a} BETWEEN ${b} AND ${c}`),
  fc
    .tuple(operand, fc.array(operand, { minLength: 1, maxLength: 3 }))
    .map(([a, list]) => `${a} IN (${list.join(', ')})`),
  path.map((it) => `attribute_exists(${it})`),
  path.map((it) => `attribute_not_exists(${it})`),
  fc.tuple(path, placeholder).map(([a, v]) => `attribute_type(${a}, ${v})`),
  fc.tuple(operand, operand).map(([a, b]) => `begins_with(${a}, ${b})`),
  fc.tuple(path, operand).map(([a, b]) => `contains(${a}, ${b})`),
);
export const condition: fc.Arbitrary<string> = fc.letrec<{ c: string }>((tie) => ({
  c: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    comparison,
    fc.tuple(tie('c'), oneOf('AND', 'OR'), tie('c')).map(([a, o, b]) => `${a} ${o} ${b}`),
    tie('c').map((c) => `NOT ${c}`),
    tie('c').map((c) => `(${c})`),
  ),
})).c;

const target = fc.oneof(
  { weight: 5, arbitrary: oneOf('a', 'b', 'c', '#n') },
  { weight: 3, arbitrary: oneOf('a.b', 'b[0]', 'a[1]', 'b.a[0]', 'a[5]', 'b[3]') },
  { weight: 1, arbitrary: oneOf('g', 'l', 'pk') },
);
const updateOperand = fc.oneof(
  path,
  placeholder,
  fc.tuple(path, fc.oneof(path, placeholder)).map(([a, b]) => `if_not_exists(${a}, ${b})`),
  fc.tuple(fc.oneof(path, placeholder), placeholder).map(([a, b]) => `list_append(${a}, ${b})`),
  fc.tuple(path, path, placeholder).map(([a, b, v]) => `if_not_exists(${a}, if_not_exists(${b}, ${v}))`),
  fc.tuple(path, placeholder, placeholder).map(([a, v, w]) => `list_append(if_not_exists(${a}, ${v}), ${w})`),
  fc.tuple(path, path, placeholder).map(([a, b, v]) => `if_not_exists(${a}, list_append(${b}, ${v}))`),
);
const assigned = fc.oneof(
  { weight: 2, arbitrary: updateOperand },
  { weight: 1, arbitrary: fc.tuple(updateOperand, oneOf('+', '-'), updateOperand).map((it) => it.join(' ')) },
);
const several = (action: fc.Arbitrary<string>) =>
  fc.array(action, { minLength: 1, maxLength: 3 }).map((all) => all.join(', '));
const section = fc.oneof(
  {
    weight: 4,
    arbitrary: several(fc.tuple(target, assigned).map(([t, v]) => `${t} = ${v}`)).map((it) => `SET ${it}`),
  },
  { weight: 2, arbitrary: several(target).map((it) => `REMOVE ${it}`) },
  {
    weight: 2,
    arbitrary: several(fc.tuple(target, placeholder).map((it) => it.join(' '))).map((it) => `ADD ${it}`),
  },
  {
    weight: 1,
    arbitrary: several(fc.tuple(target, placeholder).map((it) => it.join(' '))).map((it) => `DELETE ${it}`),
  },
);
export const updateText = fc.array(section, { minLength: 1, maxLength: 2 }).map((all) => all.join(' '));
