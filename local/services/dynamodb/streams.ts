/** The operations of DynamoDB Streams. */
import type * as Streams from '@aws-sdk/client-dynamodb-streams';
import { AwsError, notModelled } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import { constrained } from './constraints.ts';
import { invalid } from './errors.ts';
import { following, horizon, numberOf, RETENTION, sequenceNumber, type Stream } from './stream.ts';
import type { Database, Table } from './table.ts';

export const streamOperations = (db: Database) => ({
  ListStreams({ TableName, Limit = 100, ExclusiveStartStreamArn }: Streams.ListStreamsCommandInput) {
    const all = readable(db).filter(({ tableName }) => TableName === undefined || tableName === TableName);
    const from = ExclusiveStartStreamArn
      ? all.findIndex(({ arn }) => arn === ExclusiveStartStreamArn) + 1
      : 0;
    const page = all.slice(from, from + Limit);
    return {
      Streams: page.map(({ arn, tableName, label }) => ({
        StreamArn: arn,
        TableName: tableName,
        StreamLabel: label,
      })),
      ...(from + page.length < all.length ? { LastEvaluatedStreamArn: page.at(-1)!.arn } : {}),
    } satisfies Answer<Streams.ListStreamsCommandOutput>;
  },

  DescribeStream(input: Streams.DescribeStreamCommandInput) {
    constrained(input, { Limit: { atLeast: 1, atMost: 100 } });
    if (input.ShardFilter) throw notModelled('ShardFilter of DescribeStream');
    const stream = streamAt(db, input.StreamArn!);
    const shards = input.ExclusiveStartShardId === stream.shardId ? [] : [shardOf(stream)];
    return {
      StreamDescription: { ...described(stream), Shards: shards },
    } satisfies Answer<Streams.DescribeStreamCommandOutput>;
  },

  GetShardIterator(input: Streams.GetShardIteratorCommandInput) {
    constrained(input, {
      ShardIteratorType: {
        oneOf: ['TRIM_HORIZON', 'LATEST', 'AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER'],
      },
    });
    const stream = streamAt(db, input.StreamArn!);
    if (input.ShardId !== stream.shardId)
      throw new AwsError(
        'ResourceNotFoundException',
        `Requested resource not found: Shard does not exist: ${input.ShardId}`,
      );
    const now = db.world.clock.now();
    return {
      ShardIterator: iterator(stream, startOf(stream, input, now), now),
    } satisfies Answer<Streams.GetShardIteratorCommandOutput>;
  },

  GetRecords(input: Streams.GetRecordsCommandInput) {
    constrained(input, { Limit: { atLeast: 1, atMost: 1000 } });
    const now = db.world.clock.now();
    const { stream, from } = position(db, input.ShardIterator!, now);
    if (from < horizon(stream, now)) throw trimmed();
    const records = page(stream, from, input.Limit ?? 1000);
    const next = from + records.length;
    const ended = stream.disabled !== undefined && next === following(stream);
    return {
      Records: records,
      ...(ended ? {} : { NextShardIterator: iterator(stream, next, now) }),
    } satisfies Answer<Streams.GetRecordsCommandOutput>;
  },
});

/** Starts a stream of a table and returns it; the table's changes go to it from now on. */
export function openStream(db: Database, table: Table, view: Streams.StreamViewType): Stream {
  const { world, streams } = db;
  const created = world.clock.now();
  const label = unusedLabel(created, (it) => streams.has(`${table.arn}/stream/${it}`));
  const stream: Stream = {
    arn: `${table.arn}/stream/${label}`,
    label,
    tableName: table.name,
    keySchema: [
      { AttributeName: table.schema.hash.name, KeyType: 'HASH' },
      ...(table.schema.range ? [{ AttributeName: table.schema.range.name, KeyType: 'RANGE' as const }] : []),
    ],
    view,
    shardId: `shardId-${String(created).padStart(20, '0')}-${world.random.hex(8)}`,
    created,
    disabled: undefined,
    log: [],
    dropped: 0,
    kept: db.kept?.changesOf(`${table.arn}/stream/${label}`),
    readers: new Set(),
    telling: false,
  };
  streams.set(stream.arn, stream);
  table.stream = stream;
  table.latestStream = stream;
  return stream;
}

