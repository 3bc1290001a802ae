/** The log of a table's changes. One shard, open from the day the stream is enabled to the day it is disabled. */
import type * as Streams from '@aws-sdk/client-dynamodb-streams';
import type { Shelf } from '../../durability/shelf.ts';
import type { World } from '../../world.ts';
import type { KeyAttribute } from './table.ts';
import { itemSize, sameItem, type Item } from './value.ts';

export interface Stream {
  arn: string;
  label: string;
  tableName: string;
  keySchema: Streams.KeySchemaElement[];
  view: Streams.StreamViewType;
  shardId: string;
  created: number;
  /** When it was disabled; nothing is written any more, but read it can be for a day. */
  disabled: number | undefined;
  /** In the order of commits. `log[0]` is change number `dropped + 1`. */
  log: Logged[];
  dropped: number;
  /** Takes up records that outlive the process, by number. @default they do not */
  kept?: Shelf<Logged> | undefined;
  readers: Set<() => void>;
  /** Whether readers are about to be told. */
  telling: boolean;
}

export interface Logged {
  at: number;
  record: Streams._Record;
}

/** Who made a change, where it was not a caller: DynamoDB itself, deleting what has expired. */
export type Identity = Streams.Identity;

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html */
export const RETENTION = 24 * 3_600_000;

/** Writes down a change; nothing if the item is as it was. */
export function append(
  { clock, random, region }: World,
  stream: Stream,
  keys: KeyAttribute[],
  before: Item | undefined,
  after: Item | undefined,
  userIdentity?: Identity,
): void {
  const item = after ?? before;
  if (!item || (before && after && sameItem(before, after))) return;
  const at = clock.now();
  dropExpired(stream, at);
  const Keys = Object.fromEntries(keys.map(({ name }) => [name, item[name]!]));
  const images = imagesOf(stream.view, before, after);
  const number = following(stream);
  const change: Logged = {
    at,
    record: {
      eventID: random.hex(32),
      eventName: !before ? 'INSERT' : after ? 'MODIFY' : 'REMOVE',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: region,
      dynamodb: {
        ApproximateCreationDateTime: new Date(Math.floor(at / 1000) * 1000),
        Keys,
        ...images,
        SequenceNumber: sequenceNumber(number),
        SizeBytes: [Keys, ...Object.values(images)].reduce((bytes, image) => bytes + itemSize(image), 0),
        StreamViewType: stream.view,
      },
      ...(userIdentity ? { userIdentity } : {}),
    },
  };
  stream.log.push(change);
  stream.kept?.put(String(number), change);
  tell(stream);
}

function imagesOf(view: Streams.StreamViewType, before: Item | undefined, after: Item | undefined) {
  const images: Pick<Streams.StreamRecord, 'NewImage' | 'OldImage'> = {};
  if (after && (view === 'NEW_IMAGE' || view === 'NEW_AND_OLD_IMAGES')) images.NewImage = after;
  if (before && (view === 'OLD_IMAGE' || view === 'NEW_AND_OLD_IMAGES')) images.OldImage = before;
  return images as Record<string, Item>;
}

/** Tells the readers once all that is going on now is done: one transaction, one telling. */
export function tell(stream: Stream): void {
  if (stream.telling || stream.readers.size === 0) return;
  stream.telling = true;
  queueMicrotask(() => {
    stream.telling = false;
    for (const run of stream.readers) run();
  });
}

/** Changes are numbered from 1; the text orders as the numbers do and has AWS's 21 digits. */
export const sequenceNumber = (number: number): string => `1${String(number).padStart(20, '0')}`;

/** The number of a change, or undefined for text that is no sequence number. */
export const numberOf = (sequence: string): number | undefined =>
  /^1\d{20}$/.test(sequence) ? Number(sequence.slice(1)) : undefined;

/** The number of the oldest change that can still be read; one beyond the newest if there is none. */
export function horizon({ log, dropped }: Stream, now: number): number {
  let low = 0;
  let high = log.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (log[middle]!.at <= now - RETENTION) low = middle + 1;
    else high = middle;
  }
  return dropped + low + 1;
}

/** The number that the next change will have. */
export const following = ({ log, dropped }: Stream): number => dropped + log.length + 1;

/** Frees what nobody can read any more, many at a time. */
function dropExpired(stream: Stream, now: number): void {
  const batch = stream.log[DROPPED_AT_ONCE];
  if (!batch || batch.at > now - RETENTION) return;
  const expired = horizon(stream, now) - 1 - stream.dropped;
  for (let i = 1; stream.kept && i <= expired; i++) stream.kept.delete(String(stream.dropped + i));
  stream.log.splice(0, expired);
  stream.dropped += expired;
}

const DROPPED_AT_ONCE = 1000;
