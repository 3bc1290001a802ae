/** Several items in one call, each for itself. */
import type * as DDB from '@aws-sdk/client-dynamodb';
import type { Answer } from '../../service.ts';
import { consumedByTable, readUnits, writeUnits } from './capacity.ts';
import { anyTwice, plannedDelete, plannedPut, weighed } from './change.ts';
import { constrained } from './constraints.ts';
import { invalid } from './errors.ts';
import { plannedGet } from './get.ts';
import { commit, type Database } from './table.ts';
import type { Item } from './value.ts';
import { COMMON, collectionMetrics } from './write.ts';

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
    const changes = planned.map(weighed);
    if (anyTwice(changes)) throw invalid('Provided list of item keys contains duplicates');
    const units = changes.map((change) => writeUnits(change, commit(db, change)));
    const metrics: Record<string, DDB.ItemCollectionMetrics[]> = {};
    for (const change of changes) {
      const metric = collectionMetrics(input.ReturnItemCollectionMetrics, change);
      if (metric) (metrics[change.table.name] ??= []).push(metric);
    }
    const ConsumedCapacity = consumedByTable(input.ReturnConsumedCapacity, units);
    return {
      UnprocessedItems: {},
      ...(Object.keys(metrics).length > 0 ? { ItemCollectionMetrics: metrics } : {}),
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

    const Responses: Record<string, Item[]> = {};
    const UnprocessedKeys: Record<string, DDB.KeysAndAttributes> = {};
    const gets = requests.flatMap(([name, request]) =>
      request.Keys!.map((Key) => ({
        name,
        request,
        Key,
        ...plannedGet(db, 'BatchGetItem', { ...request, TableName: name, Key }),
      })),
    );
    const places = gets.map(({ table, place }) => ({ table, place: place() }));
    if (anyTwice(places)) throw invalid('Provided list of item keys contains duplicates');
    let bytes = 0;
    const units = gets.map(({ name, request, Key, table, shown }, i) => {
      const row = table.rows.get(places[i]!.place);
      bytes += row?.size ?? 0;
      if (bytes > MOST_BYTES_READ) {
        (UnprocessedKeys[name] ??= { ...request, Keys: [] }).Keys!.push(Key);
        return { table, own: 0, indexes: [] };
      }
      Responses[name] ??= [];
      if (row) Responses[name].push(shown(row.item));
      return { table, own: readUnits(row?.size ?? 0, request.ConsistentRead), indexes: [] };
    });
    const ConsumedCapacity = consumedByTable(input.ReturnConsumedCapacity, units);
    return {
      Responses,
      UnprocessedKeys,
      ...(ConsumedCapacity ? { ConsumedCapacity } : {}),
    } satisfies Answer<DDB.BatchGetItemCommandOutput>;
  },
});

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
