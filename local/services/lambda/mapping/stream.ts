import { createHash } from 'node:crypto';
import type { Timer } from '../../../clock.ts';
import type { World } from '../../../world.ts';
import type { Mapping, Poller, Target } from './mapping.ts';
import { positionOf } from './position.ts';
import { attempted, retrying } from './retry.ts';
import { processRecords } from './stream-batch.ts';
import { itemOf, sequenceOf, shown, type StreamRecord } from './stream-record.ts';
import { shardReader, shardsOf } from './stream-shard.ts';

/**
 * Moves the changes of a table to a function: of one item in order, of one shard in as many lanes as the mapping's
 * parallelization factor. Woken by the stream; an idle mapping waits for nothing else.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
 *
 * @param resumed whether it goes on where the last process was
 */
export function streamPoller(world: World, mapping: Mapping, target: Target, resumed: boolean): Poller {
  const { configuration } = mapping;
  const again = retrying(world.clock);
  let stopped = false;
  let shards: Promise<Shard[]> | undefined;
  const going = () => !stopped;

  /** The shards that there are; tried again later if they could not be seen. */
  const opened = () =>
    (shards ??= shardsOf(world, configuration, target).then((ids) =>
      ids.map((id) => shard(world, mapping, target, id, resumed, going)),
    ));
  const wake = () =>
    void attempted(configuration, opened).then((found) => {
      if (!found) shards = undefined;
      for (const one of found ?? []) one.wake();
      again.unless(found !== undefined || stopped, wake);
    });

  const forget = world.service('dynamodb').whenStreamed(configuration.EventSourceArn, wake);
  wake();
  return {
    stop() {
      stopped = true;
      forget();
      again.cancel();
    },
  };
}

interface Shard {
  wake(): void;
}

function shard(
  world: World,
  mapping: Mapping,
  target: Target,
  shardId: string,
  resumed: boolean,
  going: () => boolean,
): Shard {
  const { ParallelizationFactor = 1 } = mapping.configuration;
  const position = positionOf(world, mapping.configuration, shardId);
  const begin = resumed ? { after: position.after() } : undefined;
  const reader = shardReader(world, mapping.configuration, target, shardId, begin);
  const freed = (records: StreamRecord[]) => {
    position.done(records.map(sequenceOf));
    readOn();
  };
  const lanes = Array.from({ length: ParallelizationFactor }, () =>
    lane(world, mapping, target, shardId, going, freed),
  );
  const passes = (record: StreamRecord) =>
    mapping.filters.length === 0 ||
    mapping.filters.some((matches) => matches(shown(record, mapping.configuration.EventSourceArn)));
  const laneOf = (record: StreamRecord) =>
    lanes.length === 1
      ? lanes[0]!
      : lanes[createHash('md5').update(itemOf(record)).digest().readUInt32BE() % lanes.length]!;
  const again = retrying(world.clock);
  let unread = false;
  let next: Timer | undefined;

  const read = async (): Promise<true> => {
    unread = false;
    const records = await reader.next();
    const passed = records.filter(passes);
    position.read(records.map(sequenceOf), new Set(passed.map(sequenceOf)));
    for (const record of passed) laneOf(record).add(record);
    for (const one of lanes) one.go();
    unread ||= records.length > 0;
    return true;
  };
  /** Reads soon, while a lane is idle and all have room for what comes. */
  const readOn = () => {
    if (!unread || !going() || !lanes.some((one) => one.isIdle()) || !lanes.every((one) => one.hasRoom()))
      return;
    next ??= world.clock.after(GATHERING_MS, () => {
      void attempted(mapping.configuration, read).then((done) => {
        next = undefined;
        again.unless(done === true || !going(), wake);
        readOn();
      });
    });
  };
  const wake = () => {
    unread = true;
    readOn();
  };
  return { wake };
}

/** How long changes gather before they are read, so that many are read at once. AWS reads a shard four times a second. */
const GATHERING_MS = 25;

/** Records whose batches run one after another. */
function lane(
  world: World,
  mapping: Mapping,
  target: Target,
  shardId: string,
  going: () => boolean,
  freed: (records: StreamRecord[]) => void,
) {
  const { BatchSize, MaximumBatchingWindowInSeconds } = mapping.configuration;
  const windowMs = MaximumBatchingWindowInSeconds * 1000;
  let waiting: StreamRecord[] = [];
  let running = false;
  let window: Timer | undefined;

  const run = async () => {
    window?.cancel();
    window = undefined;
    running = true;
    const records = waiting.slice(0, BatchSize);
    waiting = waiting.slice(BatchSize);
    await processRecords(world, mapping, target, { shardId, records }, going);
    running = false;
    go();
    freed(records);
  };
  const go = () => {
    if (running || waiting.length === 0 || !going()) return;
    if (windowMs === 0 || waiting.length >= BatchSize) void run();
    else window ??= world.clock.after(windowMs, () => void run());
  };
  return {
    add: (record: StreamRecord) => void waiting.push(record),
    go,
    isIdle: () => !running,
    hasRoom: () => waiting.length < BatchSize,
  };
}
