/** Whether the operands of a condition are of types that its operators take: what can be told before any item is seen. */
import { invalid } from '../errors.ts';
import { typeOf, sortable, type AttributeValue, type Type } from '../value.ts';
import { resolved, shown, type Scope } from './scope.ts';
import { FUNCTIONS, type Condition, type Operand } from './condition.ts';
import type { FunctionCall } from './syntax.ts';

/** Throws ValidationException. */
export function checkCondition(condition: Condition, parameter: string, scope: Scope): void {
  const check = (it: Condition): void => {
    switch (it.kind) {
      case 'and':
      case 'or':
        check(it.left);
        return check(it.right);
      case 'not':
        return check(it.condition);
      case 'compare':
        distinct(it.operator, it.left, [it.right], scope);
        if (it.operator === '=' || it.operator === '<>') return;
        return [it.left, it.right].forEach((operand) => ofType(ORDERED, it.operator, operand, scope));
      case 'between':
        return between(it.operand, it.low, it.high, scope);
      case 'in':
        return distinct('IN', it.operand, it.among, scope);
      case 'call':
        return functionCall(it, scope);
    }
  };
  try {
    check(condition);
  } catch (error) {
    throw invalid(`Invalid ${parameter}: ${(error as Error).message}`);
  }
}

const ORDERED: Type[] = ['S', 'N', 'B'];
const TYPES: Type[] = ['B', 'NULL', 'SS', 'BOOL', 'L', 'BS', 'N', 'NS', 'S', 'M'];

function ofType(allowed: Type[], operator: string, operand: Operand, scope: Scope): void {
  const type = typeKnown(operand, scope);
  if (type !== undefined && !allowed.includes(type)) throw wrongType(operator, type);
}

const wrongType = (operator: string, type: string): Error =>
  new Error(
    `Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${type}`,
  );

/** The type of an operand that does not depend on the item. */
function typeKnown(operand: Operand, scope: Scope): Type | undefined {
  if (operand.kind === 'value') return typeOf(scope.values[operand.name]!);
  return operand.kind === 'call' ? 'N' : undefined;
}

function distinct(operator: string, first: Operand, others: Operand[], scope: Scope): void {
  if (first.kind !== 'path') return;
  const text = shown(resolved(first, scope));
  if (others.some((other) => other.kind === 'path' && shown(resolved(other, scope)) === text))
    throw new Error(
      `The first operand must be distinct from the remaining operands for this operator or function; operator: ${operator}, first operand: ${text}`,
    );
}

function between(operand: Operand, low: Operand, high: Operand, scope: Scope): void {
  distinct('BETWEEN', operand, [low, high], scope);
  for (const it of [operand, low, high]) ofType(ORDERED, 'BETWEEN', it, scope);
  if (low.kind !== 'value' || high.kind !== 'value') return;
  const [lower, upper] = [scope.values[low.name]!, scope.values[high.name]!];
  const bounds = `lower bound operand: AttributeValue: ${brief(lower)}, upper bound operand: AttributeValue: ${brief(upper)}`;
  if (typeOf(lower) !== typeOf(upper))
    throw new Error(`The BETWEEN operator requires same data type for lower and upper bounds; ${bounds}`);
  if (sortable(lower) > sortable(upper))
    throw new Error(
      `The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ${bounds}`,
    );
}

const brief = (value: AttributeValue): string =>
  `{${typeOf(value)}:${value.S ?? value.N ?? Buffer.from(value.B!).toString('base64')}}`;

function functionCall({ name, arguments: operands }: FunctionCall<Operand>, scope: Scope): void {
  if (operands.length !== FUNCTIONS[name])
    throw new Error(
      `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${operands.length}`,
    );
  for (const operand of operands) if (operand.kind === 'call') functionCall(operand, scope);
  const [first, second] = operands;
  if (second) distinct(name, first!, [second], scope);
  if (name === 'begins_with') operands.forEach((operand) => ofType(['S', 'B'], name, operand, scope));
  if (name === 'size') ofType(['S', 'B', 'SS', 'NS', 'BS', 'L', 'M'], name, first!, scope);
  if (name === 'attribute_type') attributeType(second!, scope);
  if ((name === 'attribute_exists' || name === 'attribute_not_exists') && first!.kind !== 'path')
    throw new Error(`Operator or function requires a document path; operator or function: ${name}`);
}

function attributeType(operand: Operand, scope: Scope): void {
  if (operand.kind !== 'value') throw wrongType('attribute_type', `{${TYPES.join(',')}}`);
  const value = scope.values[operand.name]!;
  if (value.S === undefined) throw wrongType('attribute_type', typeOf(value));
  if (!TYPES.includes(value.S as Type))
    throw new Error(`Invalid attribute type name found; type: ${value.S}, valid types: {${TYPES.join(',')}}`);
}
