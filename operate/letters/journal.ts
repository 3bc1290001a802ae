import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
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
  /** Throws where nothing can be written down. Before anything is sent. */
  begin(): void;
  /** On disk when it returns. */
  sent(letterId: string): void;
  deleted(letterId: string): void;
  /** Forgets what is over with. */
  close(): void;
}

export function openJournal(path: string): Journal {
  const open = new Set(read(path));
  const write = (letterIds: Iterable<string>, to = path) => {
    mkdirSync(dirname(path), { recursive: true });
    const file = openSync(to, to === path ? 'a' : 'w');
    for (const letterId of letterIds) writeSync(file, `${JSON.stringify(letterId)}\n`);
    fsyncSync(file);
    closeSync(file);
  };
  return {
    has: (letterId) => open.has(letterId),
    begin: () => write([]),
    sent(letterId) {
      write([letterId]);
      open.add(letterId);
    },
    deleted: (letterId) => void open.delete(letterId),
    close() {
      if (open.size === 0) return rmSync(path, { force: true });
      write(open, `${path}.new`);
      renameSync(`${path}.new`, path); // whoever is killed here has the one or the other
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
