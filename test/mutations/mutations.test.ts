/** `npm run test:mutations`: each mutation, alone, in a copy of the sources. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MUTATIONS } from './mutations.ts';

const COPIED = ['functions', 'infra', 'local', 'operate', 'test', 'docs'];
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
  const results = run([...new Set(MUTATIONS.map(({ test }) => test.file))]);
  expect(results.filter(({ status }) => status === 'failed')).toEqual([]);
  for (const { test } of MUTATIONS)
    expect(results.map(({ title }) => title)).toContainEqual(expect.stringContaining(test.title));
});

test.each(MUTATIONS)('$what', ({ file, from, to, test }) => {
  const path = join(copy, file);
  const source = readFileSync(path, 'utf8');
  expect(source.split(from)).toHaveLength(2);
  writeFileSync(
    path,
    source.replace(from, () => to),
  );
  try {
    const red = run(['-t', test.title, test.file]).filter(({ status }) => status === 'failed');
    expect(red.map(({ title }) => title)).toContainEqual(expect.stringContaining(test.title));
  } finally {
    writeFileSync(path, source);
  }
});

interface Result {
  title: string;
  status: string;
}

function run(files: readonly string[]): Result[] {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', '--project', 'rooms', '--reporter=json', ...files],
    { cwd: copy, encoding: 'utf8', maxBuffer: 1 << 28, timeout: 170_000 },
  );
  const json = stdout.slice(stdout.indexOf('{"'));
  if (json === '') throw new Error(`vitest printed no results: ${stderr}`);
  const { testResults } = JSON.parse(json) as { testResults: { assertionResults: Result[] }[] };
  return testResults.flatMap(({ assertionResults }) => assertionResults);
}
