/** A resource's properties against what its type accepts. */
import { AwsError } from '../errors.ts';
import { specification, specified, type PropertySpecification, type Shape } from './specification.ts';
import { isDictionary, type Dictionary } from './values.ts';

/**
 * The properties as the type wants them: `"30"` becomes 30 where a number is wanted and the other way round. Throws for
 * properties that the type has not, or that it needs and were not given.
 */
export function conforming(type: string, logicalId: string, properties: Dictionary): Dictionary {
  const found = specified(type);
  if (!found) return properties;
  const unknown = Object.keys(properties).find((name) => !(name in found.properties));
  if (unknown !== undefined)
    throw new AwsError('InvalidRequest', `Encountered unsupported property ${unknown}`);
  const problems: string[] = [];
  const conformed = fields(properties, found.properties, '#', problems);
  if (problems.length > 0)
    throw new AwsError(
      'InvalidRequest',
      `Properties validation failed for resource ${logicalId} with message:\n${problems.join('\n')}`,
    );
  return conformed;
}

function fields(
  value: Dictionary,
  known: Record<string, PropertySpecification>,
  at: string,
  problems: string[],
): Dictionary {
  for (const [name, { required }] of Object.entries(known))
    if (required && value[name] === undefined) problems.push(`${at}: required key [${name}] not found`);
  for (const name of Object.keys(value))
    if (!(name in known)) problems.push(`${at}: extraneous key [${name}] is not permitted`);
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      known[name] ? fitted(inner, known[name].shape, `${at}/${name}`, problems) : inner,
    ]),
  );
}

function fitted(value: unknown, shape: Shape, at: string, problems: string[]): unknown {
  if (typeof shape === 'string') return scalar(value, shape, at, problems);
  if ('any' in shape) return firstFitting(value, shape.any, at, problems);
  if ('list' in shape) {
    if (!Array.isArray(value)) return mismatch(value, 'JSONArray', at, problems);
    return value.map((item, i) => fitted(item, shape.list, `${at}/${i}`, problems));
  }
  if (!isDictionary(value)) return mismatch(value, 'JSONObject', at, problems);
  if ('definition' in shape)
    return fields(value, specification().definitions[shape.definition] ?? {}, at, problems);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, fitted(inner, shape.map, `${at}/${key}`, problems)]),
  );
}

function firstFitting(value: unknown, shapes: Shape[], at: string, problems: string[]): unknown {
  let first: string[] | undefined;
  for (const shape of shapes) {
    const found: string[] = [];
    const result = fitted(value, shape, at, found);
    if (found.length === 0) return result;
    first ??= found;
  }
  problems.push(...(first ?? []));
  return value;
}

function scalar(value: unknown, shape: string, at: string, problems: string[]): unknown {
  switch (shape) {
    case 'json':
      return value;
    case 'string':
      if (typeof value === 'string') return value;
      if (typeof value === 'number' || typeof value === 'boolean') return String(value);
      return mismatch(value, 'String', at, problems);
    case 'boolean':
      if (typeof value === 'boolean') return value;
      if (value === 'true' || value === 'false') return value === 'true';
      return mismatch(value, 'Boolean', at, problems);
    case 'integer':
    case 'number':
      if (typeof value === 'number') return value;
      if (typeof value === 'string' && value !== '' && !Number.isNaN(Number(value))) return Number(value);
      return mismatch(value, shape === 'integer' ? 'Integer' : 'Number', at, problems);
    default:
      return value;
  }
}

function mismatch(value: unknown, expected: string, at: string, problems: string[]): unknown {
  const found = Array.isArray(value) ? 'JSONArray' : isDictionary(value) ? 'JSONObject' : nameOf(value);
  problems.push(`${at}: expected type: ${expected}, found: ${found}`);
  return value;
}

const nameOf = (value: unknown) =>
  value === null ? 'Null' : (typeof value).replace(/^./, (c) => c.toUpperCase());
