import { refusal } from '../errors.ts';
import type { JsonSchema } from './schema.ts';

/** What a rule matches, as EventBridge takes it. */
export interface EventPattern {
  source: string[];
  'detail-type'?: string[];
  detail?: Filter;
}

/** A pattern below `detail.data`: names, nested filters, lists of values and operators, `$or`. */
export type Filter = { [name: string]: unknown };

type IgnoringCase = { 'equals-ignore-case': string };
type Prefix = { prefix: string | IgnoringCase };
type Suffix = { suffix: string | IgnoringCase };
type Wildcard = { wildcard: string };
type Cidr = { cidr: string };
type Exists = { exists: boolean };
type Numeric = { numeric: (string | number)[] };
type AnythingBut<T> = { 'anything-but': T };
type TextOperator =
  | Prefix
  | Suffix
  | IgnoringCase
  | Wildcard
  | Cidr
  | AnythingBut<string | string[] | TextExclusion>;
type TextExclusion = { [K in 'prefix' | 'suffix' | 'wildcard' | 'equals-ignore-case']?: string | string[] };

/** What may stand for a field of type `T`. */
type Match<T> = T extends string
  ? string | TextOperator
  : T extends number
    ? number | Numeric | AnythingBut<number | number[]>
    : T;

type Field<T> = T extends readonly (infer Item)[]
  ? Field<NonNullable<Item>>
  : T extends object
    ? Where<T>
    : Match<T> | Exists | null | readonly (Match<T> | Exists | null)[];

/** Conditions on the fields of `T`: all must hold; of a list, one; of `$or`, one. An event's array matches by any element. */
export type Where<T> = { readonly [Name in keyof T]?: Field<NonNullable<T[Name]>> } & {
  readonly $or?: readonly Where<T>[];
};

export const prefix = <Value extends string | IgnoringCase>(value: Value): { prefix: Value } => ({
  prefix: value,
});
export const suffix = <Value extends string | IgnoringCase>(value: Value): { suffix: Value } => ({
  suffix: value,
});
export const equalsIgnoreCase = (value: string): IgnoringCase => ({ 'equals-ignore-case': value });
/** A field that is there (`true`) or not (`false`). */
export const exists = (value: boolean): Exists => ({ exists: value });
/** An IPv4 or IPv6 range: `10.0.0.0/24`. */
export const cidr = (value: string): Cidr => ({ cidr: value });

/** `*` stands for any run of characters; `\*` for itself. */
export const wildcard = (value: string): Wildcard => {
  if (value.includes('**')) throw invalid(`wildcard "${value}" has consecutive *`);
  return { wildcard: value };
};

/** `numeric('>', 10)`, or a range with its lower bound first: `numeric('>=', 0, '<', 5)`. */
export function numeric(operator: '=' | '<' | '<=' | '>' | '>=', value: number): Numeric;
export function numeric(low: '>' | '>=', from: number, high: '<' | '<=', to: number): Numeric;
export function numeric(...parts: (string | number)[]): Numeric {
  for (const part of parts) if (typeof part === 'number') checkRoutable(part);
  if (parts.length === 4 && (parts[1] as number) >= (parts[3] as number))
    throw invalid(`numeric range ${parts.join(' ')} is empty`);
  return { numeric: parts };
}

/** Any present value but these: texts, numbers, or what `prefix`, `suffix`, `wildcard` or `equalsIgnoreCase` match. */
export function anythingBut(...values: string[]): AnythingBut<string[]>;
export function anythingBut(...values: number[]): AnythingBut<number[]>;
export function anythingBut(
  operator: { prefix: string } | { suffix: string } | Wildcard | IgnoringCase,
): AnythingBut<TextExclusion>;
export function anythingBut(...values: (string | number | object)[]): AnythingBut<never> {
  const [first] = values;
  if (first === undefined) throw invalid('anythingBut() excludes nothing');
  for (const value of values) if (typeof value === 'number') checkRoutable(value);
  return { 'anything-but': (typeof first === 'object' ? first : values) as never };
}

/** The filter as EventBridge takes it. Throws PATTERN_*, also for a number that the contract does not keep within bounds. */
export function filterOf(where: object, schema: JsonSchema): Filter {
  const names = Object.entries(where).filter(([, condition]) => condition !== undefined);
  if (names.length === 0) throw invalid('the filter is empty');
  return Object.fromEntries(
    names.map(([name, condition]) => [
      name,
      name === '$or' ? alternatives(condition, schema) : conditionOf(name, condition, schemaAt(schema, name)),
    ]),
  );
}

/** EventBridge compares numbers within ±5·10⁹. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html */
const ROUTABLE = 5_000_000_000;

function alternatives(condition: unknown, schema: JsonSchema): Filter[] {
  if (!Array.isArray(condition) || condition.length < 2) throw invalid('$or needs at least two alternatives');
  return condition.map((one: Filter) => filterOf(one, schema));
}

function conditionOf(name: string, condition: unknown, schema: JsonSchema | undefined): unknown {
  if (isNested(condition)) return filterOf(condition, itemOf(schema) ?? {});
  const values: unknown[] = Array.isArray(condition) ? condition : [condition];
  if (values.length === 0) throw invalid(`the list of ${name} is empty`);
  for (const value of values) {
    if (typeof value === 'number') checkRoutable(value);
    if (typeof value === 'number' || (typeof value === 'object' && value !== null && 'numeric' in value))
      checkBounds(name, itemOf(schema));
  }
  return values;
}

const OPERATORS = new Set([
  'prefix',
  'suffix',
  'equals-ignore-case',
  'wildcard',
  'cidr',
  'exists',
  'numeric',
  'anything-but',
]);

const isNested = (condition: unknown): condition is Filter =>
  typeof condition === 'object' &&
  condition !== null &&
  !Array.isArray(condition) &&
  !(Object.keys(condition).length === 1 && OPERATORS.has(Object.keys(condition)[0]!));

const schemaAt = (schema: JsonSchema, name: string) => schema.properties?.[name] as JsonSchema | undefined;

const itemOf = (schema: JsonSchema | undefined): JsonSchema | undefined =>
  schema?.type === 'array' ? itemOf(schema.items as JsonSchema) : schema;

function checkBounds(name: string, schema: JsonSchema | undefined): void {
  const low = Number(schema?.minimum ?? schema?.exclusiveMinimum ?? -Infinity);
  const high = Number(schema?.maximum ?? schema?.exclusiveMaximum ?? Infinity);
  if (low < -ROUTABLE || high > ROUTABLE)
    throw refusal(
      'PATTERN_UNBOUNDED',
      `${name} is routed by value, but its contract lets it leave ±${ROUTABLE}`,
      { path: name },
    );
}

function checkRoutable(value: number): void {
  if (!(Math.abs(value) <= ROUTABLE))
    throw refusal('PATTERN_NUMBER_OUT_OF_RANGE', `${value} cannot be compared by EventBridge`, {
      limit: ROUTABLE,
      actual: value,
    });
}

const invalid = (message: string) => refusal('PATTERN_INVALID', message);
