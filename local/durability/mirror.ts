/** Maps that are kept as a whole: compared with what was written of them, so that nobody has to say what changed. */
import { deserialize, serialize } from 'node:v8';
import type { Entry } from './frames.ts';
import type { Journal } from './journal.ts';

/** How a value is written and read, where it is more than plain data. */
export interface Form<Value, Stored> {
  /** Plain data; undefined for a value that is not to be kept. */
  store(value: Value): Stored | undefined;
  load(stored: Stored, key: string): Value;
}

interface Mirror {
  shelf: string;
  map: Map<string, unknown>;
  store: (value: never) => unknown;
  /** By key, what was written last. */
  written: Map<string, Buffer>;
}

/** `soon` is called when maps are to be looked at. */
export function mirrors(journal: Journal, soon: () => void) {
  let all: Mirror[] = [];
  const touched = new Set<string>();
  let taken: { mirror: Mirror; key: string; bytes: Buffer | undefined }[] = [];

  const compare = (mirror: Mirror) => {
    for (const [key, value] of mirror.map) {
      const stored = mirror.store(value as never);
      const bytes = stored === undefined ? undefined : serialize(stored);
      const before = mirror.written.get(key);
      if (bytes ? !before?.equals(bytes) : before) taken.push({ mirror, key, bytes });
    }
    for (const key of mirror.written.keys())
      if (!mirror.map.has(key)) taken.push({ mirror, key, bytes: undefined });
  };

  return {
    add<Value, Stored>(shelf: string, map: Map<string, Value>, form?: Form<Value, Stored>): void {
      const mirror: Mirror = {
        shelf,
        map,
        store: form?.store ?? ((value: Value) => value),
        written: new Map(),
      };
      for (const key of journal.keys(shelf)) {
        const bytes = journal.read(shelf, key);
        const stored = deserialize(bytes) as Stored;
        map.set(key, form ? form.load(stored, key) : (stored as unknown as Value));
        mirror.written.set(key, bytes);
      }
      all.push(mirror);
    },
    /** `service` with its region: `eu-west-1/sqs`. */
    touch(service: string): void {
      touched.add(`${service}/`);
      soon();
    },
    /** What is other than it was written, of the services that were touched. */
    changes(): Entry[] {
      taken = [];
      for (const service of touched)
        for (const mirror of all) if (mirror.shelf.startsWith(service)) compare(mirror);
      return taken.map(({ mirror, key, bytes }) => ({ shelf: mirror.shelf, key, value: bytes }));
    },
    /** The changes have been written. */
    written(): void {
      touched.clear();
      for (const { mirror, key, bytes } of taken)
        if (bytes) mirror.written.set(key, bytes);
        else mirror.written.delete(key);
      taken = [];
    },
    forget(): void {
      all = [];
      touched.clear();
      taken = [];
    },
  };
}
