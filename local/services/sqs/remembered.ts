/** Remembers values for `ms` and forgets them without looking through them: a full generation is dropped as a whole. */
export interface Remembered<T> {
  get(key: string): T | undefined;
  set(key: string, value: T): void;
  delete(key: string): void;
  clear(): void;
}

export function remembered<T>(ms: number, now: () => number): Remembered<T> {
  interface Kept {
    value: T;
    until: number;
  }
  let young = new Map<string, Kept>();
  let old = new Map<string, Kept>();
  let turn = 0;

  const age = () => {
    if (now() < turn) return;
    old = now() < turn + ms ? young : new Map();
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
      young.set(key, { value, until: now() + ms });
    },
    delete(key) {
      young.delete(key);
      old.delete(key);
    },
    clear() {
      young.clear();
      old.clear();
    },
  };
}
