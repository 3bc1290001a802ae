/**
 * A doubly linked line: joining at the end and leaving from anywhere take the same small time however long it is, and
 * what has left leaves nothing behind. An item stands in one line at a time.
 */
export interface Line<T> {
  first: T | undefined;
  last: T | undefined;
}

/** What can stand in a line. */
export interface Standing<T> {
  /** @default stands in no line */
  line?: Line<T> | undefined;
  before?: T | undefined;
  after?: T | undefined;
}

export const line = <T>(): Line<T> => ({ first: undefined, last: undefined });

/** Stands at the end of `line`, having left the line where it stood. */
export function join<T extends Standing<T>>(line: Line<T>, item: T): void {
  leave(item);
  item.line = line;
  item.before = line.last;
  if (line.last) line.last.after = item;
  else line.first = item;
  line.last = item;
}

/** Leaves the line where it stands, if it does. */
export function leave<T extends Standing<T>>(item: T): void {
  const { line, before, after } = item;
  if (!line) return;
  if (before) before.after = after;
  else line.first = after;
  if (after) after.before = before;
  else line.last = before;
  item.line = item.before = item.after = undefined;
}
