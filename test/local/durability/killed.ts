/** A world with a folder, and the world that the next process would make of it. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { startLocal, type Local, type LocalOptions } from '../../../local/index.ts';

export interface Kept extends Local {
  folder: string;
  /** Goes on as after `kill -9`: with what has been written by now, and nothing else. The killed one hears of nothing. */
  killed(options?: LocalOptions): Promise<Kept>;
}

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-data-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Ends with the test. */
export async function startKept(options: LocalOptions = {}): Promise<Kept> {
  const folder = options.data ?? newFolder();
  const local = await startLocal({ ...options, data: folder });
  onTestFinished(() => local.stop());
  return {
    ...local,
    folder,
    killed: (changed = {}) => startKept({ ...options, ...changed, data: copyOf(folder) }),
  };
}

/** A folder with what is written in another by now, and without its lock. */
export function copyOf(folder: string): string {
  const copy = newFolder();
  copyFileSync(join(folder, 'journal'), join(copy, 'journal'));
  return copy;
}
