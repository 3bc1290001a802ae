/** Members that must be there, checked before an operation sees its input. */
import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../errors.ts';

/** Adds the paths of what is missing, as AWS writes them: `entries.1.member.id`. */
type Check = (value: unknown, path: string, missing: string[]) => void;

/** The paths of all that is missing. `undefined` where nothing in the shape is required. */
export function requiredIn(schema: NormalizedSchema): ((input: object) => string[]) | undefined {
  const check = checkOf(schema);
  if (!check) return undefined;
  return (input) => {
    const missing: string[] = [];
    check(input, '', missing);
    return missing;
  };
}

/** AWS's own sentence, in one error for all members. */
export function nullValues(paths: string[]): AwsError {
  const count = `${paths.length} validation error${paths.length === 1 ? '' : 's'} detected: `;
  const each = paths.map(
    (path) => `Value null at '${path}' failed to satisfy constraint: Member must not be null`,
  );
  return new AwsError('ValidationException', count + each.join('; '));
}

const known = new Map<unknown, Check | undefined>();

function checkOf(schema: NormalizedSchema): Check | undefined {
  const key = schema.getSchema();
  if (!schema.isStructSchema() && !schema.isListSchema() && !schema.isMapSchema()) return undefined;
  if (known.has(key)) return known.get(key);
  known.set(key, undefined); // a shape that contains itself asks nothing new of what is inside
  const check = schema.isStructSchema()
    ? structCheck(schema)
    : collectionCheck(checkOf(schema.getValueSchema()), schema.isListSchema());
  known.set(key, check);
  return check;
}

function structCheck(schema: NormalizedSchema): Check | undefined {
  // Index 6 of a structure's schema says how many of its leading members are required.
  const count = (schema.getSchema() as unknown as unknown[])[6];
  const members = [...schema.structIterator()].map(([name, member], i) => ({
    name,
    wireName: name.charAt(0).toLowerCase() + name.slice(1),
    required: typeof count === 'number' && i < count,
    check: checkOf(member),
  }));
  const relevant = members.filter(({ required, check }) => required || check);
  if (relevant.length === 0) return undefined;
  return (value, path, missing) => {
    for (const { name, wireName, required, check } of relevant) {
      const given = (value as Record<string, unknown>)[name];
      if (given === undefined || given === null) {
        if (required) missing.push(path + wireName);
      } else if (check) check(given, `${path}${wireName}.`, missing);
    }
  };
}

function collectionCheck(check: Check | undefined, list: boolean): Check | undefined {
  if (!check) return undefined;
  if (list)
    return (value, path, missing) =>
      (value as unknown[]).forEach((item, i) => item && check(item, `${path}${i + 1}.member.`, missing));
  return (value, path, missing) => {
    for (const [key, item] of Object.entries(value as object)) check(item, `${path}${key}.member.`, missing);
  };
}
