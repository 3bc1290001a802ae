/** What LocalStack needs, installed once: a Python environment, and DynamoDB Local. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { dynamoDBLocal, missing as missingDynamoDB } from '../differential/dynamodb-local.ts';
import { installed as kept, pip, works } from '../toolchain.ts';

/** The last version with an open edition. */
const LOCALSTACK = 'localstack-core[runtime]==4.14.0';

export interface Environment {
  folder: string;
  /** The Python that has LocalStack. */
  python: string;
  /** The folder with the jars of DynamoDB Local. */
  jars: string;
}

const PINS = join(import.meta.dirname, 'constraints.txt');
const EXECUTOR = join(import.meta.dirname, 'executor');

const python313 = [
  'python3.13',
  ...pyenvVersions('3.13.').map((folder) => join(folder, 'bin', 'python3.13')),
].find((command) => works(command, '-c', 'import ensurepip, venv'));

/** Why LocalStack cannot run here; undefined where it can. */
export const missing =
  python313 === undefined
    ? 'LocalStack 4.14 needs Python 3.13: there is no working python3.13 on the path or in pyenv'
    : missingDynamoDB;

/** Installs what is not there yet: one to three minutes the first time, nothing afterwards. A changed pin makes a new folder. */
export async function installed(): Promise<Environment> {
  const [folder, jars] = await Promise.all([localStack(), dynamoDBLocal()]);
  return { folder, python: join(folder, 'python', 'bin', 'python'), jars };
}

/** The executor's sources are copied, because installing them writes beside them. */
function localStack(): Promise<string> {
  const sources = readdirSync(EXECUTOR, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.pyc'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const inputs = [LOCALSTACK, python313!, ...[PINS, ...sources].map((file) => readFileSync(file, 'utf8'))];
  return kept('localstack', inputs, async (folder) => {
    await cp(EXECUTOR, join(folder, 'executor'), { recursive: true });
    await pip(python313!, join(folder, 'python'), '-c', PINS, LOCALSTACK, join(folder, 'executor'));
  });
}

/** The folders of pyenv's versions that begin with a number; none without pyenv. */
function pyenvVersions(prefix: string): string[] {
  const versions = join(process.env['PYENV_ROOT'] || join(homedir(), '.pyenv'), 'versions');
  if (!existsSync(versions)) return [];
  return readdirSync(versions)
    .filter((name) => name.startsWith(prefix))
    .map((name) => join(versions, name));
}
