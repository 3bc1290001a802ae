/** One process at a time uses a folder. A process that was killed leaves its lock behind; that holds up nobody. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataFolderError } from './failure.ts';

/** Folders of this process: its own lock says nothing about them. */
const held = new Set<string>();

/** Takes the folder and returns how to give it back. Throws when another process has it. */
export function lock(folder: string): () => void {
  const path = join(folder, 'lock');
  const holder = readHolder(path);
  if (held.has(path) || (holder && holder.pid !== process.pid && isRunning(holder)))
    throw new DataFolderError(
      `${folder} is in use by process ${holder?.pid ?? process.pid}. End it, or take another folder.`,
    );
  rmSync(path, { force: true });
  try {
    writeFileSync(path, JSON.stringify({ pid: process.pid, began: beginningOf(process.pid) }), {
      flag: 'wx',
    });
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error;
    throw new DataFolderError(`${folder} is being taken by another process.`, { cause: error });
  }
  held.add(path);
  return () => {
    held.delete(path);
    rmSync(path, { force: true });
  };
}

interface Holder {
  pid: number;
  /** Tells a process from a later one of the same number, where the system says. @default it does not */
  began?: string;
}

function readHolder(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch {
    return undefined; // there is none, or it was cut short by a kill
  }
}

function isRunning({ pid, began }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as { code?: string }).code === 'ESRCH') return false;
  }
  return began === undefined || beginningOf(pid) === began;
}

/**
 * When a process began, on Linux: boot and clock ticks; nothing for one that has ended and is only remembered.
 * https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
function beginningOf(pid: number): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? undefined : `${boot} ${fields[18]}`;
  } catch {
    return undefined;
  }
}
