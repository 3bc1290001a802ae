/** What services put on shelves and took from them since it was last written: of each key, how it is now. */
import { deserialize, serialize } from 'node:v8';
import type { Entry } from './frames.ts';
import type { Journal } from './journal.ts';
import type { Shelf } from './shelf.ts';

interface Change {
  shelf: string;
  key: string;
  value: unknown;
  form: ((value: never) => unknown) | undefined;
}

const GONE = Symbol('gone');

/** `soon` is called when there is something to write. */
export function changes(journal: Journal, soon: () => void) {
  let all = new Map<string, Change>();

  const change = (change: Change) => {
    const id = `${change.shelf} ${change.key}`;
    if (change.value !== GONE || journal.has(change.shelf, change.key)) all.set(id, change);
    else all.delete(id); // it came and went in one turn
    soon();
  };
  const remove = (shelf: string, key: string) => change({ shelf, key, value: GONE, form: undefined });

  return {
    shelf: <Value, Stored>(shelf: string, form?: (value: Value) => Stored): Shelf<Value, Stored> => ({
      records: () =>
        Array.from(journal.keys(shelf), (key) => [key, deserialize(journal.read(shelf, key)) as Stored]),
      put: (key, value) => change({ shelf, key, value, form }),
      delete: (key) => remove(shelf, key),
      clear() {
        for (const each of all.values()) if (each.shelf === shelf) remove(shelf, each.key);
        for (const key of journal.keys(shelf)) remove(shelf, key);
      },
    }),
    /** The changes as they are to be written. */
    entries: (): Entry[] =>
      Array.from(all.values(), ({ shelf, key, value, form }) => ({
        shelf,
        key,
        value: value === GONE ? undefined : serialize(form ? form(value as never) : value),
      })),
    forget: () => void (all = new Map()),
  };
}
