/** Spillway and those it is measured against: fixed versions, installed into a folder outside of git when first needed. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { installed, missing } from '../../test/localstack/environment.ts';
import { startLocalStack } from '../../test/localstack/server.ts';
import { caller } from './call.ts';
import { started, type Contestant } from './server.ts';

/** As everybody starts it: signatures and policies are checked. */
export const spillway: Contestant = {
  name: 'spillway',
  version: 'this',
  has: 'queues, rules and functions',
  start: () =>
    started('spillway', (port) => ({
      file: process.execPath,
      args: ['bin/spillway.mjs', 'local', '--port', String(port)],
    })),
};

/** Those that can be installed. The others are named with the reason, and left out. */
export async function others({ withLocalStack }: { withLocalStack: boolean }): Promise<Contestant[]> {
  const found: Contestant[] = [];
  for (const install of withLocalStack ? [fauxqs, ministack, localStack] : [fauxqs, ministack])
    try {
      found.push(await install());
    } catch (error) {
      console.warn(`Without ${install.name}: ${(error as Error).message.split('\n')[0]}`);
    }
  return found;
}

const FOLDER = 'node_modules/.cache/bench-local';
const run = promisify(execFile);

/** Its own command writes a line for every request; as a library it can be told not to. */
async function fauxqs(): Promise<Contestant> {
  const version = hasSqlite() ? '2.4.1' : '1.9.2'; // the newest that this Node runs
  const folder = `${FOLDER}/fauxqs-${version}`;
  if (!existsSync(`${folder}/node_modules/fauxqs`)) {
    await mkdir(folder, { recursive: true });
    const wanted = { private: true, dependencies: { fauxqs: version } };
    await writeFile(`${folder}/package.json`, JSON.stringify(wanted));
    await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: folder });
  }
  await writeFile(
    `${folder}/quiet.mjs`,
    `import { startFauxqs } from 'fauxqs';\nawait startFauxqs({ logger: false });\n`,
  );
  return {
    name: 'fauxqs',
    version,
    has: 'queues',
    start: () =>
      started('fauxqs', (port) => ({
        file: process.execPath,
        args: [`${folder}/quiet.mjs`],
        env: { FAUXQS_PORT: String(port), FAUXQS_HOST: '127.0.0.1' },
      })),
  };
}

function hasSqlite(): boolean {
  try {
    createRequire(import.meta.url)('node:sqlite');
    return true;
  } catch {
    return false;
  }
}

async function ministack(): Promise<Contestant> {
  const version = '1.5.33';
  const folder = `${FOLDER}/ministack-${version}`;
  if (!existsSync(`${folder}/bin/ministack`)) {
    await run('python3', ['-m', 'venv', folder]);
    await run(`${folder}/bin/pip`, ['install', '--quiet', `ministack==${version}`]);
  }
  return {
    name: 'ministack',
    version,
    has: 'queues, rules and functions',
    start: () =>
      started('ministack', (port) => ({
        file: `${folder}/bin/ministack`,
        args: [],
        env: { GATEWAY_PORT: String(port), BIND_HOST: '127.0.0.1', LOG_LEVEL: 'WARNING' },
      })),
  };
}

/** As `npm run test:localstack` has it, but with a poller that is in a hurry. */
async function localStack(): Promise<Contestant> {
  if (missing !== undefined) throw new Error(missing);
  const environment = await installed();
  return {
    name: 'localstack',
    version: '4.14.0',
    has: 'queues, rules and functions',
    async start() {
      const { endpoint, stop } = await startLocalStack(environment, {
        LAMBDA_EVENT_SOURCE_MAPPING_POLL_INTERVAL_SEC: '0.01',
        LAMBDA_EVENT_SOURCE_MAPPING_MAX_BACKOFF_ON_EMPTY_POLL_SEC: '0.2',
      });
      return { name: 'localstack', endpoint, call: caller(endpoint), stop: async () => stop() };
    },
  };
}
