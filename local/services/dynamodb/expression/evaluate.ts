/** Whether an item meets a condition. */
import {
  attributeOf,
  equal,
  isOrdered,
  latin1,
  members,
  sortable,
  typeOf,
  type AttributeValue,
  type Item,
} from '../value.ts';
import { checkCondition } from './operands.ts';
import { checkDefined, resolved, valueAt, type Scope } from './scope.ts';
import type { Condition, Comparator, Operand } from './condition.ts';
import type { FunctionCall, Parsed } from './syntax.ts';

/** Throws ValidationException if the request's names and values do not suit the condition; else a test for items. */
export function test({ tree, ...expression }: Parsed<Condition>, scope: Scope): (item: Item) => boolean {
  checkDefined(expression, scope);
  checkCondition(tree, expression.parameter, scope);
  return (item) => meets(tree, item, scope);
}

function meets(condition: Condition, item: Item, scope: Scope): boolean {
  switch (condition.kind) {
    case 'and':
      return meets(condition.left, item, scope) && meets(condition.right, item, scope);
    case 'or':
      return meets(condition.left, item, scope) || meets(condition.right, item, scope);
    case 'not':
      return !meets(condition.condition, item, scope);
    case 'compare':
      return compares(condition.operator, of(condition.left, item, scope), of(condition.right, item, scope));
    case 'between': {
      const value = of(condition.operand, item, scope);
      return (
        compares('>=', value, of(condition.low, item, scope)) &&
        compares('<=', value, of(condition.high, item, scope))
      );
    }
    case 'in': {
      const value = of(condition.operand, item, scope);
      return condition.among.some((operand) => compares('=', value, of(operand, item, scope)));
    }
    case 'call':
      return holds(condition, item, scope);
  }
}

/** Values of different types are unequal and have no order; nothing is unequal to everything, itself too. */
export function compares(
  operator: Comparator,
  a: AttributeValue | undefined,
  b: AttributeValue | undefined,
): boolean {
  if (operator === '<>') return !compares('=', a, b);
  if (!a || !b) return false;
  if (operator === '=') return equal(a, b);
  if (!isOrdered(a) || typeOf(a) !== typeOf(b)) return false;
  const [first, second] = [sortable(a), sortable(b)];
  if (operator === '<') return first < second;
  if (operator === '<=') return first <= second;
  if (operator === '>') return first > second;
  return first >= second;
}

function of(operand: Operand, item: Item, scope: Scope): AttributeValue | undefined {
  if (operand.kind === 'value') return scope.values[operand.name];
  if (operand.kind === 'call') return size(of(operand.arguments[0]!, item, scope));
  const { parts } = operand;
  const name = parts[0] as string;
  if (parts.length === 1) return attributeOf(item, name.startsWith('#') ? scope.names[name]! : name);
  return valueAt(item, resolved(operand, scope));
}

function holds(
  { name, arguments: [first, second] }: FunctionCall<Operand>,
  item: Item,
  scope: Scope,
): boolean {
  const value = of(first!, item, scope);
  if (name === 'attribute_exists') return value !== undefined;
  if (name === 'attribute_not_exists') return value === undefined;
  const other = of(second!, item, scope);
  if (!value || !other) return false;
  if (name === 'attribute_type') return typeOf(value) === other.S;
  return name === 'begins_with' ? beginsWith(value, other) : contains(value, other);
}

export function beginsWith(value: AttributeValue, start: AttributeValue): boolean {
  if (value.S !== undefined && start.S !== undefined) return value.S.startsWith(start.S);
  return value.B !== undefined && start.B !== undefined && latin1(value.B).startsWith(latin1(start.B));
}

function contains(value: AttributeValue, part: AttributeValue): boolean {
  if (value.L) return value.L.some((it) => equal(it, part));
  if (value.S !== undefined) return part.S !== undefined && value.S.includes(part.S);
  if (value.B !== undefined) return part.B !== undefined && latin1(value.B).includes(latin1(part.B));
  const type = typeOf(value);
  if (type !== `${typeOf(part)}S`) return false;
  return members(value)!.includes(part.S ?? part.N ?? latin1(part.B!));
}

/** Characters, bytes or members; numbers, booleans and null have no size. */
function size(value: AttributeValue | undefined): AttributeValue | undefined {
  if (!value) return undefined;
  const sized =
    value.S?.length ??
    value.B?.byteLength ??
    value.L?.length ??
    (value.M ? Object.keys(value.M).length : members(value)?.length);
  return sized === undefined ? undefined : { N: String(sized) };
}
