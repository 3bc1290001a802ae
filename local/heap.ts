/** An item and its moment; hand it back to remove it. */
export interface Entry<T> {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly item: T;
  /** Among entries of the same moment the one that was added first comes first. */
  readonly order: number;
  /** Where it is in the heap. */
  place: number;
}

/** A binary heap by time. An entry knows its place, so that it can be removed without a search. */
export interface Heap<T> {
  first(): Entry<T> | undefined;
  add(at: number, item: T): Entry<T>;
  /** Safe to call twice. */
  remove(entry: Entry<T>): void;
  /** All items, in no particular order. */
  items(): T[];
  clear(): void;
}

export function heap<T>(): Heap<T> {
  let entries: Entry<T>[] = [];
  let order = 0;

  const put = (entry: Entry<T>, place: number) => {
    entries[place] = entry;
    entry.place = place;
  };
  const up = (entry: Entry<T>) => {
    while (entry.place > 0) {
      const parent = entries[(entry.place - 1) >> 1]!;
      if (!before(entry, parent)) return;
      const { place } = parent;
      put(parent, entry.place);
      put(entry, place);
    }
  };
  const down = (entry: Entry<T>) => {
    for (;;) {
      const left = entries[2 * entry.place + 1];
      const right = entries[2 * entry.place + 2];
      const least = right && before(right, left!) ? right : left;
      if (!least || !before(least, entry)) return;
      const { place } = least;
      put(least, entry.place);
      put(entry, place);
    }
  };

  return {
    first: () => entries[0],
    add(at, item) {
      const entry = { at, item, order: order++, place: entries.length };
      entries.push(entry);
      up(entry);
      return entry;
    },
    remove(entry) {
      if (entries[entry.place] !== entry) return;
      const last = entries.pop()!;
      if (last === entry) return;
      put(last, entry.place);
      up(last);
      down(last);
    },
    items: () => entries.map(({ item }) => item),
    clear: () => void (entries = []),
  };
}

const before = (a: Entry<unknown>, b: Entry<unknown>): boolean =>
  a.at < b.at || (a.at === b.at && a.order < b.order);
