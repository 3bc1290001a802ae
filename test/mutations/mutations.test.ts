/** `npm run test:mutations`: each mutation, alone, in a copy of the sources. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MUTATIONS, type Mutation } from './mutations.ts';

const COPIED = ['functions', 'infra', 'local', 'operate', 'test', 'docs'];
const ROOMS = ['--project', 'rooms'];
const FILES = ['package.json', 'tsconfig.json', 'cdk.json', 'vitest.config.ts'];

let copy: string;
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'mutant-'));
  const wanted = (path: string) => !['cdk.out', 'node_modules'].includes(basename(path));
  for (const name of [...COPIED, ...FILES])
    cpSync(name, join(copy, name), { recursive: true, filter: wanted });
  symlinkSync(join(process.cwd(), 'node_modules'), join(copy, 'node_modules'));
});
afterAll(() => rmSync(copy, { recursive: true }));

test('unbroken, all of these tests are green', () => {
  const results = run([...ROOMS, ...new Set(MUTATIONS.map(({ test }) => test.file))]);
  expect(results.filter(({ status }) => status === 'failed')).toEqual([]);
  for (const { test } of MUTATIONS)
    expect(results.map(({ title }) => title)).toContainEqual(expect.stringContaining(test.title));
});

test.each(MUTATIONS)('$what', (mutation) => {
  const { test } = mutation;
  broken(mutation, () => {
    const red = run([...ROOMS, '-t', test.title, test.file]).filter(({ status }) => status === 'failed');
    expect(red.map(({ title }) => title)).toContainEqual(expect.stringContaining(test.title));
  });
});

test.each(MUTATIONS.filter(({ seed }) => seed !== undefined))(
  'SEED=$seed of the simulation: $what',
  (mutation) => {
    broken(mutation, () => {
      const simulation = ['--config', 'test/simulation/vitest.config.ts', '-t', 'SEED='];
      const results = run(simulation, { SEED: String(mutation.seed) });
      expect(results.map(({ status }) => status)).toContain('failed');
    });
  },
);

/** Runs `then` with the mutation in the copy. */
function broken({ file, from, to }: Mutation, then: () => void): void {
  const path = join(copy, file);
  const source = readFileSync(path, 'utf8');
  expect(source.split(from)).toHaveLength(2);
  writeFileSync(
    path,
    source.replace(from, () => to),
  );
  try {
    then();
  } finally {
    writeFileSync(path, source);
  }
}

interface Result {
  title: string;
  status: string;
}

function run(args: readonly string[], env: Record<string, string> = {}): Result[] {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', '--reporter=json', ...args],
    { cwd: copy, encoding: 'utf8', maxBuffer: 1 << 28, timeout: 170_000, env: { ...process.env, ...env } },
  );
  const json = stdout.slice(stdout.indexOf('{"'));
  if (json === '') throw new Error(`vitest printed no results: ${stderr}`);
  const { testResults } = JSON.parse(json) as { testResults: { assertionResults: Result[] }[] };
  return testResults.flatMap(({ assertionResults }) => assertionResults);
}
