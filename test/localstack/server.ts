/** LocalStack as a child process, without Docker, on a free port of 127.0.0.1. */
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../differential/dynamodb-local.ts';
import type { Environment } from './environment.ts';

export interface LocalStack {
  endpoint: string;
  /** Where it writes warnings and errors, also after its end. */
  logFile: string;
  /** Ends it and everything it started. Nothing in it is worth a slow goodbye. */
  stop(): void;
}

/**
 * Throws with the end of its log when it is not ready in two minutes.
 * @param settings its environment variables, where they differ from those below. @default none
 */
export async function startLocalStack(
  { folder, python, jars }: Environment,
  settings: Record<string, string> = {},
): Promise<LocalStack> {
  const address = `127.0.0.1:${await freePort()}`;
  const own = mkdtempSync(join(tmpdir(), 'localstack-'));
  const root = join(own, 'root');
  const logFile = join(own, 'localstack.log');
  const output = openSync(logFile, 'w');
  const child = spawn(python, ['-m', 'localstack.runtime.main'], {
    cwd: folder,
    stdio: ['ignore', output, output],
    env: { ...process.env, ...SETTINGS, ...settings, ...settingsOf(address, root, folder, jars) },
  });
  closeSync(output);
  const stop = () => {
    descendants(child.pid!).forEach(kill);
    rmSync(root, { recursive: true, force: true });
  };
  process.once('exit', stop);

  const endpoint = `http://${address}`;
  for (let tries = 0; !(await isReady(endpoint)); tries++) {
    if (tries > 240 || child.exitCode !== null) {
      stop();
      throw new Error(
        `LocalStack does not start. ${logFile} ends:\n${readFileSync(logFile, 'utf8').slice(-2000)}`,
      );
    }
    await wait(500);
  }
  return {
    endpoint,
    logFile,
    stop() {
      process.removeListener('exit', stop);
      stop();
    },
  };
}

const SETTINGS = {
  LAMBDA_RUNTIME_EXECUTOR: 'process',
  LAMBDA_SYNCHRONOUS_CREATE: '1',
  // Every poll costs Python several milliseconds, and there are a dozen mappings: more polls a second slow the work.
  LAMBDA_EVENT_SOURCE_MAPPING_POLL_INTERVAL_SEC: '0.25',
  LAMBDA_EVENT_SOURCE_MAPPING_MAX_BACKOFF_ON_EMPTY_POLL_SEC: '1',
  LAMBDA_EVENT_SOURCE_MAPPING_MAX_BACKOFF_ON_ERROR_SEC: '1',
  // Tables with streams of their own; otherwise each write is read again, and written to a Kinesis stream.
  PROVIDER_OVERRIDE_DYNAMODB: 'v2',
  SQS_ENDPOINT_STRATEGY: 'path',
  // It asks nobody outside and tells nobody outside.
  DNS_ADDRESS: '0',
  SKIP_SSL_CERT_DOWNLOAD: '1',
  DISABLE_EVENTS: '1',
  // In a container it takes itself for its own image, and writes to /var/lib.
  OVERRIDE_IN_DOCKER: '0',
  LS_LOG: 'warning',
};

const settingsOf = (address: string, root: string, folder: string, jars: string) => ({
  GATEWAY_LISTEN: address,
  LOCALSTACK_HOST: address,
  DYNAMODB_LOCAL_LIB: jars,
  FILESYSTEM_ROOT: root,
  // Entry points are cached there by path and coarse time, and would be mixed up with those of another environment.
  XDG_CACHE_HOME: join(folder, 'cache'),
});

const isReady = (endpoint: string): Promise<boolean> =>
  fetch(`${endpoint}/_localstack/health`).then(
    ({ ok }) => ok,
    () => false,
  );

/** A process and all below it. LocalStack's own children are in sessions of their own, so the group would not reach them. */
function descendants(root: number): number[] {
  const all = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
  const below = (parent: number): number[] =>
    all.filter(([, its]) => its === parent).flatMap(([pid]) => [pid, ...below(pid)]);
  return [root, ...below(root)];
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
