import type { Shelf } from '../../durability/shelf.ts';

/** Remembers values for `ms` and forgets them without looking through them: a full generation is dropped as a whole. */
export interface Remembered<T> {
  get(key: string): T | undefined;
  set(key: string, value: T): void;
  delete(key: string): void;
  clear(): void;
}

interface Kept<T> {
  value: T;
  /** Milliseconds since 1970. */
  until: number;
}

/** @param shelf what is to outlive the process. @default nothing is */
export function remembered<T>(ms: number, now: () => number, shelf?: Shelf<Kept<T>>): Remembered<T> {
  let young = new Map<string, Kept<T>>(shelf?.records());
  let old = new Map<string, Kept<T>>();
  let turn = young.size > 0 ? now() + ms : 0;

  const age = () => {
    if (now() < turn) return;
    const recent = now() < turn + ms;
    if (shelf) {
      for (const key of old.keys()) if (!young.has(key)) shelf.delete(key);
      if (!recent) for (const key of young.keys()) shelf.delete(key);
    }
    old = recent ? young : new Map();
    young = new Map();
    turn = now() + ms;
  };

  return {
    get(key) {
      const kept = young.get(key) ?? old.get(key);
      return kept && now() < kept.until ? kept.value : undefined;
    },
    set(key, value) {
      age();
      const kept = { value, until: now() + ms };
      young.set(key, kept);
      shelf?.put(key, kept);
    },
    delete(key) {
      young.delete(key);
      old.delete(key);
      shelf?.delete(key);
    },
    clear() {
      shelf?.clear();
      young.clear();
      old.clear();
    },
  };
}
