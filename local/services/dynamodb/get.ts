/** Reading items by their keys. */
import type * as DDB from '@aws-sdk/client-dynamodb';
import type { Answer } from '../../service.ts';
import { consumed, readUnits } from './capacity.ts';
import { checkedItem } from './check.ts';
import { constrained, refuse } from './constraints.ts';
import { project, projected, projectionExpression } from './expression/projection.ts';
import { checkUsed, scopeOf } from './expression/scope.ts';
import { checkScalarKeys, placeOfKey } from './keys.ts';
import type { Place } from './rows.ts';
import { tableNamed, type Database, type Table } from './table.ts';
import type { Item } from './value.ts';
import { COMMON } from './write.ts';

export interface PlannedGet {
  table: Table;
  /** Throws ValidationException where the key does not fit the table. */
  place(): Place;
  /** What the caller wants of the item. */
  shown(item: Item): Item;
}

interface Reading {
  TableName?: string | undefined;
  Key?: Item | undefined;
  ProjectionExpression?: string | undefined;
  ExpressionAttributeNames?: Record<string, string> | undefined;
}

export const getOperations = (db: Database) => ({
  GetItem(input: DDB.GetItemCommandInput) {
    const { table, place, shown } = plannedGet(db, 'GetItem', input);
    const row = table.rows.get(place());
    const ConsumedCapacity = consumed(input.ReturnConsumedCapacity, [
      { table, own: readUnits(row?.size ?? 0, input.ConsistentRead), indexes: [] },
    ]);
    return {
      ...(row ? { Item: shown(row.item) } : {}),
      ...(ConsumedCapacity ? { ConsumedCapacity } : {}),
    } satisfies Answer<DDB.GetItemCommandOutput>;
  },
});

/** Throws ValidationException and ResourceNotFoundException. */
export function plannedGet(db: Database, operation: string, input: Reading): PlannedGet {
  refuse(operation, input, ['AttributesToGet']);
  constrained(input, COMMON);
  const key = checkedItem(input.Key!);
  const { shown, paths } = projectionOf(input);
  const table = tableNamed(db, input.TableName!);
  checkScalarKeys(table, paths);
  return { table, place: () => placeOfKey(table, key), shown };
}

/** What a projection shows of an item. */
export function projectionOf(input: Pick<Reading, 'ProjectionExpression' | 'ExpressionAttributeNames'>) {
  const { ProjectionExpression } = input;
  const scope = scopeOf(input, { ProjectionExpression });
  if (ProjectionExpression === undefined) return { shown: (item: Item) => item, paths: [] };
  const expression = projectionExpression(ProjectionExpression);
  const paths = projected(expression, scope);
  checkUsed(scope, [expression]);
  return { shown: (item: Item) => project(item, paths), paths };
}
