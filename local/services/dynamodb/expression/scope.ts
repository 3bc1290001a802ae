/** The names and values that a request lends its expressions. */
import { checked } from '../check.ts';
import { invalid } from '../errors.ts';
import { attributeOf, type AttributeValue, type Item } from '../value.ts';
import type { Parsed, Path } from './syntax.ts';

export interface Scope {
  names: Record<string, string>;
  values: Record<string, AttributeValue>;
}

export interface Placeholders {
  ExpressionAttributeNames?: Record<string, string> | undefined;
  ExpressionAttributeValues?: Record<string, AttributeValue> | undefined;
}

/**
 * Checks the names and values themselves, before any expression is read. `parameters` are the request's expressions by
 * name, undefined where not given. Throws ValidationException.
 */
export function scopeOf(
  { ExpressionAttributeNames: names, ExpressionAttributeValues: values }: Placeholders,
  parameters: Record<string, string | undefined>,
): Scope {
  if (names) checkNames(names, parameters);
  return { names: names ?? NONE, values: values ? checkedValues(values, parameters) : NONE };
}

const NONE = {};

function checkNames(names: Record<string, string>, parameters: Record<string, string | undefined>): void {
  if (Object.values(parameters).every((text) => text === undefined))
    throw invalid('ExpressionAttributeNames can only be specified when using expressions');
  const keys = Object.keys(names);
  if (keys.length === 0) throw invalid('ExpressionAttributeNames must not be empty');
  for (const key of keys)
    if (!/^#[0-9a-zA-Z_]+$/.test(key))
      throw invalid(`ExpressionAttributeNames contains invalid key: Syntax error; key: "${key}"`);
}

function checkedValues(
  values: Record<string, AttributeValue>,
  parameters: Record<string, string | undefined>,
): Record<string, AttributeValue> {
  const takeValues = Object.keys(parameters).filter((parameter) => parameter !== 'ProjectionExpression');
  if (takeValues.every((parameter) => parameters[parameter] === undefined))
    throw invalid(
      `ExpressionAttributeValues can only be specified when using expressions: ${takeValues.join(' and ')} ${takeValues.length > 1 ? 'are' : 'is'} null`,
    );
  const keys = Object.keys(values);
  if (keys.length === 0) throw invalid('ExpressionAttributeValues must not be empty');
  for (const key of keys)
    if (!/^:[0-9a-zA-Z_]+$/.test(key))
      throw invalid(`ExpressionAttributeValues contains invalid key: Syntax error; key: "${key}"`);
  return Object.fromEntries(
    keys.map((key) => {
      try {
        return [key, checked(values[key]!)];
      } catch (error) {
        throw invalid(
          `ExpressionAttributeValues contains invalid value: ${(error as Error).message} for key ${key}`,
        );
      }
    }),
  );
}

/** Throws ValidationException if the expression uses a name or a value that the request does not define. */
export function checkDefined(
  { parameter, names, values }: Omit<Parsed<unknown>, 'tree'>,
  scope: Scope,
): void {
  for (const name of names)
    if (!Object.hasOwn(scope.names, name))
      throw invalid(
        `Invalid ${parameter}: An expression attribute name used in the document path is not defined; attribute name: ${name}`,
      );
  for (const value of values)
    if (!Object.hasOwn(scope.values, value))
      throw invalid(
        `Invalid ${parameter}: An expression attribute value used in expression is not defined; attribute value: ${value}`,
      );
}

/** Throws ValidationException if the request defines a name or a value that no expression uses. */
export function checkUsed(scope: Scope, expressions: (Parsed<unknown> | undefined)[]): void {
  const unused = (defined: object, kind: 'names' | 'values') =>
    Object.keys(defined).filter((key) => !expressions.some((expression) => expression?.[kind].includes(key)));
  const names = unused(scope.names, 'names');
  if (names.length > 0)
    throw invalid(
      `Value provided in ExpressionAttributeNames unused in expressions: keys: {${names.join(', ')}}`,
    );
  const values = unused(scope.values, 'values');
  if (values.length > 0)
    throw invalid(
      `Value provided in ExpressionAttributeValues unused in expressions: keys: {${values.join(', ')}}`,
    );
}

/** A path with its `#` names replaced. */
export const resolved = ({ parts }: Path, { names }: Scope): (string | number)[] =>
  parts.map((part) => (typeof part === 'string' && part.startsWith('#') ? names[part]! : part));

/** What an item has at a resolved path. */
export function valueAt(item: Item, parts: (string | number)[]): AttributeValue | undefined {
  let value = attributeOf(item, parts[0] as string);
  for (let i = 1; i < parts.length && value !== undefined; i++) {
    const part = parts[i]!;
    value = typeof part === 'number' ? value.L?.[part] : value.M && attributeOf(value.M, part);
  }
  return value;
}

/** As errors show a path: `[a, [0], b]`. */
export const shown = (parts: (string | number)[]): string =>
  `[${parts.map((part) => (typeof part === 'number' ? `[${part}]` : part)).join(', ')}]`;
