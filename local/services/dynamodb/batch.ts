/** Several items in one call, each for itself. */
import type * as DDB from '@aws-sdk/client-dynamodb';
import type { Answer } from '../../service.ts';
import { consumedByTable, readUnits, writeUnits, type Units } from './capacity.ts';
import { anyTwice, plannedDelete, plannedPut, weighed } from './change.ts';
import { constrained } from './constraints.ts';
import { invalid } from './errors.ts';
import { plannedGet } from './get.ts';
import { commit, type Database } from './table.ts';
import type { Item } from './value.ts';
import { COMMON, metricsByTable } from './write.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const MOST_WRITES = 25;
const MOST_READS = 100;
const MOST_BYTES_READ = 16 * 2 ** 20;

export const batchOperations = (db: Database) => ({
  BatchWriteItem(input: DDB.BatchWriteItemCommandInput) {
    constrained(input, {
      ReturnConsumedCapacity: COMMON.ReturnConsumedCapacity!,
      ReturnItemCollectionMetrics: COMMON.ReturnItemCollectionMetrics!,
    });
    const requests = Object.entries(input.RequestItems!);
    refuseEmpty(
      'BatchWriteItem',
      requests.map(([, list]) => list.length),
    );
    if (requests.reduce((sum, [, list]) => sum + list.length, 0) > MOST_WRITES)
      throw invalid('Too many items requested for the BatchWriteItem call');

    const planned = requests.flatMap(([name, list]) =>
      list.map((request) => plannedRequest(db, name, request)),
    );
    const changes = planned.map((write) => weighed(write));
    if (anyTwice(changes)) throw invalid('Provided list of item keys contains duplicates');
    const units = changes.map((change) => writeUnits(change, commit(db, change)));
    const ItemCollectionMetrics = metricsByTable(input.ReturnItemCollectionMetrics, changes);
    const ConsumedCapacity = consumedByTable(input.ReturnConsumedCapacity, units);
    return {
      UnprocessedItems: {},
      ...(ItemCollectionMetrics ? { ItemCollectionMetrics } : {}),
      ...(ConsumedCapacity ? { ConsumedCapacity } : {}),
    } satisfies Answer<DDB.BatchWriteItemCommandOutput>;
  },

  BatchGetItem(input: DDB.BatchGetItemCommandInput) {
    constrained(input, {
      ReturnConsumedCapacity: COMMON.ReturnConsumedCapacity!,
    });
    const requests = Object.entries(input.RequestItems!);
    refuseEmpty(
      'BatchGetItem',
      requests.map(([, { Keys }]) => Keys!.length),
    );
    if (requests.reduce((sum, [, { Keys }]) => sum + Keys!.length, 0) > MOST_READS)
      throw invalid('Too many items requested for the BatchGetItem call');

    const gets = requests.flatMap(([name, request]) => plannedGets(db, name, request));
    if (anyTwice(gets)) throw invalid('Provided list of item keys contains duplicates');
    const { units, ...found } = fetched(gets);
    const ConsumedCapacity = consumedByTable(input.ReturnConsumedCapacity, units);
    return {
      ...found,
      ...(ConsumedCapacity ? { ConsumedCapacity } : {}),
    } satisfies Answer<DDB.BatchGetItemCommandOutput>;
  },
});

const plannedGets = (db: Database, name: string, request: DDB.KeysAndAttributes) =>
  request.Keys!.map((Key) => {
    const { table, place, shown } = plannedGet(db, 'BatchGetItem', { ...request, TableName: name, Key });
    return { name, request, Key, table, place: place(), shown };
  });

/** What there is of the items, until the answer is full. */
function fetched(gets: ReturnType<typeof plannedGets>) {
  const Responses: Record<string, Item[]> = {};
  const UnprocessedKeys: Record<string, DDB.KeysAndAttributes> = {};
  let bytes = 0;
  const units = gets.map(({ name, request, Key, table, place, shown }): Units => {
    const row = table.rows.get(place);
    const found = (Responses[name] ??= []);
    bytes += row?.size ?? 0;
    if (bytes > MOST_BYTES_READ) {
      (UnprocessedKeys[name] ??= { ...request, Keys: [] }).Keys!.push(Key);
      return { table, own: 0, indexes: [] };
    }
    if (row) found.push(shown(row.item));
    return { table, own: readUnits(row?.size ?? 0, request.ConsistentRead), indexes: [] };
  });
  return { Responses, UnprocessedKeys, units };
}

function plannedRequest(db: Database, TableName: string, { PutRequest, DeleteRequest }: DDB.WriteRequest) {
  if (PutRequest && DeleteRequest)
    throw invalid(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  if (PutRequest) return plannedPut(db, { TableName, Item: PutRequest.Item });
  if (DeleteRequest) return plannedDelete(db, { TableName, Key: DeleteRequest.Key });
  throw invalid('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
}

function refuseEmpty(operation: string, lengths: number[]): void {
  if (lengths.length === 0)
    throw invalid(
      `1 validation error detected: Value '{}' at 'requestItems' failed to satisfy constraint: Member must have length greater than or equal to 1`,
    );
  if (lengths.includes(0))
    throw invalid(
      operation === 'BatchGetItem'
        ? "1 validation error detected: Value '[]' at 'requestItems.member.keys' failed to satisfy constraint: Member must have length greater than or equal to 1"
        : "1 validation error detected: Value '[]' at 'requestItems.member' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
}
