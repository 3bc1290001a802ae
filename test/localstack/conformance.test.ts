/**
 * The facts of test/conformance on LocalStack and on DynamoDB Local: what they do as AWS does, and what they are known not
 * to do (test/conformance/divergences.ts), so that a fact that is wrong, and not theirs to blame, shows.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, inject, test } from 'vitest';
import { DIVERGENCES } from '../conformance/divergences.ts';
import { startDynamoDBLocal } from '../differential/dynamodb-local.ts';
import { against } from '../e2e/spillway.ts';

const MINUTE = 60_000;

describe.skipIf(inject('localStack').missing !== undefined)('the facts of test/conformance', () => {
  test('on LocalStack', { timeout: 10 * MINUTE }, async () => {
    await expectFacts('localstack', inject('localStack').endpoint);
  });

  test('on DynamoDB Local', { timeout: 5 * MINUTE }, async () => {
    const { endpoint, stop } = await startDynamoDBLocal();
    await expectFacts('dynamodb-local', endpoint, 'dynamodb').finally(stop);
  });
});

/** They hold at the endpoint, but for those on its list, all of which fail. */
async function expectFacts(name: string, endpoint: string, ...files: string[]): Promise<void> {
  const vitest = ['vitest', 'run', '--config', 'test/conformance/vitest.config.ts', ...files];
  const env = { ...process.env, ...against(endpoint), CONFORMANCE_OF: name, NO_COLOR: '1' };
  const said = await promisify(execFile)('npx', vitest, { env }).then(
    ({ stdout }) => stdout,
    ({ stdout, stderr }: { stdout: string; stderr: string }) => stdout + stderr,
  );
  expect(said).toContain(' 0 failed');
  expect(said).toContain(` ${Object.keys(DIVERGENCES[name]!).length} expected fail`);
}
