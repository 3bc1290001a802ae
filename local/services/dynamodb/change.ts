/**
 * A write as it goes through every operation that writes: planned from the request alone, weighed against the item that
 * is there, and committed. Nothing awaits between weighing and committing, so each operation is atomic as it stands.
 */
import type * as DDB from '@aws-sdk/client-dynamodb';
import { checkedItem } from './check.ts';
import { conditionFailed, invalid, invalidParameter } from './errors.ts';
import { update, type Update } from './expression/apply.ts';
import { conditionExpression } from './expression/condition.ts';
import { test } from './expression/evaluate.ts';
import { checkUsed, scopeOf, type Placeholders } from './expression/scope.ts';
import { updateExpression } from './expression/update.ts';
import { checkScalarKeys, checkUpdatedIndexKeys, placeOfItem, placeOfKey } from './keys.ts';
import type { Place, Row } from './rows.ts';
import { keysOf, placeText, tableNamed, type Change, type Database, type Table } from './table.ts';
import { itemSize, type Item } from './value.ts';

export interface Planned {
  table: Table;
  /** Where the item is or will be; throws ValidationException where the key does not fit the table. */
  place(): Place;
  /** The condition. @default none */
  meets: ((item: Item) => boolean) | undefined;
  /** Whether the item goes with the refusal when the condition fails. */
  showsItem: boolean;
  /** The item afterwards, from the one before; nothing: it is removed. Throws ValidationException. */
  next(before: Row | undefined): Sized | undefined;
  /** What an update writes to. */
  paths: (string | number)[][];
}

interface Sized {
  item: Item;
  size: number;
}

interface Conditional extends Placeholders {
  TableName?: string | undefined;
  ConditionExpression?: string | undefined;
  ReturnValuesOnConditionCheckFailure?: DDB.ReturnValuesOnConditionCheckFailure | undefined;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const ITEM_BYTES = 400 * 1024;

export function plannedPut(db: Database, input: Conditional & { Item?: Item | undefined }): Planned {
  const item = checkedItem(input.Item!);
  const meets = conditionOf(input);
  const after = { item, size: itemSize(item) };
  if (after.size > ITEM_BYTES) throw invalid('Item size has exceeded the maximum allowed size');
  const table = tableNamed(db, input.TableName!);
  return {
    table,
    place: () => placeOfItem(table, item),
    meets,
    showsItem: input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD',
    next: () => after,
    paths: [],
  };
}

export function plannedDelete(db: Database, input: Conditional & { Key?: Item | undefined }): Planned {
  return { ...plannedCheck(db, input), next: () => undefined };
}

/** Leaves the item as it is. */
export function plannedCheck(db: Database, input: Conditional & { Key?: Item | undefined }): Planned {
  const key = checkedItem(input.Key!);
  const meets = conditionOf(input);
  const table = tableNamed(db, input.TableName!);
  return {
    table,
    place: () => placeOfKey(table, key),
    meets,
    showsItem: input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD',
    next: (before) => before,
    paths: [],
  };
}

export function plannedUpdate(
  db: Database,
  input: Conditional & { Key?: Item | undefined; UpdateExpression?: string | undefined },
): Planned {
  const { UpdateExpression, ConditionExpression } = input;
  const key = checkedItem(input.Key!);
  const scope = scopeOf(input, { UpdateExpression, ConditionExpression });
  const updates = UpdateExpression === undefined ? undefined : updateExpression(UpdateExpression);
  const condition = ConditionExpression === undefined ? undefined : conditionExpression(ConditionExpression);
  const updated = updates && update(updates, scope);
  const meets = condition && test(condition, scope);
  checkUsed(scope, [updates, condition]);
  const table = tableNamed(db, input.TableName!);
  return {
    table,
    place() {
      const place = placeOfKey(table, key);
      if (updated) checkTargets(table, updated);
      return place;
    },
    meets,
    showsItem: input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD',
    next: (before) => after(table, updated, before, key),
    paths: updated?.paths ?? [],
  };
}

function after(table: Table, updated: Update | undefined, before: Row | undefined, key: Item): Sized {
  const item = updated ? updated.apply(before?.item ?? key) : (before?.item ?? key);
  checkUpdatedIndexKeys(table, item);
  const size = itemSize(item);
  if (size > ITEM_BYTES) throw invalid('Item size to update has exceeded the maximum allowed size');
  return { item, size };
}

function conditionOf(input: Conditional): Planned['meets'] {
  const { ConditionExpression } = input;
  const scope = scopeOf(input, { ConditionExpression });
  if (ConditionExpression === undefined) return undefined;
  const condition = conditionExpression(ConditionExpression);
  const meets = test(condition, scope);
  checkUsed(scope, [condition]);
  return meets;
}

/** Throws ValidationException if an update would write to a key, or to an index key what it cannot hold. */
function checkTargets(table: Table, { paths, types }: Update): void {
  const key = keysOf(table.schema).find(({ name }) => paths.some(([head]) => head === name));
  if (key) throw invalidParameter(`Cannot update attribute ${key.name}. This attribute is part of the key`);
  checkScalarKeys(table, paths);
  for (const index of table.indexes) {
    for (const { name, type } of keysOf(index.schema)) {
      const actual = types[paths.findIndex((path) => path.length === 1 && path[0] === name)];
      if (actual !== undefined && actual !== type)
        throw invalidParameter(
          `Type mismatch for Index Key ${name} Expected: ${type} Actual: ${actual} IndexName: ${index.name}`,
        );
    }
  }
}

/**
 * What the planned write would do now. Throws ConditionalCheckFailedException, and ValidationException where it does not
 * fit the table or the item.
 */
export function weighed(
  { table, place, meets, showsItem, next }: Planned,
  at: Place = place(),
): Change & { place: Place } {
  const before = table.rows.get(at);
  if (meets && !meets(before?.item ?? {})) throw conditionFailed(showsItem ? before?.item : undefined);
  const then = next(before);
  return { table, place: at, before, after: then === before ? before : then && { ...at, ...then } };
}

/** Whether two of these are the same item. */
export function anyTwice(items: { table: Table; place: Place }[]): boolean {
  const seen = new Map<Table, Set<string>>();
  return items.some(({ table, place }) => {
    const places = seen.get(table) ?? new Set();
    seen.set(table, places);
    const text = placeText(place);
    return places.has(text) || !places.add(text);
  });
}
