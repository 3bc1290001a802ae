/** LastEvaluatedKey and ExclusiveStartKey: where one page ends and the next begins. */
import { checkedItem } from './check.ts';
import { invalid } from './errors.ts';
import type { Place } from './rows.ts';
import type { Source } from './source.ts';
import { keysOf, placeIn, placeText, type KeyAttribute } from './table.ts';
import { attributeOf, emptyKind, typeOf, type Item } from './value.ts';

/** The key of an item in a table or an index. */
export const lastKey = (source: Source, item: Item): Item =>
  Object.fromEntries(attributesOf(source).map(({ name }) => [name, item[name]!]));

/** The place of the row that a page begins behind; it need not be there any more. Throws ValidationException. */
export function startPlace(source: Source, startKey: Item | undefined): Place | undefined {
  if (!startKey) return undefined;
  const key = checkedItem(startKey);
  const attributes = attributesOf(source);
  const fits = attributes.every(({ name, type }) => {
    const value = attributeOf(key, name);
    return value && typeOf(value) === type && !emptyKind(value);
  });
  if (!fits || Object.keys(key).length !== attributes.length)
    throw invalid(`The provided starting key is invalid`);
  const place = placeIn(source.schema, key);
  return source.index ? { ...place, tie: placeText(placeIn(source.table.schema, key)) } : place;
}

/** The keys of the table and those of the index, each once. */
function attributesOf({ table, schema }: Source): KeyAttribute[] {
  const own = keysOf(table.schema);
  return [...own, ...keysOf(schema).filter(({ name }) => !own.some((key) => key.name === name))];
}
