/**
 * `npm run docs` writes what the code knows better than a person into docs/local-aws.md, below its marker;
 * `npm run docs -- --check` fails when that is stale.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { resourceTypes } from '../local/cloudformation/resource-types.ts';
import { startWorld } from '../local/start.ts';
import { modelsOf } from '../local/wire/models.ts';

const PAGE = new URL('local-aws.md', import.meta.url);
const MARKER = '<!-- Below: written by `npm run docs`. -->';

const page = await readFile(PAGE, 'utf8');
const written = `${page.split(MARKER)[0]}${MARKER}\n\n${await operations()}\n${await types()}`;
if (process.argv.includes('--check')) {
  if (written !== page) {
    console.error('docs/local-aws.md is stale: run "npm run docs" and commit what it writes.');
    process.exit(1);
  }
} else await writeFile(PAGE, written);

async function operations(): Promise<string> {
  const { services, modules, stop } = await startWorld();
  const models = modelsOf(modules);
  const sections = [];
  for (const [name, { operations }] of Object.entries(services())) {
    const all = [
      ...new Set((await models.of(name)).flatMap((model) => [...model.operations.keys()])),
    ].toSorted();
    const modelled = all.filter((operation) => operation in operations);
    const refused = all.filter((operation) => !(operation in operations));
    sections.push(
      `### ${name}: ${modelled.length} of ${all.length} operations\n\n${modelled.join(', ')}\n\nRefused by name: ${refused.length === 0 ? 'none' : refused.join(', ')}.\n`,
    );
  }
  await stop();
  return `## Operations\n\n${sections.join('\n')}`;
}

async function types(): Promise<string> {
  return `## CloudFormation resource types\n\n${Object.keys(await resourceTypes())
    .toSorted()
    .map((type) => `- ${type}`)
    .join('\n')}\n`;
}
