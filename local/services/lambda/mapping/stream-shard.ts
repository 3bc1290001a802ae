import type * as Streams from '@aws-sdk/client-dynamodb-streams';
import { AwsError } from '../../../errors.ts';
import type { World } from '../../../world.ts';
import type { Configuration, Target } from './mapping.ts';
import { arrival, sequenceOf, type StreamRecord } from './stream-record.ts';

/** Reads a shard from where the mapping starts, as the function's role. */
export interface ShardReader {
  /** The next records, at most a thousand; none when there are none now. */
  next(): Promise<StreamRecord[]>;
}

/** The shards of a stream, oldest first. */
export async function shardsOf(
  world: World,
  { EventSourceArn }: Configuration,
  target: Target,
): Promise<string[]> {
  const { StreamDescription } = await world.call<Streams.DescribeStreamOutput>(
    target.session(),
    'dynamodb',
    'DescribeStream',
    {
      StreamArn: EventSourceArn,
    },
  );
  return StreamDescription!.Shards!.map(({ ShardId }) => ShardId!);
}

/** @param resumed goes on after what the last process read; from its start, if it read nothing. @default as the mapping says */
export function shardReader(
  world: World,
  { EventSourceArn: StreamArn, StartingPosition, LastModified }: Configuration,
  target: Target,
  shardId: string,
  resumed?: { after: string | undefined },
): ShardReader {
  const opened = resumed ? LastModified!.getTime() : world.clock.now();
  let read = resumed?.after;
  let iterator: string | undefined;

  const call = <Output>(operation: string, input: object) =>
    world.call<Output>(target.session(), 'dynamodb', operation, input);
  const open = async (position: object) => {
    const input = { StreamArn, ShardId: shardId, ...position };
    ({ ShardIterator: iterator } = await call<Streams.GetShardIteratorOutput>('GetShardIterator', input));
  };
  /** An iterator lasts fifteen minutes: where it has expired, goes on after what was read last. */
  const reopen = async () => {
    if (read === undefined) return open({ ShardIteratorType: 'TRIM_HORIZON' });
    try {
      await open({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: read });
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== 'TrimmedDataAccessException') throw error;
      await open({ ShardIteratorType: 'TRIM_HORIZON' });
    }
  };
  const page = async (): Promise<StreamRecord[]> => {
    const { Records = [], NextShardIterator } = await call<Streams.GetRecordsOutput>('GetRecords', {
      ShardIterator: iterator,
    });
    iterator = NextShardIterator;
    return Records as StreamRecord[];
  };
  /** Nothing was read yet and the way back led to the oldest: what was there before is not for a mapping of the latest. */
  const wanted = (record: StreamRecord) =>
    read !== undefined || StartingPosition !== 'LATEST' || arrival(record) >= opened - (opened % 1000);

  const begun = resumed ? reopen() : open({ ShardIteratorType: StartingPosition });
  begun.catch(() => {});
  return {
    async next() {
      await begun;
      if (iterator === undefined) return [];
      let records: StreamRecord[];
      try {
        records = await page();
      } catch (error) {
        if (!(error instanceof AwsError) || !LEFT_BEHIND.has(error.code)) throw error;
        await reopen();
        records = await page();
      }
      while (records.length > 0 && !records.some(wanted))
        records = iterator === undefined ? [] : await page();
      records = records.filter(wanted);
      const last = records.at(-1);
      if (last) read = sequenceOf(last);
      return records;
    },
  };
}

const LEFT_BEHIND = new Set(['ExpiredIteratorException', 'TrimmedDataAccessException']);
