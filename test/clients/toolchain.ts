/** Clients are installed once, from their registries, into a folder of the temp folder that is named after what decides it. */
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A command on the path may still not work: placeholders of version managers are there without what they stand for. */
export function works(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Resolves with what it wrote to standard output; rejects with what it wrote to standard error. */
export async function run(
  command: string,
  args: string[],
  { env, cwd }: { env?: Record<string, string>; cwd?: string } = {},
): Promise<string> {
  const { stdout } = await promisify(execFile)(command, args, {
    ...(cwd === undefined ? {} : { cwd }),
    ...(env && { env }),
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}

/**
 * The folder in which `install` has run to its end, now or before.
 * @param inputs all that decides what comes out: versions, and contents of files
 */
export async function installed(
  inputs: string[],
  install: (folder: string) => Promise<unknown>,
): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(inputs)).digest('hex').slice(0, 12);
  const folder = join(tmpdir(), 'spillway-clients', hash);
  const complete = join(folder, 'complete');
  if (existsSync(complete)) return folder;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await install(folder);
  await writeFile(complete, '');
  return folder;
}

/** Why nothing in Python can run here; undefined where it can. */
export const missingPython = works('python3', '-c', 'import ensurepip, venv')
  ? undefined
  : 'there is no python3 with venv on the path';

/** The folder of commands of a Python environment with these packages. */
export async function pythonWith(...packages: string[]): Promise<string> {
  const folder = await installed(['python3', ...packages], async (folder) => {
    await run('python3', ['-m', 'venv', folder]);
    await run(join(folder, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', ...packages]);
  });
  return join(folder, 'bin');
}
