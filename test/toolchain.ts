/**
 * Tools and servers of others that tests need. Each is fetched once, from its registry, into a folder of the user's cache
 * that is named after what decides its contents.
 */
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
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
 * The folder in which `install` has run to its end, now or before. Throws in one line when it cannot, as without a network.
 * @param name what it is, for people and as the beginning of the folder's name
 * @param inputs all that decides what comes out: versions, and contents of files
 */
export async function installed(
  name: string,
  inputs: string[],
  install: (folder: string) => Promise<unknown>,
): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(inputs)).digest('hex').slice(0, 12);
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  const folder = join(cache, 'spillway', `${name}-${hash}`);
  const complete = join(folder, 'complete');
  if (existsSync(complete)) return folder;
  console.log(`Installing ${name} into ${folder}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await install(folder).catch((error: Error & { stderr?: string }) => {
    const message = `${name} cannot be installed: ${reasonIn(error.stderr || error.message)}`;
    throw Object.assign(new Error(message), { stack: '' }); // nothing in the code is to blame
  });
  await writeFile(complete, '');
  return folder;
}

/** The line in which pip, Maven or npm say what is wrong; others say it last. */
const reasonIn = (output: string): string =>
  (/^\s*(\[?ERROR|npm error).*$/m.exec(output)?.[0] ?? output.trim().split('\n').at(-1)!).trim();

/** Why nothing in Python can run here; undefined where it can. */
export const missingPython = works('python3', '-c', 'import ensurepip, venv')
  ? undefined
  : 'there is no python3 with venv on the path';

/** The folder of commands of a Python environment with these packages. */
export async function pythonWith(...packages: string[]): Promise<string> {
  const name = packages[0]!.replaceAll(/\W+/g, '-');
  const folder = await installed(name, packages, (folder) => pip('python3', folder, ...packages));
  return join(folder, 'bin');
}

/** Makes a Python environment in the folder. @param wanted packages, and other arguments of `pip install` */
export async function pip(python: string, folder: string, ...wanted: string[]): Promise<void> {
  await run(python, ['-m', 'venv', folder]);
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...wanted];
  await run(join(folder, 'bin', 'python'), install);
}

/** Why nothing in Java can be fetched and run here; undefined where it can. */
export const missingJava =
  works('java', '-version') && works('mvn', '-version')
    ? undefined
    : 'there is no working java (17) and mvn on the path';

/** Puts the jars that a pom.xml asks for into the folder. */
export const jarsOf = (pom: string, folder: string): Promise<string> =>
  run('mvn', ['-q', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${folder}`]);
