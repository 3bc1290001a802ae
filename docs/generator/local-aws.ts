import { readFileSync } from 'node:fs';
import { resourceTypes } from '../../local/cloudformation/resource-types.ts';
import { startWorld } from '../../local/start.ts';
import { modelsOf } from '../../local/wire/models.ts';
import type { Page } from './page.ts';

const MARKER = '<!-- Below: written by `npm run docs`. -->';

/** docs/local-aws.md: written by hand above the marker, below it what the embedded AWS models. */
export async function localAwsPage(): Promise<Page> {
  const path = 'local-aws.md';
  const [byHand] = readFileSync(new URL(`../${path}`, import.meta.url), 'utf8').split(MARKER);
  return { path, text: `${byHand}${MARKER}\n\n${await operations()}\n${await types()}` };
}

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
