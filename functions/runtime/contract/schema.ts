import * as z from 'zod/mini';
import { refusal } from '../errors.ts';

/** Field names and their schemas, as `z.object` takes them. */
export type Shape = Readonly<Record<string, z.core.$ZodType>>;
export type Input<S extends Shape> = z.input<z.ZodMiniObject<S>>;
export type Output<S extends Shape> = z.output<z.ZodMiniObject<S>>;

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Faults that one refusal lists at most. */
const MAX_FAULTS = 20;

/** An object schema that lets unknown fields pass at every level: a newer producer's fields reach an older reader unharmed. */
export const loose = (shape: Shape): z.core.$ZodType => loosened(z.object(shape));

/** What the schema makes of `data`. Throws EVT_SCHEMA, listing up to 20 faults with their paths. */
export function conform(schema: z.core.$ZodType, data: unknown, what: string): unknown {
  const result = z.safeParse(schema, data);
  if (result.success) return result.data;
  const faults = result.error.issues.slice(0, MAX_FAULTS).map((issue) => ({
    path: pathOf(issue.path),
    message: isMissing(data, issue.path) ? 'is missing' : expectation(issue),
  }));
  const all = faults.map(({ path, message }) => `${path} ${message}`).join('; ');
  throw refusal('EVT_SCHEMA', `${what} does not conform: ${all}`, {
    path: faults[0]!.path,
    faults,
    ...(result.error.issues.length > MAX_FAULTS ? { actual: result.error.issues.length } : {}),
  });
}

/** Input mode: what a producer may send, before defaults are filled in. */
export const jsonSchemaOf = (schema: z.core.$ZodType): JsonSchema => z.toJSONSchema(schema, { io: 'input' });

function loosened(schema: z.core.$ZodType): z.core.$ZodType {
  const def = (schema as z.core.$ZodTypes)._zod.def;
  const rebuilt = (changes: object) => z.clone(schema, { ...def, ...changes });
  switch (def.type) {
    case 'object':
      return rebuilt({
        shape: Object.fromEntries(Object.entries(def.shape).map(([name, field]) => [name, loosened(field)])),
        catchall: z.unknown(),
      });
    case 'array':
      return rebuilt({ element: loosened(def.element) });
    case 'optional':
    case 'nullable':
    case 'default':
    case 'readonly':
      return rebuilt({ innerType: loosened(def.innerType) });
    case 'union':
      return rebuilt({ options: def.options.map(loosened) });
    case 'tuple':
      return rebuilt({ items: def.items.map(loosened) });
    case 'record':
      return rebuilt({ valueType: loosened(def.valueType) });
    default:
      return schema;
  }
}

const pathOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, part) => text + (typeof part === 'number' ? `[${part}]` : `.${String(part)}`),
    'data',
  );

const isMissing = (data: unknown, path: readonly PropertyKey[]): boolean =>
  path.reduce((at: unknown, part) => (at as Record<PropertyKey, unknown> | undefined)?.[part], data) ===
  undefined;

/** What was expected, never what came: the message goes into logs and dead letters. */
function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${issue.expected}`;
    case 'too_small':
      return `must be ${issue.inclusive ? 'at least' : 'above'} ${issue.minimum}`;
    case 'too_big':
      return `must be ${issue.inclusive ? 'at most' : 'below'} ${issue.maximum}`;
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'invalid_format':
      return `must be ${issue.format}`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`;
    default:
      return issue.code.replaceAll('_', ' ');
  }
}
