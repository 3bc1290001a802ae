import { JsonSchemaType, JsonSchemaVersion, type JsonSchema } from 'aws-cdk-lib/aws-apigateway';
import type { Contract } from './contracts.ts';

/** What is read of the JSON Schema of a contract. */
interface Schema {
  type?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
}

/**
 * What API Gateway tells clients of a command (in exports of the API, and in clients made of it): the shape of the contract,
 * in JSON Schema draft 4. Which fields must be there, and of which type, is all that it says. It excludes nothing that the
 * contract allows; the function names every fault with its path.
 */
export const requestModelOf = (contract: Contract): JsonSchema => ({
  schema: JsonSchemaVersion.DRAFT4,
  title: contract.type,
  ...shapeOf(contract.schema() as Schema),
});

/** A union has no type of its own: anything passes. */
function shapeOf({ type, properties, required, items }: Schema): JsonSchema {
  const known = type === undefined ? undefined : TYPES[type];
  if (known === undefined) return {};
  if (known === JsonSchemaType.ARRAY) return { type: known, ...(items && { items: shapeOf(items) }) };
  if (known !== JsonSchemaType.OBJECT) return { type: known };
  return {
    type: known,
    ...(required?.length && { required }),
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, schema]) => [name, shapeOf(schema)]),
      ),
    }),
  };
}

/** In draft 4 `1.0` is no integer; for everybody else it is. */
const TYPES: Record<string, JsonSchemaType> = {
  object: JsonSchemaType.OBJECT,
  array: JsonSchemaType.ARRAY,
  string: JsonSchemaType.STRING,
  boolean: JsonSchemaType.BOOLEAN,
  number: JsonSchemaType.NUMBER,
  integer: JsonSchemaType.NUMBER,
  null: JsonSchemaType.NULL,
};
