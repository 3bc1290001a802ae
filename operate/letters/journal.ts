import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/**
 * Which letters were sent on and not deleted yet, one JSON text a line. Whoever is killed between the two leaves them
 * written down, and the next run deletes them without sending them again.
 */
export interface Journal {
  has(letterId: string): boolean;
  /** On disk when it returns. */
  sent(letterId: string): void;
  deleted(letterId: string): void;
  /** Forgets what is over with. */
  close(): void;
}

export function openJournal(path: string): Journal {
  const open = new Set(read(path));
  const write = (letterIds: Iterable<string>, flags: 'a' | 'w') => {
    mkdirSync(dirname(path), { recursive: true });
    const file = openSync(path, flags);
    for (const letterId of letterIds) writeSync(file, `${JSON.stringify(letterId)}\n`);
    fsyncSync(file);
    closeSync(file);
  };
  return {
    has: (letterId) => open.has(letterId),
    sent(letterId) {
      write([letterId], 'a');
      open.add(letterId);
    },
    deleted: (letterId) => void open.delete(letterId),
    close() {
      if (open.size > 0) write(open, 'w');
      else rmSync(path, { force: true });
    },
  };
}

/** A line that a kill cut short was not acknowledged. */
function read(path: string): string[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => (/^"[^"]+"$/.test(line) ? (JSON.parse(line) as string) : []));
}
