import * as DDB from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { withTable } from './fixture.ts';

const Key = { pk: { S: 'a' } };
const N = (n: number | string) => ({ N: String(n) });

/** A table with one item, and what an update or a condition does to it. */
async function withItem(item: Record<string, DDB.AttributeValue> = {}) {
  const { db } = await withTable();
  await db.send(new DDB.PutItemCommand({ TableName: 'orders', Item: { ...Key, ...item } }));
  return {
    update: async (
      UpdateExpression: string,
      ExpressionAttributeValues?: Record<string, DDB.AttributeValue>,
      more: Partial<DDB.UpdateItemCommandInput> = {},
    ) => {
      const { Attributes } = await db.send(
        new DDB.UpdateItemCommand({
          TableName: 'orders',
          Key,
          UpdateExpression,
          ReturnValues: 'ALL_NEW',
          ...(ExpressionAttributeValues ? { ExpressionAttributeValues } : {}),
          ...more,
        }),
      );
      const { pk: _, ...rest } = Attributes ?? {};
      return rest;
    },
    meets: async (
      FilterExpression: string,
      ExpressionAttributeValues?: Record<string, DDB.AttributeValue>,
      more: Partial<DDB.ScanCommandInput> = {},
    ) => {
      const { Count } = await db.send(
        new DDB.ScanCommand({
          TableName: 'orders',
          FilterExpression,
          ...(ExpressionAttributeValues ? { ExpressionAttributeValues } : {}),
          ...more,
        }),
      );
      return Count === 1;
    },
    project: async (ProjectionExpression: string) =>
      (await db.send(new DDB.GetItemCommand({ TableName: 'orders', Key, ProjectionExpression }))).Item,
  };
}

const ITEM = {
  s: { S: 'abc' },
  n: N(5),
  b: { B: Uint8Array.of(1, 2, 3) },
  t: { BOOL: true },
  ss: { SS: ['x', 'y'] },
  l: { L: [N(1), { M: { k: { S: 'v' } } }] },
  m: { M: { in: N(7) } },
};

describe('a condition', () => {
  test.each<[string, Record<string, DDB.AttributeValue> | undefined, boolean]>([
    ['n = :v', { ':v': N('5.0') }, true],
    ['n < :v', { ':v': N(10) }, true],
    ['n < :v', { ':v': { S: '10' } }, false],
    ['s > :v', { ':v': { S: 'ABC' } }, true],
    ['s <> :v', { ':v': N(1) }, true],
    ['nope <> :v', { ':v': N(1) }, true],
    ['n BETWEEN :v AND :w', { ':v': N(5), ':w': N(6) }, true],
    ['n IN (:v, :w)', { ':v': N(1), ':w': N(5) }, true],
    ['attribute_exists(m.#in)', undefined, true],
    ['attribute_not_exists(m.nope)', undefined, true],
    ['attribute_exists(toString)', undefined, false],
    ['attribute_type(b, :v)', { ':v': { S: 'B' } }, true],
    ['begins_with(s, :v)', { ':v': { S: 'ab' } }, true],
    ['begins_with(b, :v)', { ':v': { B: Uint8Array.of(1) } }, true],
    ['contains(s, :v)', { ':v': { S: 'bc' } }, true],
    ['contains(ss, :v)', { ':v': { S: 'y' } }, true],
    ['contains(l, :v)', { ':v': { M: { k: { S: 'v' } } } }, true],
    ['contains(ss, :v)', { ':v': N(1) }, false],
    ['size(s) = :v AND size(l) = size(ss)', { ':v': N(3) }, true],
    ['l[1].k = :v', { ':v': { S: 'v' } }, true],
    ['n = :v OR n = :w AND t = :w', { ':v': N(5), ':w': N(0) }, true],
    ['(n = :v OR n = :w) AND t = :w', { ':v': N(5), ':w': N(0) }, false],
    ['NOT n = :v AND NOT attribute_exists(nope)', { ':v': N(6) }, true],
  ])('%s', async (expression, values, expected) => {
    const { meets } = await withItem(ITEM);
    const more = expression.includes('#in') ? { ExpressionAttributeNames: { '#in': 'in' } } : {};
    expect(await meets(expression, values, more)).toBe(expected);
  });

  test.each<[string, string, Record<string, DDB.AttributeValue>?]>([
    ['', 'The expression can not be empty;'],
    ['a', 'Syntax error; token: "<EOF>", near: "a"'],
    ['a = b c', 'Syntax error; token: "c", near: "b c"'],
    ['a == b', 'Syntax error; token: "=", near: "== b"'],
    ['a != b', 'Syntax error; token: "!", near: "a !="'],
    ['(a = b', 'Syntax error; token: "<EOF>", near: "b"'],
    ['a AND b', 'Syntax error; token: "AND", near: "a AND b"'],
    ['a[-1] = b', 'Syntax error; token: "-", near: "[-1"'],
    ['((a = b))', 'The expression has redundant parentheses;'],
    ['name = b', 'Attribute name is a reserved keyword; reserved keyword: name'],
    ['exists(a)', 'Invalid function name; function: exists'],
    ['size(a)', 'The function is not allowed to be used this way in an expression; function: size'],
    [
      'attribute_exists(a) = b',
      'The function is not allowed to be used this way in an expression; function: attribute_exists',
    ],
    [
      'attribute_exists(a, b)',
      'Incorrect number of operands for operator or function; operator or function: attribute_exists, number of operands: 2',
    ],
    ['#a = b', 'An expression attribute name used in the document path is not defined; attribute name: #a'],
    ['a = :b', 'An expression attribute value used in expression is not defined; attribute value: :b'],
    [
      'a = a',
      'The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [a]',
    ],
    [
      'a < :v',
      'Incorrect operand type for operator or function; operator or function: <, operand type: BOOL',
      { ':v': { BOOL: true } },
    ],
    [
      'a BETWEEN :v AND :w',
      'The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}',
      { ':v': N(2), ':w': N(1) },
    ],
  ])('%j is refused in the words of AWS', async (expression, message, values) => {
    const { meets } = await withItem();
    await expect(meets(expression, values)).rejects.toMatchObject({
      name: 'ValidationException',
      message: `Invalid FilterExpression: ${message}`,
    });
  });
});

