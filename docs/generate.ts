/**
 * `npm run docs` writes what the code knows better than a person. `npm run docs -- --check` fails when any of it is stale,
 * or when a contract breaks its word. `--deployed <git ref>` holds the contracts against those of that commit, rather than
 * those of the working copy.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { asyncApiPage } from './generator/asyncapi.ts';
import { contractPages } from './generator/contract-pages.ts';
import { guaranteeFaults, guaranteesPage, mutationFaults, namedIn } from './generator/guarantees.ts';
import { localAwsPage } from './generator/local-aws.ts';
import type { Page } from './generator/page.ts';
import { committed, committedAt, contractFaults, schemaPages } from './generator/schemas.ts';
import { topologyOfTheShop } from './generator/topology.ts';

const DOCS = new URL('./', import.meta.url);
/** Folders of which every file is generated: what is not written any more goes. */
const FOLDERS = ['contracts/'];

const { check, deployed } = parseArgs({
  options: { check: { type: 'boolean', default: false }, deployed: { type: 'string' } },
}).values;

const topology = topologyOfTheShop();
const promised = deployed === undefined ? committed() : committedAt(deployed);
const broken = promised
  ? contractFaults(topology, promised)
  : [
      `git has no docs/schemas at "${deployed}": fetch it, or name the commit, tag or branch that is deployed.`,
    ];
if (broken.length > 0) fail(broken);

const tests = namedIn('test');
const pages: Page[] = [
  await localAwsPage(),
  ...schemaPages(topology, committed()),
  asyncApiPage(topology),
  ...contractPages(topology, committed()),
  guaranteesPage(tests),
];
if (!check) write();
fail([...(check ? stale() : []), ...guaranteeFaults(tests), ...mutationFaults()]);

function stale(): string[] {
  const changed = pages.filter(
    ({ path, text }) =>
      !existsSync(new URL(path, DOCS)) || readFileSync(new URL(path, DOCS), 'utf8') !== text,
  );
  return [...changed.map(({ path }) => path), ...orphans()].map(
    (path) => `docs/${path} is stale: run "npm run docs" and commit what it writes.`,
  );
}

function write(): void {
  for (const { path, text } of pages) {
    const file = new URL(path, DOCS);
    mkdirSync(new URL('./', file), { recursive: true });
    writeFileSync(file, text);
  }
  for (const path of orphans()) rmSync(new URL(path, DOCS));
}

function orphans(): string[] {
  return FOLDERS.flatMap((folder) =>
    existsSync(new URL(folder, DOCS))
      ? readdirSync(new URL(folder, DOCS))
          .map((name) => folder + name)
          .filter((path) => !pages.some((page) => page.path === path))
      : [],
  );
}

function fail(problems: readonly string[]): void {
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exit(1);
}