/** The moment as text; a later one if time stands still between two streams of a table. */
function unusedLabel(moment: number, isUsed: (label: string) => boolean): string {
  const label = new Date(moment).toISOString().slice(0, -1);
  return isUsed(label) ? unusedLabel(moment + 1, isUsed) : label;
}

/** Ends the stream of a table, if it has one: its records can be read for another day. */
export function closeStream({ world }: Database, table: Table): void {
  if (!table.stream) return;
  table.stream.disabled = world.clock.now();
  table.stream = undefined;
}

/** Calls `run` after every change that reaches the stream; returns how to stop it. */
export function whenStreamed(db: Database, streamArn: string, run: () => void): () => void {
  const { readers } = streamAt(db, streamArn);
  readers.add(run);
  return () => void readers.delete(run);
}

/** The streams in the order of their making, without those that nothing can be read from any more. */
function readable({ streams, world }: Database): Stream[] {
  for (const stream of streams.values())
    if (stream.disabled !== undefined && stream.disabled <= world.clock.now() - RETENTION) {
      streams.delete(stream.arn);
      stream.kept?.clear();
    }
  return [...streams.values()];
}

function streamAt(db: Database, arn: string): Stream {
  const stream = db.streams.get(arn);
  if (!stream || !readable(db).includes(stream))
    throw new AwsError('ResourceNotFoundException', `Requested resource not found: Stream: ${arn} not found`);
  return stream;
}

const described = (stream: Stream): Streams.StreamDescription => ({
  StreamArn: stream.arn,
  StreamLabel: stream.label,
  StreamStatus: stream.disabled === undefined ? 'ENABLED' : 'DISABLED',
  StreamViewType: stream.view,
  CreationRequestDateTime: new Date(stream.created),
  TableName: stream.tableName,
  KeySchema: stream.keySchema,
});

const shardOf = (stream: Stream): Streams.Shard => ({
  ShardId: stream.shardId,
  SequenceNumberRange: {
    StartingSequenceNumber: sequenceNumber(1),
    ...(stream.disabled === undefined
      ? {}
      : { EndingSequenceNumber: sequenceNumber(Math.max(1, following(stream) - 1)) }),
  },
});

const trimmed = () =>
  new AwsError(
    'TrimmedDataAccessException',
    'The operation attempted to read past the oldest stream record in a shard.',
  );

/** The number of the first change that an iterator of this kind gives. */
function startOf(
  stream: Stream,
  { ShardIteratorType: type, SequenceNumber }: Streams.GetShardIteratorCommandInput,
  now: number,
): number {
  if (type === 'LATEST') return following(stream);
  if (type === 'TRIM_HORIZON') return horizon(stream, now);
  if (SequenceNumber === undefined)
    throw invalid(
      'SequenceNumber must be specified when ShardIteratorType is AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER',
    );
  const number = numberOf(SequenceNumber);
  if (number === undefined || number >= following(stream))
    throw invalid(`Invalid SequenceNumber: ${SequenceNumber}`);
  const from = type === 'AT_SEQUENCE_NUMBER' ? number : number + 1;
  if (from < horizon(stream, now)) throw trimmed();
  return from;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html */
const ITERATOR_LIFETIME = 15 * 60_000;

/** Opaque to callers: the number of the next change, and when the iterator was made. */
const iterator = ({ arn }: Stream, next: number, now: number): string =>
  `${arn}|1|${Buffer.from(`${next}@${now}`).toString('base64')}`;

function position(db: Database, text: string, now: number): { stream: Stream; from: number } {
  const [arn = '', version, encoded = ''] = text.split('|');
  const [, from, made] = /^(\d+)@(\d+)$/.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
  if (version !== '1' || from === undefined) throw invalid('Invalid ShardIterator');
  if (Number(made) + ITERATOR_LIFETIME < now)
    throw new AwsError(
      'ExpiredIteratorException',
      'The shard iterator has expired and can no longer be used to retrieve stream records.',
    );
  return { stream: streamAt(db, arn), from: Number(from) };
}

/** At most `limit` records and about 1 MB. */
function page({ log, dropped }: Stream, from: number, limit: number): Streams._Record[] {
  const records: Streams._Record[] = [];
  let bytes = 0;
  for (let i = from - dropped - 1; i < log.length && records.length < limit && bytes < PAGE_BYTES; i++) {
    const { record } = log[i]!;
    records.push(record);
    bytes += record.dynamodb!.SizeBytes!;
  }
  return records;
}

const PAGE_BYTES = 2 ** 20;
