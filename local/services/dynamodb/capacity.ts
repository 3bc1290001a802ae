/** What operations cost. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html */
import type * as DDB from '@aws-sdk/client-dynamodb';
import type { Row } from './rows.ts';
import { samePlace, type Change, type Index, type IndexChange, type Table } from './table.ts';
import { sameItem } from './value.ts';

/** Capacity units by where they were used. */
export interface Units {
  table: Table;
  /** Of the table itself. */
  own: number;
  indexes: { index: Index; units: number }[];
}

/** One unit for each KB that is written, at least one; an index takes part only where it changes. */
export const writeUnits = ({ table, before, after }: Change, indexChanges: IndexChange[]): Units => ({
  table,
  own: Math.max(kilobytes(before?.size ?? 0), kilobytes(after?.size ?? 0)),
  indexes: indexChanges
    .map(({ index, before, after }) => ({ index, units: indexUnits(before, after) }))
    .filter(({ units }) => units > 0),
});

/** A row that moves within an index costs its removal and its insertion. */
function indexUnits(before: Row | undefined, after: Row | undefined): number {
  if (!before || !after) return before || after ? kilobytes((before ?? after)!.size) : 0;
  if (!samePlace(before, after)) return kilobytes(before.size) + kilobytes(after.size);
  return sameItem(before.item, after.item) ? 0 : Math.max(kilobytes(before.size), kilobytes(after.size));
}

const kilobytes = (bytes: number): number => Math.max(1, Math.ceil(bytes / 1024));

/** One unit for each 4 KB that is read consistently, at least one; half of it otherwise. */
export const readUnits = (bytes: number, consistent: boolean | undefined): number =>
  Math.max(1, Math.ceil(bytes / 4096)) * (consistent ? 1 : 0.5);

export interface Reporting {
  /** What transactions add: the units once more as reads or writes. @default only their sum is shown */
  as?: 'ReadCapacityUnits' | 'WriteCapacityUnits';
  /** Transactions cost double. @default 1 */
  factor?: number;
}

/** The answer's ConsumedCapacity for one table; empty unless the caller wants it. `all` are the units of one table. */
export function consumed(
  wanted: DDB.ReturnConsumedCapacity | undefined,
  all: Units[],
  { as, factor = 1 }: Reporting = {},
): DDB.ConsumedCapacity | undefined {
  if (!wanted || wanted === 'NONE' || all.length === 0) return undefined;
  const capacity = (units: number): DDB.Capacity => ({
    CapacityUnits: units * factor,
    ...(as ? { [as]: units * factor } : {}),
  });
  const own = all.reduce((units, it) => units + it.own, 0);
  const byIndex = new Map<Index, number>();
  for (const { index, units } of all.flatMap(({ indexes }) => indexes))
    byIndex.set(index, (byIndex.get(index) ?? 0) + units);
  const total = [...byIndex.values()].reduce((sum, units) => sum + units, own);
  const ofKind = (kind: Index['kind']) =>
    Object.fromEntries(
      [...byIndex]
        .filter(([index]) => index.kind === kind)
        .map(([{ name }, units]) => [name, capacity(units)]),
    );
  const [global, local] = [ofKind('global'), ofKind('local')];
  return {
    TableName: all[0]!.table.name,
    ...capacity(total),
    ...(wanted === 'INDEXES'
      ? {
          Table: capacity(own),
          ...(Object.keys(global).length > 0 ? { GlobalSecondaryIndexes: global } : {}),
          ...(Object.keys(local).length > 0 ? { LocalSecondaryIndexes: local } : {}),
        }
      : {}),
  };
}

/** As `consumed`, for operations on several tables. */
export function consumedByTable(
  wanted: DDB.ReturnConsumedCapacity | undefined,
  all: Units[],
  reporting?: Reporting,
): DDB.ConsumedCapacity[] | undefined {
  if (!wanted || wanted === 'NONE') return undefined;
  const tables = new Set(all.map(({ table }) => table));
  return [...tables].map((table) =>
    consumed(
      wanted,
      all.filter((it) => it.table === table),
      reporting,
    )!,
  );
}
