/** What an update expression makes of an item. */
import { invalid } from '../errors.ts';
import { add, subtract } from '../number.ts';
import { latin1, members, typeOf, type AttributeValue, type Item, type Type } from '../value.ts';
import { checkHolder, draftOf } from './draft.ts';
import { checkApart, type ResolvedPath } from './projection.ts';
import { checkDefined, resolved, shown, valueAt, type Scope } from './scope.ts';
import type { FunctionCall, Parsed } from './syntax.ts';
import type { Action, UpdateOperand } from './update.ts';

export interface Update {
  /** What it writes to. */
  paths: ResolvedPath[];
  /** What is known of the types of the values at these paths before any item is seen. */
  types: (Type | undefined)[];
  /** The item afterwards; `before` stays as it is. Throws ValidationException. */
  apply(before: Item): Item;
}

/** Throws ValidationException if the request's names and values do not suit the expression. */
export function update({ tree, ...expression }: Parsed<Action[]>, scope: Scope): Update {
  checkDefined(expression, scope);
  const paths = tree.map((action) => resolved(action.path, scope));
  checkApart(paths, expression.parameter);
  for (const action of tree) checkOperands(action, scope);
  return {
    paths,
    types: tree.map((action) => (action.kind === 'REMOVE' ? undefined : typeKnown(action.value, scope))),
    apply(before) {
      // every value is that of the item before: `SET a = b, b = a` swaps
      const values = tree.map((action, i) => {
        checkHolder(before, paths[i]!);
        return newValue(action, before, scope);
      });
      const draft = draftOf(before);
      paths.forEach((path, i) => {
        const value = values[i];
        if (value) draft.set(path, value);
        else draft.remove(path);
      });
      return draft.done();
    },
  };
}

const wrongType = () => invalid('An operand in the update expression has an incorrect data type');

/** What an action puts at its path; nothing where it removes. */
function newValue(action: Action, item: Item, scope: Scope): AttributeValue | undefined {
  if (action.kind === 'SET') return of(action.value, item, scope);
  if (action.kind === 'REMOVE') return undefined;
  const before = valueAt(item, resolved(action.path, scope));
  const value = scope.values[action.value.name]!;
  if (before && typeOf(before) !== typeOf(value)) throw wrongType();
  if (action.kind === 'DELETE') return before && without(before, value);
  if (value.N !== undefined) return { N: add(before?.N ?? '0', value.N) };
  return before ? union(before, value) : value;
}

function of(operand: UpdateOperand, item: Item, scope: Scope): AttributeValue {
  if (operand.kind === 'value') return scope.values[operand.name]!;
  if (operand.kind === 'call') return called(operand, item, scope);
  if (operand.kind === 'sum') {
    const left = of(operand.left, item, scope).N;
    const right = of(operand.right, item, scope).N;
    if (left === undefined || right === undefined) throw wrongType();
    return { N: operand.operator === '+' ? add(left, right) : subtract(left, right) };
  }
  const value = valueAt(item, resolved(operand, scope));
  if (!value) throw invalid('The provided expression refers to an attribute that does not exist in the item');
  return value;
}

function called(
  { name, arguments: [first, second] }: FunctionCall<UpdateOperand>,
  item: Item,
  scope: Scope,
): AttributeValue {
  if (name === 'if_not_exists' && first?.kind === 'path')
    return valueAt(item, resolved(first, scope)) ?? of(second!, item, scope);
  const [one, two] = [of(first!, item, scope).L, of(second!, item, scope).L];
  if (!one || !two) throw wrongType();
  return { L: [...one, ...two] };
}

function union(a: AttributeValue, b: AttributeValue): AttributeValue {
  const had = new Set(members(a));
  if (a.BS) return { BS: [...a.BS, ...b.BS!.filter((bytes) => !had.has(latin1(bytes)))] };
  const all = [...had, ...members(b)!.filter((member) => !had.has(member))];
  return a.SS ? { SS: all } : { NS: all };
}

/** A set that loses its last member goes as a whole. */
function without(a: AttributeValue, b: AttributeValue): AttributeValue | undefined {
  const gone = new Set(members(b));
  const left = (a.BS ?? a.SS ?? a.NS)!.filter((it) => !gone.has(typeof it === 'string' ? it : latin1(it)));
  return left.length > 0 ? ({ [typeOf(a)]: left } as unknown as AttributeValue) : undefined;
}

/** What can be told before the item is seen. */
function checkOperands(action: Action, scope: Scope): void {
  if (action.kind === 'SET') return checkOperand(action.value, scope);
  if (action.kind === 'REMOVE') return;
  const type = typeOf(scope.values[action.value.name]!);
  if (!(action.kind === 'ADD' ? ADDABLE : SETS).includes(type))
    throw invalid(
      `Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ${action.kind}, operand type: ${TYPE_NAMES[type]}, typeSet: ALLOWED_FOR_${action.kind}_OPERAND`,
    );
}

const SETS: Type[] = ['SS', 'NS', 'BS'];
const ADDABLE: Type[] = ['N', ...SETS];
const TYPE_NAMES: Partial<Record<Type, string>> = {
  S: 'STRING',
  N: 'NUMBER',
  B: 'BINARY',
  NULL: 'NULL',
  BOOL: 'BOOLEAN',
  L: 'LIST',
  M: 'MAP',
};

const fault = (text: string) => invalid(`Invalid UpdateExpression: ${text}`);

function checkOperand(operand: UpdateOperand, scope: Scope): void {
  const takes = (type: Type, operator: string, operands: UpdateOperand[]) => {
    for (const it of operands) {
      const actual = typeKnown(it, scope);
      if (actual !== undefined && actual !== type)
        throw fault(
          `Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${actual}`,
        );
    }
  };
  if (operand.kind === 'sum') {
    for (const it of [operand.left, operand.right]) checkOperand(it, scope);
    takes('N', operand.operator, [operand.left, operand.right]);
  }
  if (operand.kind !== 'call') return;
  const { name, arguments: operands } = operand;
  for (const it of operands) checkOperand(it, scope);
  if (operands.length !== 2)
    throw fault(
      `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${operands.length}`,
    );
  if (name === 'list_append') takes('L', name, operands);
  else if (operands[0]!.kind !== 'path')
    throw fault(`Operator or function requires a document path; operator or function: ${name}`);
  else distinctPaths(name, operands, scope);
}

function distinctPaths(name: string, [first, second]: UpdateOperand[], scope: Scope): void {
  if (first?.kind !== 'path' || second?.kind !== 'path') return;
  const text = shown(resolved(first, scope));
  if (text === shown(resolved(second, scope)))
    throw fault(
      `The first operand must be distinct from the remaining operands for this operator or function; operator: ${name}, first operand: ${text}`,
    );
}

/** The type of an operand that does not depend on the item. */
function typeKnown(operand: UpdateOperand, scope: Scope): Type | undefined {
  if (operand.kind === 'value') return typeOf(scope.values[operand.name]!);
  if (operand.kind === 'sum') return 'N';
  return operand.kind === 'call' && operand.name === 'list_append' ? 'L' : undefined;
}
