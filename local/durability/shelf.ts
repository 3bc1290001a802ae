/** Records that outlive the process, one by one. */
export interface Shelf<Value, Stored = Value> {
  /** What was kept, in the order in which the keys were first put. */
  records(): [key: string, record: Stored][];
  put(key: string, value: Value): void;
  delete(key: string): void;
  /** Deletes all of them. */
  clear(): void;
}
