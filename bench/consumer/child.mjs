/** One round in a process of its own. `node child.mjs BUNDLE batches|cold BATCHES [perRecord]`; the result is JSON. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';

const [bundle, what, file, ...options] = process.argv.slice(2);
const until = Date.now() + 600_000;
const context = { awsRequestId: 'request', getRemainingTimeInMillis: () => until - Date.now() };
const batches = JSON.parse(readFileSync(file, 'utf8'));
const result = what === 'cold' ? await coldStart() : await cpuPerRecord();
process.stdout.write(`\n${JSON.stringify(result)}`, () => process.exit());

async function coldStart() {
  const began = performance.now();
  const { handler } = createRequire(import.meta.url)(bundle);
  const evaluated = performance.now();
  const { batchItemFailures } = await handler(batches[0], context);
  const done = performance.now();
  return {
    failed: batchItemFailures.length,
    evaluate: evaluated - began,
    first: done - evaluated,
    total: done - began,
  };
}

async function cpuPerRecord() {
  const { inMemory } = createRequire(import.meta.url)(bundle);
  const { handler, total } = inMemory({ perRecord: options.includes('perRecord') });
  const warm = Math.floor(batches.length / 4);
  let failed = 0;
  const run = async (some) => {
    for (const batch of some) failed += (await handler(batch, context)).batchItemFailures.length;
  };
  await run(batches.slice(0, warm));
  const before = process.cpuUsage();
  await run(batches.slice(warm));
  const { user, system } = process.cpuUsage(before);
  await run(batches.slice(-1)); // a second delivery, which must change nothing
  const records = batches.slice(warm).reduce((sum, { Records }) => sum + Records.length, 0);
  return { failed, total: total(), microseconds: (user + system) / records };
}
