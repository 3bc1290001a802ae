/** Several items at once, all or nothing. */
import type * as DDB from '@aws-sdk/client-dynamodb';
import { AwsError } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import { consumedByTable, readUnits, writeUnits, type Units } from './capacity.ts';
import {
  anyTwice,
  plannedCheck,
  plannedDelete,
  plannedPut,
  plannedUpdate,
  weighed,
  type Planned,
} from './change.ts';
import { constrained } from './constraints.ts';
import { invalid } from './errors.ts';
import { plannedGet } from './get.ts';
import { repetitions } from './repetitions.ts';
import { commit, type Change, type Database } from './table.ts';
import { COMMON, metricsByTable } from './write.ts';
import type { Place } from './rows.ts';

export function transactOperations(db: Database) {
  const done = repetitions(db);

  return {
    TransactWriteItems(input: DDB.TransactWriteItemsCommandInput) {
      constrained(input, {
        TransactItems: { atLeast: 1, atMost: MOST_ITEMS },
        ReturnConsumedCapacity: COMMON.ReturnConsumedCapacity!,
        ReturnItemCollectionMetrics: COMMON.ReturnItemCollectionMetrics!,
        ClientRequestToken: { atLeast: 1, atMost: 36 },
      });
      const { ClientRequestToken: token } = input;
      const cost = token === undefined ? undefined : done.costOf(token, input);
      if (cost) return answered(input, [], cost, 'ReadCapacityUnits');

      const changes = all(input.TransactItems!.map((item) => plannedItem(db, item)));
      const units = changes.map((change) =>
        writeUnits(change, change.after === change.before ? [] : commit(db, change)),
      );
      if (token !== undefined) done.add(token, input, changes.map(repeatedAsRead));
      return answered(input, changes, units, 'WriteCapacityUnits');
    },

    TransactGetItems(input: DDB.TransactGetItemsCommandInput) {
      constrained(input, {
        TransactItems: { atLeast: 1, atMost: MOST_ITEMS },
        ReturnConsumedCapacity: COMMON.ReturnConsumedCapacity!,
      });
      const planned = input.TransactItems!.map(({ Get }) => plannedGet(db, 'TransactGetItems', Get ?? {}));
      const outcomes = planned.map(({ table, place }) => attempted(() => ({ table, place: place() })));
      const places = succeeded(outcomes);
      refuseTwice(places);
      const rows = places.map(({ table, place }) => table.rows.get(place));
      checkBytes(rows.map((row) => row?.size ?? 0));
      const units = rows.map((row, i) => ({
        table: planned[i]!.table,
        own: readUnits(row?.size ?? 0, true),
        indexes: [],
      }));
      const ConsumedCapacity = consumedByTable(input.ReturnConsumedCapacity, units, {
        as: 'ReadCapacityUnits',
        factor: 2,
      });
      return {
        Responses: rows.map((row, i) => (row ? { Item: planned[i]!.shown(row.item) } : {})),
        ...(ConsumedCapacity ? { ConsumedCapacity } : {}),
      } satisfies Answer<DDB.TransactGetItemsCommandOutput>;
    },
  };
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html */
const MOST_ITEMS = 100;
const MOST_BYTES = 4 * 2 ** 20;

const PLANS = {
  Put: plannedPut,
  Update: plannedUpdate,
  Delete: plannedDelete,
  ConditionCheck: plannedCheck,
};
function plannedItem(db: Database, item: DDB.TransactWriteItem): Planned {
  const verbs = (Object.keys(PLANS) as (keyof typeof PLANS)[]).filter((verb) => item[verb] !== undefined);
  const [verb] = verbs;
  if (!verb)
    throw invalid('Invalid Request: TransactWriteRequest should contain Delete or Put or Update request');
  if (verbs.length > 1) throw invalid('TransactItems can only contain one of Check, Put, Update or Delete');
  return PLANS[verb](db, item[verb]!);
}

/** What every item of the transaction would do; throws TransactionCanceledException if one of them cannot. */
function all(planned: Planned[]): (Change & { place: Place })[] {
  const places = planned.map(({ place }) => attempted(place));
  refuseTwice(
    places.flatMap((found, i) =>
      'value' in found ? [{ table: planned[i]!.table, place: found.value }] : [],
    ),
  );
  const outcomes = planned.map((item, i) => {
    const found = places[i]!;
    return 'error' in found ? found : attempted(() => weighed(item, found.value));
  });
  const changes = succeeded(outcomes);
  checkBytes(changes.map(({ before, after }) => (after ?? before)?.size ?? 0));
  return changes;
}

type Outcome<Value> = { value: Value } | { error: AwsError };

function attempted<Value>(run: () => Value): Outcome<Value> {
  try {
    return { value: run() };
  } catch (error) {
    if (error instanceof AwsError) return { error };
    throw error;
  }
}

function succeeded<Value>(outcomes: Outcome<Value>[]): Value[] {
  if (outcomes.some((outcome) => 'error' in outcome)) throw cancelled(outcomes);
  return outcomes.map((outcome) => (outcome as { value: Value }).value);
}

function cancelled(outcomes: Outcome<unknown>[]): AwsError {
  const CancellationReasons = outcomes.map((outcome): DDB.CancellationReason => {
    if (!('error' in outcome)) return { Code: 'None' };
    const { code, message, members } = outcome.error;
    return {
      Code: code === 'ConditionalCheckFailedException' ? 'ConditionalCheckFailed' : 'ValidationError',
      Message: message,
      ...members,
    };
  });
  const codes = CancellationReasons.map(({ Code }) => Code).join(', ');
  return new AwsError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { CancellationReasons },
  );
}

function refuseTwice(items: Parameters<typeof anyTwice>[0]): void {
  if (anyTwice(items)) throw invalid('Transaction request cannot include multiple operations on one item');
}

function checkBytes(sizes: number[]): void {
  if (sizes.reduce((sum, size) => sum + size, 0) > MOST_BYTES)
    throw invalid('Collection size of items in a transaction cannot exceed 4MB');
}

/** A repetition reads what the first one wrote, and is charged for that. */
const repeatedAsRead = ({ table, before, after }: Change): Units => ({
  table,
  own: readUnits((after ?? before)?.size ?? 0, true),
  indexes: [],
});

function answered(
  { ReturnConsumedCapacity, ReturnItemCollectionMetrics }: DDB.TransactWriteItemsCommandInput,
  changes: Change[],
  units: Units[],
  as: 'ReadCapacityUnits' | 'WriteCapacityUnits',
) {
  const ConsumedCapacity = consumedByTable(ReturnConsumedCapacity, units, { as, factor: 2 });
  const ItemCollectionMetrics = metricsByTable(ReturnItemCollectionMetrics, changes);
  return {
    ...(ConsumedCapacity ? { ConsumedCapacity } : {}),
    ...(ItemCollectionMetrics ? { ItemCollectionMetrics } : {}),
  } satisfies Answer<DDB.TransactWriteItemsCommandOutput>;
}
