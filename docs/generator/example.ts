import { existsSync, readFileSync } from 'node:fs';
import type { Contract } from '../../functions/runtime/contract.ts';
import { mint, type CloudEvent } from '../../functions/runtime/contract/cloudevent.ts';
import type { JsonSchema } from '../../functions/runtime/contract/schema.ts';

const NOW = '2030-01-02T09:30:00.000Z';
const ID = '01890a5d-ac96-774b-bcce-b302099a8057';

/** A message of a contract as it travels. Its data are those of docs/examples, or invented from the schema. */
export function exampleOf(contract: Contract): CloudEvent {
  const file = new URL(`../examples/${contract.type}.json`, import.meta.url);
  const data = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as unknown)
    : invented(contract.schema());
  return mint(contract, data, {}, { now: () => Date.parse(NOW), newId: () => ID });
}

/** The plainest value that conforms: all fields, one item, the least number above zero. */
export function invented(schema: JsonSchema, name = 'value'): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.anyOf) return invented(schema.anyOf[0] as JsonSchema, name);
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([key, of]) => [key, invented(of as JsonSchema, key)]),
      );
    case 'array':
      return Array.from({ length: Math.max(1, schema.minItems ?? 0) }, () =>
        invented(schema.items as JsonSchema, name),
      );
    case 'integer':
    case 'number':
      return numberOf(schema);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return textOf(schema, name);
  }
}

function numberOf({ minimum = 0, multipleOf = 1, maximum = Infinity }: JsonSchema): number {
  return Math.min(maximum, Math.max(1, Math.ceil(Math.max(minimum, 1) / multipleOf)) * multipleOf);
}

function textOf({ format, minLength = 0, maxLength = Infinity }: JsonSchema, name: string): string {
  if (format === 'date') return NOW.slice(0, 10);
  if (format === 'date-time') return NOW;
  if (format === 'uuid') return ID;
  return name.padEnd(minLength, '.').slice(0, maxLength);
}
