/**
 * The rows of a table or an index: partitions found by their hash key, each in the order of its sort key. A partition is
 * a sorted array, so a get is a look-up and a binary search, and a query a slice.
 */
import type { Item } from './value.ts';

export interface Row {
  item: Item;
  /** Bytes. */
  size: number;
  /** The hash key as sortable text. */
  hash: string;
  /** The sort key as sortable text; empty where the table has none. */
  range: string;
  /** Tells rows of an index with the same keys apart: the table's own key. Empty in a table. */
  tie: string;
}

/** Where a row is or would be. */
export type Place = Pick<Row, 'hash' | 'range' | 'tie'>;

export interface Partition {
  /** From 0 to 2^32 - 1; a scan goes by it, and its segments are ranges of it. */
  token: number;
  hash: string;
  rows: Row[];
}

export type Rows = ReturnType<typeof rowsByKey>;

export function rowsByKey() {
  const partitions = new Map<string, Partition>();
  let scanOrder: Partition[] | undefined;
  let count = 0;
  let bytes = 0;

  const partitionFor = (hash: string): Partition => {
    let partition = partitions.get(hash);
    if (!partition) {
      partition = { token: token(hash), hash, rows: [] };
      partitions.set(hash, partition);
      scanOrder = undefined;
    }
    return partition;
  };

  return {
    count: () => count,
    bytes: () => bytes,
    get(place: Place): Row | undefined {
      const rows = partitions.get(place.hash)?.rows;
      if (!rows) return undefined;
      const row = rows[position(rows, place)];
      return row && samePlace(row, place) ? row : undefined;
    },
    /** Puts a row in its place, instead of the one that was there. */
    put(row: Row): void {
      const { rows } = partitionFor(row.hash);
      const at = position(rows, row);
      const before = rows[at];
      const replaces = before !== undefined && samePlace(before, row);
      if (replaces || at === rows.length) rows[at] = row;
      else rows.splice(at, 0, row);
      count += replaces ? 0 : 1;
      bytes += row.size - (replaces ? before.size : 0);
    },
    remove(place: Place): void {
      const partition = partitions.get(place.hash);
      if (!partition) return;
      const at = position(partition.rows, place);
      const before = partition.rows[at];
      if (!before || !samePlace(before, place)) return;
      partition.rows.splice(at, 1);
      count--;
      bytes -= before.size;
      if (partition.rows.length > 0) return;
      partitions.delete(place.hash);
      scanOrder = undefined;
    },
    partition: (hash: string): readonly Row[] => partitions.get(hash)?.rows ?? [],
    /** All partitions in the order of a scan. */
    scan: (): readonly Partition[] =>
      (scanOrder ??= [...partitions.values()].sort((a, b) => a.token - b.token || compare(a.hash, b.hash))),
  };
}

/** The first position in `rows` that is not before `place`. */
export function position(rows: readonly Row[], place: Pick<Row, 'range' | 'tie'>): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (byPlace(rows[middle]!, place) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** FNV-1a over the key, spread once more: like DynamoDB's own hash it tells nothing of the key's order. */
export function token(hash: string): number {
  let state = 0x811c9dc5;
  for (let i = 0; i < hash.length; i++) state = Math.imul(state ^ hash.charCodeAt(i), 0x01000193);
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  return (state ^ (state >>> 13)) >>> 0;
}

export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const byPlace = (a: Pick<Row, 'range' | 'tie'>, b: Pick<Row, 'range' | 'tie'>): number =>
  compare(a.range, b.range) || compare(a.tie, b.tie);

const samePlace = (a: Place, b: Place): boolean => a.range === b.range && a.tie === b.tie;
