import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { superstore } from '../../operate/orders/superstore.ts';
import { project, synthesized } from './project.ts';
import { spillway } from './spillway.ts';

const MINUTES = 60_000;

describe('npm start -- --exit', () => {
  test(
    'refuses wrong lines one order at a time, counts them, and ends with 3',
    { timeout: 6 * MINUTES },
    async () => {
      const lines = (await readFile(superstore(), 'utf8')).split('\n').slice(0, 40);
      lines[3] = lines[3]!.replace(',14.62,2,', ',14.62,-2,');
      const file = join(await mkdtemp(join(tmpdir(), 'start-')), 'orders.csv');
      await writeFile(file, lines.join('\n'));
      const { code, stdout, stderr } = await spillway(['up', file, '--exit', '--json', '--port', '0'], {
        cwd: await synthesized(),
      }).ended;
      expect(JSON.parse(stdout), stderr).toMatchObject({
        refused: [{ orderId: 'CA-2016-138688', line: 4, reason: expect.stringContaining('Quantity') }],
        missing: [],
      });
      expect(code).toBe(3);
    },
  );
});

describe('what can not work is one clear line, and nothing is half-started', () => {
  test('a file that is missing: 2', async () => {
    const { code, stderr, stdout } = await spillway(['up', '/no/such/orders.csv', '--exit']).ended;
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^spillway: FILE_MISSING: .*\n$/),
    });
  });

  test('an unknown option: 2', async () => {
    expect((await spillway(['up', '--colour']).ended).code).toBe(2);
  });

  test('a handler that does not bundle: 1', async () => {
    const cwd = await project(
      `node -e "console.error('✘ [ERROR] Could not resolve ./decide.ts'); process.exit(1)"`,
    );
    const { code, stderr } = await spillway(['up', '--exit', '--port', '0'], { cwd }).ended;
    expect(stderr).toMatch(/^spillway: SYNTH_FAILED: ✘ \[ERROR\] Could not resolve/m);
    expect(code).toBe(1);
  });

  test('a stack that fails: 1, with the reason of the resource', async () => {
    const cwd = await project(`node "${process.cwd()}/test/e2e/broken-app.mjs"`);
    const { code, stderr } = await spillway(['up', '--exit', '--port', '0'], { cwd }).ended;
    expect(stderr).toMatch(/^spillway: DEPLOY_FAILED: .*VisibilityTimeout/m);
    expect(code).toBe(1);
  });

  test('a Node that is too old: 2', () => {
    const script = `Object.defineProperty(process.versions, 'node', { value: '18.0.0' }); import(${JSON.stringify(`${process.cwd()}/bin/spillway.mjs`)})`;
    expect(() =>
      execFileSync(process.execPath, ['--input-type=commonjs', '-e', script], { stdio: 'pipe' }),
    ).toThrow(expect.objectContaining({ status: 2, stderr: expect.objectContaining({}) }));
  });
});
