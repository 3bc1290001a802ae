/**
 * Records by key in one file that only grows: of each key the last record counts. What is written together is there
 * together or not at all, since a frame counts only when it is whole. When most of the file is history, what still
 * counts is copied to a new one.
 *
 * A killed process loses nothing that `write` returned from: the operating system has it. A machine that loses power
 * may lose the last seconds, because nothing waits for the disk.
 */
import { closeSync, existsSync, fdatasyncSync, ftruncateSync, openSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  encoded,
  FIRST_BYTES,
  framesIn,
  GONE,
  readExactly,
  writeWhole,
  type Entry,
  type Placed,
} from './frames.ts';

export interface Journal {
  /** Names of all shelves that have records. */
  shelves(): string[];
  /** In the order in which the keys were first written. */
  keys(shelf: string): Iterable<string>;
  has(shelf: string, key: string): boolean;
  read(shelf: string, key: string): Buffer;
  /** All of them or none. Throws what the file system throws; the records can be written again then. */
  write(entries: Entry[]): void;
  /** Forgets everything. */
  clear(): void;
  close(): void;
}

/** Where a value lies in the file. */
interface Place {
  at: number;
  length: number;
}

/** Bytes of history that are never worth a copy. */
const SPARE = 32 * 2 ** 20;
/** Bytes of one frame of a copy. */
const COPIED_AT_ONCE = 2 ** 20;

/** Opens the journal of a folder, or begins one. Throws for a file that is damaged or of another version. */
export function openJournal(folder: string): Journal {
  const path = join(folder, 'journal');
  rmSync(`${path}.next`, { force: true }); // a copy that was not finished
  const places = placesOf();
  let file = existsSync(path) ? openSync(path, 'r+') : begun(path);
  let size = 0;
  const read = ({ at, length }: Place) => readExactly(file, at, length);

  for (const { entries, end } of framesIn(file, path)) {
    entries.forEach(places.note);
    size = end;
  }
  if (size === 0) {
    writeWhole(file, FIRST_BYTES, 0);
    size = FIRST_BYTES.length;
  }
  ftruncateSync(file, size); // a record that a kill cut short was never acknowledged

  /** Copies what counts, and goes on in the copy. */
  const compact = () => {
    const copy = begun(`${path}.next`);
    const copied = copyTo(copy, places.shelves, read);
    renameSync(`${path}.next`, path);
    closeSync(file);
    file = copy;
    size = copied.size;
    places.clear();
    copied.placed.forEach(places.note);
  };

  return {
    shelves: () => [...places.shelves.keys()],
    keys: (shelf) => [...(places.shelves.get(shelf)?.keys() ?? [])],
    has: (shelf, key) => places.shelves.get(shelf)?.has(key) ?? false,
    read: (shelf, key) => read(places.shelves.get(shelf)!.get(key)!),
    write(entries) {
      const { frame, placed } = encoded(entries, size);
      try {
        writeWhole(file, frame, size);
      } catch (error) {
        ftruncateSync(file, size);
        throw error;
      }
      placed.forEach(places.note);
      size += frame.length;
      if (size > 2 * places.live() + SPARE) compact();
    },
    clear() {
      ftruncateSync(file, FIRST_BYTES.length);
      size = FIRST_BYTES.length;
      places.clear();
    },
    close: () => closeSync(file),
  };
}

/** Where the last value of each key lies, by shelf. */
function placesOf() {
  const shelves = new Map<string, Map<string, Place>>();
  let live = 0;
  return {
    shelves,
    /** Bytes of all values that count. */
    live: () => live,
    note({ shelf, key, at, length }: Placed) {
      const places = shelves.get(shelf) ?? new Map<string, Place>();
      live -= places.get(key)?.length ?? 0;
      if (length === GONE) places.delete(key);
      else places.set(key, { at, length });
      live += length === GONE ? 0 : length;
      if (places.size > 0) shelves.set(shelf, places);
      else shelves.delete(shelf);
    },
    clear() {
      shelves.clear();
      live = 0;
    },
  };
}

/** Writes everything that counts into a file that was just begun, and has the disk take it. */
function copyTo(copy: number, shelves: Map<string, Map<string, Place>>, read: (place: Place) => Buffer) {
  const all: Placed[] = [];
  let size = FIRST_BYTES.length;
  let part: Entry[] = [];
  let bytes = 0;
  const finishPart = () => {
    const { frame, placed } = encoded(part, size);
    writeWhole(copy, frame, size);
    for (const place of placed) all.push(place);
    size += frame.length;
    part = [];
    bytes = 0;
  };
  for (const [shelf, places] of shelves)
    for (const [key, place] of places) {
      part.push({ shelf, key, value: read(place) });
      bytes += place.length;
      if (bytes >= COPIED_AT_ONCE) finishPart();
    }
  if (part.length > 0) finishPart();
  fdatasyncSync(copy);
  return { placed: all, size };
}

function begun(path: string): number {
  const file = openSync(path, 'w+');
  writeWhole(file, FIRST_BYTES, 0);
  return file;
}
