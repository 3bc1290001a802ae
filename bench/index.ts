/** `npm run bench` runs every measurement in this folder, `npm run bench -- NAME` one. Each prints a table; nothing is asserted. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import type { Measurement } from './measurement.ts';

const folder = new URL('./', import.meta.url);
await mkdir(new URL('results/', folder), { recursive: true });
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const options = process.argv.slice(2).filter((argument) => argument.startsWith('--')); // a measure reads its own
const names = (await readdir(folder))
  .map((file) => file.replace(/\.ts$/, ''))
  .filter((name) => name.startsWith('measure-'))
  .map((name) => name.slice('measure-'.length));
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`bench: there is no ${unknown.join(', ')}; there are ${names.join(', ')}`);
  process.exit(2);
}

for (const name of wanted.length > 0 ? wanted : names) {
  const { default: measure } = (await import(new URL(`measure-${name}.ts`, folder).href)) as {
    default: Measurement;
  };
  console.log(`\n${measure.title}`);
  const rows = await measure.run();
  console.table(rows);
  const machine = { node: process.version, cpus: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30) };
  const result = {
    command: ['npm run bench --', name, ...options].join(' '),
    measured: new Date().toISOString(),
    machine,
    rows,
  };
  await writeFile(new URL(`results/${name}.json`, folder), `${JSON.stringify(result, null, 2)}\n`);
}
