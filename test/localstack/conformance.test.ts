/**
 * The facts of test/conformance on LocalStack and on DynamoDB Local: what they do as AWS does, and what they are known not
 * to do (test/conformance/divergences.ts), so that a fact that is wrong, and not theirs to blame, shows.
 */
import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { setTimeout as wait } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../differential/dynamodb-local.ts';
import { against } from '../e2e/spillway.ts';
import { installed, missing, type Environment } from './environment.ts';
import { startLocalStack } from './server.ts';

const MINUTE = 60_000;

if (missing !== undefined) console.warn(`Skipped. ${missing}.`);

describe.skipIf(missing !== undefined)('the facts of test/conformance', () => {
  let environment: Environment;
  beforeAll(async () => {
    environment = await installed();
  }, 15 * MINUTE);

  test('on LocalStack', { timeout: 15 * MINUTE }, async () => {
    const localStack = await startLocalStack(environment);
    try {
      expect(await facts('localstack', localStack.endpoint)).toMatch(/ 0 failed/);
    } finally {
      localStack.stop();
    }
  });

  test('on DynamoDB Local', { timeout: 5 * MINUTE }, async () => {
    const port = await freePort();
    const endpoint = `http://127.0.0.1:${port}`;
    const java = [`-Djava.library.path=${environment.jars}`, '-cp', join(environment.jars, '*'), MAIN];
    const server = spawn('java', [...java, '-inMemory', '-disableTelemetry', '-port', String(port)], {
      stdio: 'ignore',
    });
    try {
      while (!(await fetch(endpoint).catch(() => undefined))) await wait(200);
      expect(await facts('dynamodb-local', endpoint, 'dynamodb')).toMatch(/ 0 failed/);
    } finally {
      server.kill();
    }
  });
});

const MAIN = 'com.amazonaws.services.dynamodbv2.local.main.ServerRunner';

/** Runs them against an endpoint, and answers what the runner says. */
async function facts(name: string, endpoint: string, ...files: string[]): Promise<string> {
  const vitest = ['vitest', 'run', '--config', 'test/conformance/vitest.config.ts', ...files];
  const env = { ...process.env, ...against(endpoint), CONFORMANCE_OF: name };
  return promisify(execFile)('npx', vitest, { env }).then(
    ({ stdout }) => stdout,
    ({ stdout, stderr }: { stdout: string; stderr: string }) => stdout + stderr,
  );
}
