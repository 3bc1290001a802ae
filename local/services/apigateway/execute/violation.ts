/**
 * What is wrong with a body, in the words of the JSON Schema validator behind API Gateway.
 * https://github.com/java-json-tools/json-schema-validator
 */
import type { ErrorObject } from 'ajv';

export function worded(errors: ErrorObject[]): string[] {
  const outer = errors.filter(({ schemaPath }) => !/\/(anyOf|oneOf|not)\//.test(schemaPath));
  const words = outer.map((error) => (WORDS[error.keyword] ?? unworded)(error, outer));
  return [...new Set(words)]; // what is one sentence about several members comes once for each
}

/** A keyword of the schema that the body does not meet. `others` are all that it does not meet. */
type Words = (error: ErrorObject, others: ErrorObject[]) => string;

const unworded: Words = ({ keyword, message }) => message ?? keyword;

const json = (value: unknown): string => JSON.stringify(value);

/** A value of an error's `params`, over all errors of the same keyword at the same place. */
const together = ({ keyword, instancePath }: ErrorObject, others: ErrorObject[], name: string): string =>
  json(
    others
      .filter((other) => other.keyword === keyword && other.instancePath === instancePath)
      .map(({ params }) => (params as Record<string, unknown>)[name]),
  );

const WORDS: Record<string, Words> = {
  type: ({ data, schema }) =>
    `instance type (${typeOf(data)}) does not match any allowed primitive type (allowed: ${json(allowed(schema))})`,
  required: (error, others) =>
    `object has missing required properties (${together(error, others, 'missingProperty')})`,
  additionalProperties: (error, others) =>
    `object instance has properties which are not allowed by the schema: ${together(error, others, 'additionalProperty')}`,
  enum: ({ data, schema }) =>
    `instance value (${json(data)}) not found in enum (possible values: ${json(schema)})`,
  minLength: ({ data, schema }) =>
    `string ${json(data)} is too short (length: ${lengthOf(data)}, required minimum: ${json(schema)})`,
  maxLength: ({ data, schema }) =>
    `string ${json(data)} is too long (length: ${lengthOf(data)}, maximum allowed: ${json(schema)})`,
  pattern: ({ data, schema }) =>
    `ECMA 262 regex "${schema as string}" does not match input string ${json(data)}`,
  minimum: ({ data, schema, parentSchema }) =>
    parentSchema?.['exclusiveMinimum'] === true
      ? `numeric instance is not strictly greater than the required minimum ${json(schema)}`
      : `numeric instance is lower than the required minimum (minimum: ${json(schema)}, found: ${json(data)})`,
  maximum: ({ data, schema, parentSchema }) =>
    parentSchema?.['exclusiveMaximum'] === true
      ? `numeric instance is not strictly lower than the required maximum ${json(schema)}`
      : `numeric instance is greater than the required maximum (maximum: ${json(schema)}, found: ${json(data)})`,
  multipleOf: ({ data, schema }) => `remainder of division is not zero (${json(data)} / ${json(schema)})`,
  minItems: ({ data, schema }) =>
    `array is too short: must have at least ${json(schema)} elements but instance has ${lengthOf(data)} elements`,
  maxItems: ({ data, schema }) =>
    `array is too long: must have at most ${json(schema)} elements but instance has ${lengthOf(data)} elements`,
  uniqueItems: () => 'array must not contain duplicate elements',
  minProperties: ({ data, schema }) =>
    `object has too few properties (found ${membersOf(data)} but schema requires at least ${json(schema)})`,
  maxProperties: ({ data, schema }) =>
    `object has too many properties (found ${membersOf(data)} but schema requires at most ${json(schema)})`,
  anyOf: ({ schema }) => `instance failed to match at least one required schema among ${lengthOf(schema)}`,
  oneOf: ({ schema, params }) =>
    `instance failed to match exactly one schema (matched ${params['passingSchemas'] ? 2 : 0} out of ${lengthOf(schema)})`,
  not: () => 'instance matched a schema which it should not have',
  format: ({ data, schema }) =>
    `string ${json(data)} is not a valid ${FORMATS[schema as string] ?? (schema as string)}`,
};

const FORMATS: Record<string, string> = {
  email: 'email address',
  hostname: 'hostname',
  ipv4: 'IPv4 address',
  ipv6: 'IPv6 address',
  uri: 'URI',
  regex: 'ECMA 262 regular expression',
};

/** A schema that allows numbers allows integers. */
const allowed = (types: unknown): string[] =>
  [types].flat().flatMap((type) => (type === 'number' ? ['integer', 'number'] : [String(type)]));

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'number' && Number.isInteger(value) ? 'integer' : typeof value;
}

const lengthOf = (value: unknown): number =>
  typeof value === 'string' ? Array.from(value).length : (value as unknown[]).length;

const membersOf = (value: unknown): number => Object.keys(value as object).length;
