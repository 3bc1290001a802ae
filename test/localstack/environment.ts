/** What LocalStack needs, installed once into a folder of the user's cache: a Python environment, and DynamoDB Local. */
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The last version with an open edition. */
const LOCALSTACK = 'localstack-core[runtime]==4.14.0';

export interface Environment {
  folder: string;
  /** The Python that has LocalStack. */
  python: string;
  /** The folder with the jars of DynamoDB Local. */
  jars: string;
}

const here = fileURLToPath(new URL('.', import.meta.url));
const PINS = join(here, 'constraints.txt');
const EXECUTOR = join(here, 'executor');
const DYNAMODB_LOCAL = join(here, '../differential/pom.xml');

const python313 = [
  'python3.13',
  ...pyenvVersions('3.13.').map((folder) => join(folder, 'bin', 'python3.13')),
].find((command) => runs(command, '-c', 'import ensurepip, venv'));

/** Why LocalStack cannot run here; undefined where it can. */
export const missing =
  python313 === undefined
    ? 'LocalStack 4.14 needs Python 3.13: there is no working python3.13 on the path or in pyenv'
    : !runs('java', '-version') || !runs('mvn', '-version')
      ? 'DynamoDB Local needs Java 17 and Maven: there is no working java and mvn on the path'
      : undefined;

/** Installs what is not there yet: one to three minutes the first time, nothing afterwards. A changed pin makes a new folder. */
export async function installed(): Promise<Environment> {
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  const folder = join(cache, 'spillway', `localstack-${versionOfInputs()}`);
  const environment = { folder, python: join(folder, 'python', 'bin', 'python'), jars: join(folder, 'jars') };
  const complete = join(folder, 'complete');
  if (existsSync(complete)) return environment;

  console.log(`Installing LocalStack and DynamoDB Local into ${folder}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await cp(EXECUTOR, join(folder, 'executor'), { recursive: true });
  await run(python313!, '-m', 'venv', join(folder, 'python'));
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--constraint', PINS];
  await run(environment.python, ...pip, LOCALSTACK, join(folder, 'executor'));
  const copy = ['dependency:copy-dependencies', `-DoutputDirectory=${environment.jars}`];
  await run('mvn', '--quiet', '--file', DYNAMODB_LOCAL, ...copy);
  await writeFile(complete, '');
  return environment;
}

/** Changes with everything that decides what is installed. */
function versionOfInputs(): string {
  const executor = readdirSync(EXECUTOR, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.pyc'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const hash = createHash('sha256').update(LOCALSTACK).update(here).update(python313!);
  for (const file of [PINS, DYNAMODB_LOCAL, ...executor]) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 12);
}

/** The folders of pyenv's versions that begin with a number; none without pyenv. */
function pyenvVersions(prefix: string): string[] {
  const versions = join(process.env['PYENV_ROOT'] || join(homedir(), '.pyenv'), 'versions');
  if (!existsSync(versions)) return [];
  return readdirSync(versions)
    .filter((name) => name.startsWith(prefix))
    .map((name) => join(versions, name));
}

/** A command on the path may still not work: pyenv's and macOS's placeholders are there without what they stand for. */
function runs(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const run = (command: string, ...args: string[]) => promisify(execFile)(command, args);
