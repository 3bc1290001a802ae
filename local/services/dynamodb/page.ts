/** Walking rows in order, a page at a time. */
import { compare, position, token, type Partition, type Place, type Row } from './rows.ts';
import type { Selection } from './expression/key-condition.ts';

export interface Page {
  rows: Row[];
  /** Bytes of these rows. */
  bytes: number;
  /** The last row, if there may be more behind it. */
  last: Row | undefined;
}

export interface Bounds {
  /** Rows. @default only bytes count */
  limit: number | undefined;
  /** The place of the last row of the page before. @default from the start */
  after: Place | undefined;
}

/** A query or scan stops once it has read this much. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const PAGE_BYTES = 2 ** 20;

/** A page of what is selected of one partition, in the order of its sort keys or against it. */
export function queried(
  rows: readonly Row[],
  selected: Selection['range'],
  { limit, after }: Bounds,
  forward: boolean,
): Page {
  let [start, end] = span(rows, selected);
  if (after && forward) start = Math.max(start, behind(rows, after));
  if (after && !forward) end = Math.min(end, position(rows, after));
  return filled(forward ? slice(rows, start, end) : backwards(rows, start, end), limit);
}

/** Whether a place is among what is selected. */
export function within({ range, tie }: Place, selected: Selection['range']): boolean {
  const [start, end] = span([{ range, tie } as Row], selected);
  return end > start;
}

/** A page of a segment of all partitions. */
export function scanned(
  partitions: readonly Partition[],
  { limit, after }: Bounds,
  segment: { number: number; of: number } = { number: 0, of: 1 },
): Page {
  return filled(inSegment(partitions, after, segment), limit);
}

/** The first segment's tokens are the lowest, and so on. */
function* inSegment(
  partitions: readonly Partition[],
  after: Place | undefined,
  segment: { number: number; of: number },
): Generator<Row> {
  const low = Math.ceil((segment.number * 2 ** 32) / segment.of);
  const high = Math.ceil(((segment.number + 1) * 2 ** 32) / segment.of);
  const afterToken = after ? token(after.hash) : -1;
  const first = firstIndex(partitions, (it) => {
    if (it.token < low) return false;
    return !after || it.token > afterToken || (it.token === afterToken && compare(it.hash, after.hash) >= 0);
  });
  for (let i = first; i < partitions.length && partitions[i]!.token < high; i++) {
    const { hash, rows } = partitions[i]!;
    yield* slice(rows, after?.hash === hash ? behind(rows, after) : 0, rows.length);
  }
}

function filled(rows: Iterable<Row>, limit: number | undefined): Page {
  const page: Page = { rows: [], bytes: 0, last: undefined };
  for (const row of rows) {
    page.rows.push(row);
    page.bytes += row.size;
    if (page.rows.length === limit || page.bytes >= PAGE_BYTES) {
      page.last = row;
      break;
    }
  }
  return page;
}

function* slice(rows: readonly Row[], start: number, end: number): Generator<Row> {
  for (let i = start; i < end; i++) yield rows[i]!;
}

function* backwards(rows: readonly Row[], start: number, end: number): Generator<Row> {
  for (let i = end - 1; i >= start; i--) yield rows[i]!;
}

/** From the first position that is selected to the one behind the last. */
function span(rows: readonly Row[], selected: Selection['range']): [number, number] {
  if (!selected) return [0, rows.length];
  const [low, high = low] = selected.values as [string, string?];
  const from = firstIndex(rows, ({ range }) => range >= low);
  const to = firstIndex(rows, ({ range }) => range > high);
  switch (selected.operator) {
    case '=':
    case 'BETWEEN':
      return [from, to];
    case '<':
      return [0, from];
    case '<=':
      return [0, to];
    case '>':
      return [to, rows.length];
    case '>=':
      return [from, rows.length];
    case 'begins_with':
      return [from, firstIndex(rows, ({ range }) => range > low && !range.startsWith(low))];
  }
}

/** The first position behind a place, whether or not a row is there. */
function behind(rows: readonly Row[], place: Place): number {
  const at = position(rows, place);
  const row = rows[at];
  return row && row.range === place.range && row.tie === place.tie ? at + 1 : at;
}

/** The first of a sorted list of which `holds` is true; it is true of all behind that, too. */
function firstIndex<Element>(elements: readonly Element[], holds: (element: Element) => boolean): number {
  let low = 0;
  let high = elements.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(elements[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
