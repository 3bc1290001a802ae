import type { World } from '../../../world.ts';
import { failedItems } from './batch-response.ts';
import type { Mapping, Result, Target } from './mapping.ts';
import { attempted, backoff } from './retry.ts';
import { tellDestination } from './stream-failure.ts';
import { arrival, sequenceOf, shown, type StreamRecord } from './stream-record.ts';

/** Records that are worked on together. */
export interface Batch {
  shardId: string;
  records: StreamRecord[];
}

/**
 * Invokes the function with records, in order, again and again until each is done or given up: too old, or failed too
 * often. https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 * @param going whether the mapping still runs
 */
export async function processRecords(
  world: World,
  mapping: Mapping,
  target: Target,
  batch: Batch,
  going: () => boolean,
): Promise<void> {
  const { configuration } = mapping;
  const {
    EventSourceArn,
    MaximumRetryAttempts = -1,
    FunctionResponseTypes,
    BisectBatchOnFunctionError,
  } = configuration;
  let { records } = batch;
  let failures = 0;

  while (records.length > 0 && going()) {
    const fresh = await withoutOld(world, mapping, target, { ...batch, records }, failures);
    if (fresh.length === 0) return;
    records = fresh;
    const event = { Records: records.map((record) => shown(record, EventSourceArn)) };
    target.tellAge(world.clock.now() - arrival(records.at(-1)!));
    const result = await attempted(configuration, () => target.invoke(event));
    const first = result ? firstFailed(result, records, FunctionResponseTypes) : 0;
    if (result)
      configuration.LastProcessingResult = first === undefined ? 'OK' : 'PROBLEM: Function call failed';
    if (first === undefined) return;
    if (first > 0) failures = 0;
    records = records.slice(first);
    // A function that is throttled or gone has not failed: that does not count.
    if (result && BisectBatchOnFunctionError && records.length > 1) {
      const middle = Math.ceil(records.length / 2);
      await processRecords(world, mapping, target, { ...batch, records: records.slice(0, middle) }, going);
      return processRecords(world, mapping, target, { ...batch, records: records.slice(middle) }, going);
    }
    failures++;
    if (result && MaximumRetryAttempts >= 0 && failures > MaximumRetryAttempts)
      return tellDestination(
        world,
        mapping,
        target,
        { ...batch, records },
        'RetryAttemptsExhausted',
        failures,
        result,
      );
    await backoff(world, failures);
  }
}

/** The first record that is to be tried again, with all that follow it. */
function firstFailed(
  result: Result,
  records: StreamRecord[],
  types: string[] | undefined,
): number | undefined {
  if (result.failed) return 0;
  if (!types?.includes('ReportBatchItemFailures')) return undefined;
  const failed = failedItems(result.payload, new Set(records.map(sequenceOf)));
  if (failed === 'all') return 0;
  const index = records.findIndex((record) => failed.has(sequenceOf(record)));
  return index < 0 ? undefined : index;
}

async function withoutOld(
  world: World,
  mapping: Mapping,
  target: Target,
  batch: Batch,
  failures: number,
): Promise<StreamRecord[]> {
  const { MaximumRecordAgeInSeconds: most = -1 } = mapping.configuration;
  if (most < 0) return batch.records;
  const oldest = world.clock.now() - most * 1000;
  const old = batch.records.filter((record) => arrival(record) < oldest);
  if (old.length > 0)
    await tellDestination(
      world,
      mapping,
      target,
      { ...batch, records: old },
      'RecordAgeExceeded',
      failures,
      undefined,
    );
  return old.length > 0 ? batch.records.slice(old.length) : batch.records;
}
