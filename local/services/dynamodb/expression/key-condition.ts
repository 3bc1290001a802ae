/** What a KeyConditionExpression selects: one partition, and a range of its sort keys. */
import { invalid, invalidParameter } from '../errors.ts';
import type { KeySchema } from '../table.ts';
import { emptyKind, sortable, typeOf, type AttributeValue } from '../value.ts';
import type { Condition, Operand } from './condition.ts';
import { checkCondition } from './operands.ts';
import { checkDefined, resolved, type Scope } from './scope.ts';
import type { Parsed } from './syntax.ts';

export interface Selection {
  /** The hash key as sortable text. */
  hash: string;
  /** @default all sort keys */
  range?: { operator: RangeOperator; values: string[] };
}

export type RangeOperator = '=' | '<' | '<=' | '>' | '>=' | 'BETWEEN' | 'begins_with';

/** Throws ValidationException where it is not of the form that the keys allow. */
export function selection(
  { tree, ...expression }: Parsed<Condition>,
  scope: Scope,
  schema: KeySchema,
): Selection {
  checkDefined(expression, scope);
  checkCondition(tree, expression.parameter, scope);
  const conditions = keyConditions(tree, scope);
  if (conditions.size > 2) throw invalid('Conditions can be of length 1 or 2 only');
  const { hash, range } = schema;
  if (!range && conditions.size > 1) throw invalid('Query key condition not supported');
  const onHash = conditions.get(hash.name);
  if (!onHash) throw invalid(`Query condition missed key schema element: ${hash.name}`);
  const onRange = range && conditions.get(range.name);
  if (range && !onRange && conditions.size > 1)
    throw invalid(`Query condition missed key schema element: ${range.name}`);
  checkValues(onHash.values, hash.name, hash.type);
  if (onHash.operator !== '=') throw invalid('Query key condition not supported');
  const selected = { hash: sortable(onHash.values[0]!) };
  if (!onRange) return selected;
  checkValues(onRange.values, range.name, range.type);
  return { ...selected, range: { operator: onRange.operator, values: onRange.values.map(sortable) } };
}

/** The value that the hash key `name` must have; none where the condition does not say. */
export function partitionKey({ tree }: Parsed<Condition>, scope: Scope, name: string): AttributeValue[] {
  return keyConditions(tree, scope).get(name)?.values.slice(0, 1) ?? [];
}

interface KeyCondition {
  operator: RangeOperator;
  values: AttributeValue[];
}

function checkValues(values: AttributeValue[], name: string, type: string): void {
  for (const value of values) {
    if (typeOf(value) !== type) throw invalidParameter('Condition parameter type does not match schema type');
    const kind = emptyKind(value);
    if (kind)
      throw invalid(
        `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${kind} value. Key: ${name}`,
      );
  }
}

/** The conditions by the attribute that each is about. */
function keyConditions(condition: Condition, scope: Scope): Map<string, KeyCondition> {
  const found = new Map<string, KeyCondition>();
  const visit = (it: Condition): void => {
    if (it.kind === 'and') {
      visit(it.left);
      return visit(it.right);
    }
    const [name, keyCondition] = keyConditionOf(it, scope);
    if (found.has(name)) throw invalid('KeyConditionExpressions must only contain one condition per key');
    found.set(name, keyCondition);
  };
  visit(condition);
  return found;
}

/** `:a < key` means `key > :a`. */
const MIRRORED = { '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

const unsupported = (operator: string) =>
  invalid(`Invalid operator used in KeyConditionExpression: ${operator}`);

function keyConditionOf(condition: Condition, scope: Scope): [string, KeyCondition] {
  switch (condition.kind) {
    case 'compare': {
      const { operator, left, right } = condition;
      if (operator === '<>') throw unsupported(operator);
      const keyFirst = left.kind === 'path';
      const operands = keyFirst ? [left, right] : [right, left];
      return onKey(keyFirst ? operator : MIRRORED[operator], operands, scope);
    }
    case 'between':
      firstIsKey('BETWEEN', condition.operand);
      return onKey('BETWEEN', [condition.operand, condition.low, condition.high], scope);
    case 'call':
      if (condition.name !== 'begins_with') throw unsupported(condition.name);
      firstIsKey('begins_with', condition.arguments[0]!);
      return onKey('begins_with', condition.arguments, scope);
    default:
      throw unsupported(condition.kind.toUpperCase());
  }
}

function firstIsKey(operator: string, { kind }: Operand): void {
  if (kind !== 'path')
    throw invalid(
      `Invalid condition in KeyConditionExpression: ${operator} operator must have the key attribute as its first operand`,
    );
}

function onKey(operator: RangeOperator, [key, ...others]: Operand[], scope: Scope): [string, KeyCondition] {
  if ([key!, ...others].some(({ kind }) => kind === 'call'))
    throw invalid('KeyConditionExpressions cannot contain nested operations');
  if (others.some(({ kind }) => kind === 'path'))
    throw invalid(
      'Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition',
    );
  if (key!.kind !== 'path')
    throw invalid('Invalid condition in KeyConditionExpression: No key attribute specified');
  const path = resolved(key!, scope);
  if (path.length > 1) throw invalid('KeyConditionExpressions cannot have conditions on nested attributes');
  const values = others.map((operand) => scope.values[(operand as { name: string }).name]!);
  return [path[0] as string, { operator, values }];
}