describe('names and values', () => {
  const refusal = (message: string) => ({ name: 'ValidationException', message });

  test('that no expression uses are refused', async () => {
    const { meets } = await withItem();
    await expect(meets('a = :v', { ':v': N(1), ':w': N(1) })).rejects.toMatchObject(
      refusal('Value provided in ExpressionAttributeValues unused in expressions: keys: {:w}'),
    );
    await expect(
      meets('a = :v', { ':v': N(1) }, { ExpressionAttributeNames: { '#n': 'n' } }),
    ).rejects.toMatchObject(
      refusal('Value provided in ExpressionAttributeNames unused in expressions: keys: {#n}'),
    );
  });

  test.each<[Record<string, DDB.AttributeValue>, string]>([
    [{}, 'ExpressionAttributeValues must not be empty'],
    [{ v: N(1) }, 'ExpressionAttributeValues contains invalid key: Syntax error; key: "v"'],
    [
      { ':v': N('x') },
      'ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a numeric value: x for key :v',
    ],
    [
      { ':v': { SS: [] } },
      'ExpressionAttributeValues contains invalid value: One or more parameter values were invalid: An string set  may not be empty for key :v',
    ],
  ])('%j are refused', async (values, message) => {
    const { meets } = await withItem();
    await expect(meets('a = :v', values)).rejects.toMatchObject(refusal(message));
  });
});

