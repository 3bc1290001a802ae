/** Whether the keys of a request fit the table: their names, their types, their sizes. */
import { invalid, invalidParameter, keyMismatch } from './errors.ts';
import type { Place } from './rows.ts';
import { keysOf, placeIn, type Index, type KeyAttribute, type KeySchema, type Table } from './table.ts';
import { attributeOf, emptyKind, typeOf, type AttributeValue, type Item } from './value.ts';

/** The place that a request's `Key` names. Throws ValidationException. */
export function placeOfKey({ schema }: Table, key: Item): Place {
  const keys = keysOf(schema);
  if (Object.keys(key).length !== keys.length) throw keyMismatch();
  for (const attribute of keys) {
    const value = attributeOf(key, attribute.name);
    if (!value || typeOf(value) !== attribute.type) throw keyMismatch();
    checkKeyValue(value, attribute, attribute === schema.hash);
  }
  return placeIn(schema, key);
}

/** The place where an item belongs. Throws ValidationException, also where it does not fit an index. */
export function placeOfItem(table: Table, item: Item): Place {
  const { schema } = table;
  for (const attribute of keysOf(schema)) {
    const { name, type } = attribute;
    const value = attributeOf(item, name);
    if (!value) throw invalidParameter(`Missing the key ${name} in the item`);
    if (typeOf(value) !== type)
      throw invalidParameter(`Type mismatch for key ${name} expected: ${type} actual: ${typeOf(value)}`);
    checkKeyValue(value, attribute, attribute === schema.hash);
  }
  for (const index of table.indexes) checkIndexKeys(index, item);
  return placeIn(schema, item);
}

function checkIndexKeys({ name: indexName, schema }: Index, item: Item): void {
  for (const { name, type } of keysOf(schema)) {
    const value = attributeOf(item, name);
    if (!value) continue;
    if (typeOf(value) !== type)
      throw invalidParameter(
        `Type mismatch for Index Key ${name} Expected: ${type} Actual: ${typeOf(value)} IndexName: ${indexName}`,
      );
    const kind = emptyKind(value);
    if (kind)
      throw invalid(
        `One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty ${kind} value. IndexName: ${indexName}, IndexKey: ${name}`,
      );
  }
}

/** Throws ValidationException if an update left an index a key that it cannot hold. */
export function checkUpdatedIndexKeys({ indexes }: Table, item: Item): void {
  for (const { schema } of indexes) {
    for (const { name, type } of keysOf(schema)) {
      const value = attributeOf(item, name);
      if (!value) continue;
      if (typeOf(value) !== type)
        throw invalid(
          'The update expression attempted to update the secondary index key to unsupported type',
        );
      const kind = emptyKind(value);
      if (kind)
        throw invalid(
          `One or more parameter values are not valid. The update expression attempted to update a secondary index key to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty ${kind} value.`,
        );
    }
  }
}

function checkKeyValue(value: AttributeValue, { name }: KeyAttribute, isHash: boolean): void {
  const kind = emptyKind(value);
  if (kind)
    throw invalid(
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${kind} value. Key: ${name}`,
    );
  const bytes = value.B?.byteLength ?? Buffer.byteLength(value.S ?? '');
  if (isHash && bytes > 2048)
    throw invalidParameter('Size of hashkey has exceeded the maximum size limit of2048 bytes');
  if (!isHash && bytes > 1024)
    throw invalidParameter('Aggregated size of all range keys has exceeded the size limit of 1024 bytes');
}

/** Throws ValidationException if a path leads into a key, which is always a scalar. */
export function checkScalarKeys({ schema, indexes }: Table, paths: (string | number)[][]): void {
  const nested = new Set(paths.filter((path) => path.length > 1).map(([head]) => head));
  if (nested.size === 0) return;
  const found = (of: KeySchema) => keysOf(of).find(({ name }) => nested.has(name))?.name;
  const message =
    "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: ";
  const key = found(schema);
  if (key !== undefined) throw invalid(`${message}Key: ${key}`);
  for (const index of indexes) {
    const indexKey = found(index.schema);
    if (indexKey !== undefined) throw invalid(`${message}IndexKey: ${indexKey}`);
  }
}
