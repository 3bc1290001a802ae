/** The operations that write single items. */
import type * as DDB from '@aws-sdk/client-dynamodb';
import type { Answer } from '../../service.ts';
import { consumed, writeUnits } from './capacity.ts';
import { plannedDelete, plannedPut, plannedUpdate, weighed, type Planned } from './change.ts';
import { constrained, refuse, type Constraint } from './constraints.ts';
import { invalid } from './errors.ts';
import { project } from './expression/projection.ts';
import { commit, type Change, type Database, type Table } from './table.ts';
import type { Item } from './value.ts';

export const writeOperations = (db: Database) => ({
  PutItem(input: DDB.PutItemCommandInput) {
    refuse('PutItem', input, ['Expected', 'ConditionalOperator']);
    constrained(input, { ...COMMON, ReturnValues: { oneOf: RETURN_VALUES } });
    onlyOld(input.ReturnValues);
    return written(db, plannedPut(db, input), input) satisfies Answer<DDB.PutItemCommandOutput>;
  },

  DeleteItem(input: DDB.DeleteItemCommandInput) {
    refuse('DeleteItem', input, ['Expected', 'ConditionalOperator']);
    constrained(input, { ...COMMON, ReturnValues: { oneOf: RETURN_VALUES } });
    onlyOld(input.ReturnValues);
    return written(db, plannedDelete(db, input), input) satisfies Answer<DDB.DeleteItemCommandOutput>;
  },

  UpdateItem(input: DDB.UpdateItemCommandInput) {
    refuse('UpdateItem', input, ['AttributeUpdates', 'Expected', 'ConditionalOperator']);
    constrained(input, { ...COMMON, ReturnValues: { oneOf: RETURN_VALUES } });
    return written(db, plannedUpdate(db, input), input) satisfies Answer<DDB.UpdateItemCommandOutput>;
  },
});

const RETURN_VALUES = ['ALL_NEW', 'UPDATED_OLD', 'ALL_OLD', 'NONE', 'UPDATED_NEW'];

/** What all requests for items have in common. */
export const COMMON: Record<string, Constraint> = {
  TableName: { atLeast: 1, atMost: 1024 },
  ReturnConsumedCapacity: { oneOf: ['INDEXES', 'TOTAL', 'NONE'] },
  ReturnItemCollectionMetrics: { oneOf: ['SIZE', 'NONE'] },
  ReturnValuesOnConditionCheckFailure: { oneOf: ['ALL_OLD', 'NONE'] },
};

function onlyOld(returnValues: DDB.ReturnValue | undefined): void {
  if (returnValues !== undefined && returnValues !== 'NONE' && returnValues !== 'ALL_OLD')
    throw invalid('ReturnValues can only be ALL_OLD or NONE');
}

interface Wanted {
  ReturnValues?: DDB.ReturnValue | undefined;
  ReturnConsumedCapacity?: DDB.ReturnConsumedCapacity | undefined;
  ReturnItemCollectionMetrics?: DDB.ReturnItemCollectionMetrics | undefined;
}

function written(db: Database, planned: Planned, wanted: Wanted) {
  const change = weighed(planned);
  const indexChanges = commit(db, change);
  const Attributes = returned(wanted.ReturnValues, change, planned.paths);
  const ConsumedCapacity = consumed(wanted.ReturnConsumedCapacity, [writeUnits(change, indexChanges)]);
  const ItemCollectionMetrics = collectionMetrics(wanted.ReturnItemCollectionMetrics, change);
  return {
    ...(Attributes ? { Attributes } : {}),
    ...(ConsumedCapacity ? { ConsumedCapacity } : {}),
    ...(ItemCollectionMetrics ? { ItemCollectionMetrics } : {}),
  };
}

function returned(
  wanted: DDB.ReturnValue | undefined,
  { before, after }: Change,
  paths: (string | number)[][],
): Item | undefined {
  if (wanted === 'ALL_OLD') return before?.item;
  if (wanted === 'ALL_NEW') return after?.item;
  const item = wanted === 'UPDATED_OLD' ? before?.item : wanted === 'UPDATED_NEW' ? after?.item : undefined;
  const part = item && project(item, paths);
  return part && Object.keys(part).length > 0 ? part : undefined;
}

/** The size of all items with one hash key matters only to tables with local indexes. */
function collectionMetrics(
  wanted: DDB.ReturnItemCollectionMetrics | undefined,
  { table, before, after }: Change,
): DDB.ItemCollectionMetrics | undefined {
  const item = (after ?? before)?.item;
  if (wanted !== 'SIZE' || !item || !hasLocalIndex(table)) return undefined;
  const { name } = table.schema.hash;
  return { ItemCollectionKey: { [name]: item[name]! }, SizeEstimateRangeGB: [0, 1] };
}

const hasLocalIndex = ({ indexes }: Table): boolean => indexes.some(({ kind }) => kind === 'local');

/** As `collectionMetrics`, for operations on several items. */
export function metricsByTable(
  wanted: DDB.ReturnItemCollectionMetrics | undefined,
  changes: Change[],
): Record<string, DDB.ItemCollectionMetrics[]> | undefined {
  if (wanted !== 'SIZE') return undefined;
  const metrics: Record<string, DDB.ItemCollectionMetrics[]> = {};
  for (const change of changes) {
    const metric = collectionMetrics(wanted, change);
    if (metric) (metrics[change.table.name] ??= []).push(metric);
  }
  return Object.keys(metrics).length > 0 ? metrics : undefined;
}
