/**
 * What a world keeps beyond the life of its process.
 *
 * A service names its shelves after itself (`sqs/messages`) and fills its state from them when it starts. Small state
 * that changes seldom lies in maps: `map` compares them with what was written whenever an operation may have changed
 * the service. What is large or changes with every call goes through `shelf`, record by record. Work that was accepted
 * and is not done goes through `tasks`. All changes of one turn are written together, at the latest before the answer
 * to the request that caused them leaves.
 */
import { mkdirSync } from 'node:fs';
import type { Guard } from '../dispatch.ts';
import { changes } from './changes.ts';
import { openJournal, type Journal } from './journal.ts';
import { lock } from './lock.ts';
import { mirrors, type Form } from './mirror.ts';
import type { Shelf } from './shelf.ts';

/** For one region. Records are what the structured clone algorithm can copy. */
export interface Durability {
  /** @param form what to write of a value, as it is at the end of the turn. @default the value itself */
  shelf<Value, Stored = Value>(name: string, form?: (value: Value) => Stored): Shelf<Value, Stored>;
  /** Fills the map with what was kept, and keeps what it will hold. */
  map<Value, Stored = Value>(name: string, map: Map<string, Value>, form?: Form<Value, Stored>): void;
  /** State in maps has changed other than by an operation of the service: by the passing of time. */
  changed(service: string): void;
  /** Calls `run` when all services have started. */
  onceStarted(run: () => void): void;
  /** Notes which services a call may have changed. */
  guard: Guard;
}

/** A folder that worlds are kept in. */
export interface Storage {
  region(name: string): Durability;
  /** Those that something is kept of. */
  regions(): string[];
  /** Writes what has changed; throws when that cannot be done. */
  flush(): void;
  /** Resolves when what has changed by now is written, together with all that changes in this turn. */
  written(): Promise<void>;
  /** All services of a world have started: tells those who wait for it, as soon as functions can call back. */
  started(): void;
  /** Functions can call back from now on. */
  reachable(): void;
  /** Forgets everything, except for how the services fill and follow their maps from now on. */
  clear(): void;
  /** Writes what has changed and gives the folder back; what happens later is not kept. */
  close(): void;
}

/**
 * Throws when another process has the folder, or its journal cannot be read.
 * @param reachable whether functions can call back from the start
 */
export function openStorage(folder: string, reachable: boolean): Storage {
  mkdirSync(folder, { recursive: true });
  const unlock = lock(folder);
  try {
    return storageIn(openJournal(folder), unlock, reachable);
  } catch (error) {
    unlock();
    throw error;
  }
}

function storageIn(journal: Journal, unlock: () => void, reachable: boolean): Storage {
  const waiting: (() => void)[] = [];
  let scheduled: NodeJS.Immediate | undefined;
  const whenWritten: (() => void)[] = [];
  let closed = false;

  const flush = () => {
    clearImmediate(scheduled);
    scheduled = undefined;
    if (!closed) {
      const entries = [...mirrored.changes(), ...changed.entries()];
      if (entries.length > 0) journal.write(entries);
      mirrored.written();
      changed.forget();
    }
    for (const tell of whenWritten.splice(0)) tell();
  };
  const soon = () => void (scheduled ??= setImmediate(flush));
  const mirrored = mirrors(journal, soon);
  const changed = changes(journal, soon);
  const regions = new Map<string, Durability>();
  const started = () => {
    if (reachable) for (const run of waiting.splice(0)) run();
  };

  return {
    region(name) {
      const known = regions.get(name) ?? ofRegion(name, mirrored, changed, (run) => void waiting.push(run));
      regions.set(name, known);
      return known;
    },
    regions: () => [...new Set(journal.shelves().map((shelf) => shelf.slice(0, shelf.indexOf('/'))))],
    flush,
    written: async () => {
      if (scheduled) await new Promise<void>((resolve) => whenWritten.push(resolve));
    },
    started,
    reachable() {
      reachable = true;
      started();
    },
    clear() {
      changed.forget();
      mirrored.forget();
      waiting.length = 0;
      journal.clear();
    },
    close() {
      if (closed) return;
      flush();
      closed = true;
      journal.close();
      unlock();
    },
  };
}

const ofRegion = (
  region: string,
  mirrored: ReturnType<typeof mirrors>,
  changed: ReturnType<typeof changes>,
  onceStarted: Durability['onceStarted'],
): Durability => ({
  shelf: (name, form) => changed.shelf(`${region}/${name}`, form),
  map: (name, map, form) => mirrored.add(`${region}/${name}`, map, form),
  changed: (service) => mirrored.touch(`${region}/${service}`),
  onceStarted,
  async guard(step, run) {
    try {
      return await run(step);
    } finally {
      if (!LEAVES_MAPS_ALONE.test(step.operation)) mirrored.touch(`${region}/${step.service}`);
    }
  },
});

/** Operations that read, and those whose changes go to shelves record by record: too many to look at maps each time. */
const LEAVES_MAPS_ALONE =
  /^(Get|List|Describe|Head|Query|Scan|Select|Search|Test|Validate|Assume|Invoke$|PutEvents$|PutLogEvents$|PutMetricData$|Publish(Batch)?$|(Send|Receive|Delete)Message|ChangeMessageVisibility|((Batch|Transact)(Get|Write)|Put|Update|Delete)Items?$|(Put|Delete|Copy)Objects?$)/;
