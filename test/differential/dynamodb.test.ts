/** The embedded DynamoDB and DynamoDB Local are asked the same: random operations, and what both answer must be the same. */
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startLocal } from '../../local/index.ts';
import { known } from './comparable.ts';
import { missing, startDynamoDBLocal } from './dynamodb-local.ts';
import { changes, freshTables, outcome, sideOf, type Side } from './harness.ts';
import { steps, TABLES } from './operations.ts';

const RUNS = Number(process.env['RUNS'] ?? 300);

if (missing !== undefined) console.warn(`Skipped. ${missing}`);

describe.skipIf(missing !== undefined)('beside DynamoDB Local', () => {
  let ours: Side;
  let oracle: Side;
  const stops: (() => unknown)[] = [];

  beforeAll(async () => {
    const aws = await startLocal();
    ours = sideOf((Class) => aws.client(Class));
    const { endpoint, stop } = await startDynamoDBLocal();
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    oracle = sideOf((Class) => new Class({ endpoint, region: 'eu-west-1', credentials, maxAttempts: 1 }));
    stops.push(() => aws.stop(), stop);
  });
  afterAll(async () => {
    for (const stop of stops) await stop();
  });

  test(`answers and streams are the same in ${RUNS} random histories`, async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (history) => {
        await freshTables(ours);
        await freshTables(oracle);
        for (const step of history) {
          const [mine, theirs] = [await outcome(ours, step), await outcome(oracle, step)];
          const why = known(mine, theirs, step);
          expect({ step, ...(why === undefined ? mine : theirs) }).toEqual({ step, ...theirs });
          if ('error' in mine !== 'error' in theirs) return; // known, but from here on the tables differ
        }
        for (const name of TABLES) expect(await changes(ours, name)).toEqual(await changes(oracle, name));
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
  });
});
