/** Query and Scan. */
import type * as DDB from '@aws-sdk/client-dynamodb';
import type { Answer } from '../../service.ts';
import { consumed, readUnits, type Units } from './capacity.ts';
import { constrained, refuse, type Constraint } from './constraints.ts';
import { invalid } from './errors.ts';
import { filterExpression, keyConditionExpression } from './expression/condition.ts';
import { test } from './expression/evaluate.ts';
import { selection } from './expression/key-condition.ts';
import { project, projected, projectionExpression } from './expression/projection.ts';
import { checkUsed, resolved, scopeOf, type Scope } from './expression/scope.ts';
import type { Parsed } from './expression/syntax.ts';
import { checkScalarKeys } from './keys.ts';
import { queried, scanned, within, type Page } from './page.ts';
import { sourceOf, type Source } from './source.ts';
import { lastKey, startPlace } from './start-key.ts';
import { keysOf, type Database } from './table.ts';
import type { Item } from './value.ts';
import { COMMON } from './write.ts';

export const readOperations = (db: Database) => ({
  Query(input: DDB.QueryCommandInput) {
    refuse('Query', input, ['AttributesToGet', 'KeyConditions', 'QueryFilter', 'ConditionalOperator']);
    constrained(input, READ);
    const { KeyConditionExpression, FilterExpression, ProjectionExpression } = input;
    if (KeyConditionExpression === undefined)
      throw invalid(
        'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
      );
    const scope = scopeOf(input, { ProjectionExpression, FilterExpression, KeyConditionExpression });
    const keyCondition = keyConditionExpression(KeyConditionExpression);
    const wanted = wantedOf(input, scope, [keyCondition]);
    const source = sourceOf(db, input, wanted.names);
    const selected = selection(keyCondition, scope, source.schema);
    checkScalarKeys(source.table, wanted.paths);
    refuseKeysInFilter(source, wanted);
    const after = startPlace(source, input.ExclusiveStartKey);
    if (after && after.hash !== selected.hash)
      throw invalid('The provided starting key is outside query boundaries based on provided conditions');
    if (after && !within(after, selected.range))
      throw invalid('The provided starting key does not match the range key predicate');
    const forward = input.ScanIndexForward !== false;
    const bounds = { limit: input.Limit, after };
    const page = queried(source.rows.partition(selected.hash), selected.range, bounds, forward);
    return answered(source, page, wanted, input) satisfies Answer<DDB.QueryCommandOutput>;
  },

  Scan(input: DDB.ScanCommandInput) {
    refuse('Scan', input, ['AttributesToGet', 'ScanFilter', 'ConditionalOperator']);
    constrained(input, {
      ...READ,
      Segment: { atLeast: 0 },
      TotalSegments: { atLeast: 1, atMost: 1_000_000 },
    });
    const { FilterExpression, ProjectionExpression } = input;
    const segment = segmentOf(input);
    const scope = scopeOf(input, { ProjectionExpression, FilterExpression });
    const wanted = wantedOf(input, scope, []);
    const source = sourceOf(db, input, wanted.names);
    checkScalarKeys(source.table, wanted.paths);
    const after = startPlace(source, input.ExclusiveStartKey);
    const page = scanned(source.rows.scan(), { limit: input.Limit, after }, segment);
    return answered(source, page, wanted, input) satisfies Answer<DDB.ScanCommandOutput>;
  },
});

const READ: Record<string, Constraint> = {
  TableName: COMMON.TableName!,
  IndexName: { atLeast: 3, atMost: 255, pattern: '[a-zA-Z0-9_.-]+' },
  Limit: { atLeast: 1 },
  ReturnConsumedCapacity: COMMON.ReturnConsumedCapacity!,
  Select: { oneOf: ['SPECIFIC_ATTRIBUTES', 'COUNT', 'ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES'] },
};

/** What the caller wants of the rows that are read. */
interface Wanted {
  passes(item: Item): boolean;
  shown(item: Item): Item;
  /** The attributes that the projection names. */
  names: Set<string>;
  /** All paths in the filter and the projection. */
  paths: (string | number)[][];
  /** The attributes that the filter names. */
  filtered: Set<string | number>;
}

function wantedOf(
  { FilterExpression, ProjectionExpression }: DDB.ScanCommandInput,
  scope: Scope,
  others: Parsed<unknown>[],
): Wanted {
  const filter = FilterExpression === undefined ? undefined : filterExpression(FilterExpression);
  const projection =
    ProjectionExpression === undefined ? undefined : projectionExpression(ProjectionExpression);
  const passes = filter ? test(filter, scope) : () => true;
  const shown = projection && projected(projection, scope);
  checkUsed(scope, [...others, filter, projection]);
  const filterPaths = filter ? filter.paths.map((path) => resolved(path, scope)) : [];
  return {
    passes,
    shown: shown ? (item) => project(item, shown) : (item) => item,
    names: new Set((shown ?? []).map(([head]) => head as string)),
    paths: [...filterPaths, ...(shown ?? [])],
    filtered: new Set(filterPaths.map(([head]) => head!)),
  };
}

function refuseKeysInFilter({ schema }: Source, { filtered }: Wanted): void {
  const key = keysOf(schema).find(({ name }) => filtered.has(name));
  if (key)
    throw invalid(
      `Filter Expression can only contain non-primary key attributes: Primary key attribute: ${key.name}`,
    );
}

function segmentOf({ Segment, TotalSegments }: DDB.ScanCommandInput) {
  if (Segment === undefined && TotalSegments === undefined) return undefined;
  if (TotalSegments === undefined)
    throw invalid(
      'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
    );
  if (Segment === undefined)
    throw invalid(
      'The Segment parameter is required but was not present in the request when parameter TotalSegments is present',
    );
  if (Segment >= TotalSegments)
    throw invalid(
      `The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: ${Segment} is not less than TotalSegments: ${TotalSegments}`,
    );
  return { number: Segment, of: TotalSegments };
}

function answered(source: Source, page: Page, { passes, shown }: Wanted, input: DDB.ScanCommandInput) {
  const { Select, ConsistentRead, ReturnConsumedCapacity } = input;
  const { whole } = source;
  const rows = whole ? page.rows.map(whole) : page.rows;
  const items = rows.filter(({ item }) => passes(item)).map(({ item }) => shown(item));
  const units = unitsOf(source, page, whole ? rows.map(({ size }) => size) : [], ConsistentRead);
  const ConsumedCapacity = consumed(ReturnConsumedCapacity, [units]);
  return {
    ...(Select === 'COUNT' ? {} : { Items: items }),
    Count: items.length,
    ScannedCount: page.rows.length,
    ...(page.last ? { LastEvaluatedKey: lastKey(source, page.last.item) } : {}),
    ...(ConsumedCapacity ? { ConsumedCapacity } : {}),
  };
}

/** The rows of a page are charged together, whole items that a local index had to fetch one by one. */
function unitsOf(
  { table, index }: Source,
  { bytes }: Page,
  fetched: number[],
  consistent: boolean | undefined,
): Units {
  const units = readUnits(bytes, consistent);
  if (!index) return { table, own: units, indexes: [] };
  const own = fetched.reduce((sum, size) => sum + readUnits(size, consistent), 0);
  return { table, own, indexes: [{ index, units }] };
}