describe('an update', () => {
  test.each<[string, Record<string, DDB.AttributeValue>, Record<string, DDB.AttributeValue>?]>([
    ['SET n = n + :v', { n: N('5.1') }, { ':v': N('0.1') }],
    ['SET n = :v - n', { n: N(-4) }, { ':v': N(1) }],
    ['SET a = n, n = :v', { a: N(5), n: N(1) }, { ':v': N(1) }],
    ['SET a = if_not_exists(a, :v), n = if_not_exists(n, :v)', { a: N(1), n: N(5) }, { ':v': N(1) }],
    ['SET l = list_append(l, :v)', { l: { L: [N(1), N(2), N(3), N(9)] } }, { ':v': { L: [N(9)] } }],
    ['SET l[9] = :v, l[0] = :v', { l: { L: [N(9), N(2), N(3), N(9)] } }, { ':v': N(9) }],
    ['REMOVE l[0], l[1], gone', { l: { L: [N(3)] } }],
    ['SET m.b = :v REMOVE m.a', { m: { M: { b: N(9) } } }, { ':v': N(9) }],
    ['ADD n :v, fresh :v', { n: N(6), fresh: N(1) }, { ':v': N(1) }],
    ['ADD st :v', { st: { SS: ['x', 'y', 'z'] } }, { ':v': { SS: ['y', 'z'] } }],
    ['DELETE st :v', { st: { SS: ['y'] } }, { ':v': { SS: ['x'] } }],
    ['set n = :v remove l, m, st', { n: N(1) }, { ':v': N(1) }],
  ])('%s', async (expression, expected, values) => {
    const before = { n: N(5), l: { L: [N(1), N(2), N(3)] }, m: { M: { a: N(1) } }, st: { SS: ['x', 'y'] } };
    const { update } = await withItem(before);
    expect(await update(expression, values)).toMatchObject(expected);
  });

  test('a set that loses its last member is gone', async () => {
    const { update } = await withItem({ st: { SS: ['x'] } });
    expect(await update('DELETE st :v', { ':v': { SS: ['x', 'y'] } })).toEqual({});
  });

  test.each<[string, string, Record<string, DDB.AttributeValue>?]>([
    ['SET a', 'Invalid UpdateExpression: Syntax error; token: "<EOF>", near: "a"'],
    [
      'SET a = b SET c = d',
      'Invalid UpdateExpression: The "SET" section can only be used once in an update expression;',
    ],
    [
      'SET a.b = c, a = d',
      'Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a, b], path two: [a]',
    ],
    [
      'SET a[0] = b, a.b = c',
      'Invalid UpdateExpression: Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [a, [0]], path two: [a, b]',
    ],
    [
      'SET a = size(b)',
      'Invalid UpdateExpression: The function is not allowed in an update expression; function: size',
    ],
    [
      'SET a = list_append(list_append(:v, :v), :v)',
      'Invalid UpdateExpression: The function is not allowed to be used this way in an expression; function: list_append',
      { ':v': { L: [] } },
    ],
    [
      'ADD a :v',
      'Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD, operand type: STRING, typeSet: ALLOWED_FOR_ADD_OPERAND',
      { ':v': { S: '' } },
    ],
    [
      'SET pk = :v',
      'One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key',
      { ':v': { S: 'b' } },
    ],
    ['SET a = nope', 'The provided expression refers to an attribute that does not exist in the item'],
    ['SET a.b = s', 'The document path provided in the update expression is invalid for update'],
    ['SET a = s + :v', 'An operand in the update expression has an incorrect data type', { ':v': N(1) }],
    ['ADD s :v', 'An operand in the update expression has an incorrect data type', { ':v': N(1) }],
  ])('%s is refused in the words of AWS', async (expression, message, values) => {
    const { update } = await withItem({ s: { S: 's' } });
    await expect(update(expression, values)).rejects.toMatchObject({ name: 'ValidationException', message });
  });

  test.each<[DDB.ReturnValue, object]>([
    ['UPDATED_OLD', { n: N(5) }],
    ['UPDATED_NEW', { n: N(6), a: N(1) }],
    ['ALL_OLD', { n: N(5), s: { S: 's' } }],
    ['NONE', {}],
  ])('gives back what ReturnValues %s asks for', async (ReturnValues, expected) => {
    const { update } = await withItem({ n: N(5), s: { S: 's' } });
    expect(await update('SET n = n + :v, a = :v', { ':v': N(1) }, { ReturnValues })).toEqual(expected);
  });
});

test('a projection keeps the structure and moves list elements up', async () => {
  const { project } = await withItem({
    l: { L: [N(0), N(1), { M: { x: N(2), y: N(3) } }] },
    m: { M: { x: N(4) } },
  });
  expect(await project('l[2].y, l[0], m.x, m.nope, nope')).toEqual({
    l: { L: [N(0), { M: { y: N(3) } }] },
    m: { M: { x: N(4) } },
  });
  await expect(project('l[0], l')).rejects.toMatchObject({
    message:
      'Invalid ProjectionExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [l, [0]], path two: [l]',
  });
});
