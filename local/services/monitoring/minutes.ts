/** The datapoints of one metric in one unit, by the minute; nothing is kept for longer than 15 days. */
import { addTo, copied, empty, merge, sampled, type Bucket } from './bucket.ts';

export interface Minutes {
  /** `count` values at `time`, in milliseconds since 1970. */
  add(time: number, value: number, count?: number): void;
  addSet(time: number, set: Omit<Bucket, 'values'>): void;
  /** A value that stands until the next one, and changes by `perSecond` meanwhile. */
  hold(value: number, perSecond: number): void;
  held(): Held | undefined;
  /** What was recorded from `from`, before `to`. */
  within(from: number, to: number): Bucket | undefined;
  /** When something was recorded last; undefined when nothing is left. */
  latest(): number | undefined;
  /** What was recorded in a minute since 1970, before this process began. */
  restore(minute: number, bucket: Bucket): void;
}

export interface Held {
  value: number;
  perSecond: number;
  since: number;
}

export const MINUTE = 60_000;
/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html#Metric-retention */
const KEPT = 15 * 24 * 60;
/** A queue that is empty reports for six hours more. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html */
export const IDLE_MINUTES = 6 * 60;

/** Told of each minute that has other content than before; `undefined` for one that is no longer kept. */
type Changed = (minute: number, bucket: Bucket | undefined) => void;

export function minutes(now: () => number, changed: Changed): Minutes {
  const buckets = byMinute(now, changed);
  let held: Held | undefined;
  let heldMinute = 0;

  /** Says of the minutes since the last change what stood in them. */
  const fill = () => {
    if (!held) return;
    const current = Math.floor(now() / MINUTE);
    const last = Math.min(current, lastMinuteOf(held));
    for (let minute = Math.max(heldMinute, current - KEPT); minute <= last; minute++)
      buckets.put(minute, sampled(grown(held, Math.min((minute + 1) * MINUTE, now()))));
    heldMinute = Math.max(heldMinute, last);
  };

  return {
    add: (time, value, count = 1) => addTo(buckets.at(time), value, count),
    addSet: (time, set) => void merge(buckets.at(time), { ...set, values: undefined }),
    hold(value, perSecond) {
      const minute = Math.floor(now() / MINUTE);
      if (held && heldMinute < minute) fill();
      held = { value, perSecond, since: now() };
      heldMinute = minute;
      buckets.put(minute, sampled(value));
    },
    held: () => held,
    within(from, to) {
      fill();
      let found: Bucket | undefined;
      for (let minute = Math.floor(from / MINUTE); minute * MINUTE < to; minute++) {
        const bucket = buckets.get(minute);
        if (bucket) found = found ? merge(found, bucket) : copied(bucket);
      }
      return found;
    },
    latest() {
      fill();
      return buckets.latest();
    },
    restore: buckets.restore,
  };
}

function byMinute(now: () => number, changed: Changed) {
  const buckets = new Map<number, Bucket>();
  let latest = -1;
  const restore = (minute: number, bucket: Bucket) => {
    buckets.set(minute, bucket);
    latest = Math.max(latest, minute);
  };
  const forget = () => {
    const limit = Math.floor(now() / MINUTE) - KEPT;
    for (const minute of buckets.keys()) {
      if (minute >= limit) return;
      buckets.delete(minute);
      changed(minute, undefined);
    }
  };
  const put = (minute: number, bucket: Bucket): Bucket => {
    restore(minute, bucket);
    changed(minute, bucket);
    forget();
    return bucket;
  };
  return {
    restore,
    put,
    get: (minute: number) => buckets.get(minute),
    /** That of a moment, to be changed. */
    at(time: number): Bucket {
      const minute = Math.floor(time / MINUTE);
      const bucket = buckets.get(minute);
      if (!bucket) return put(minute, empty());
      changed(minute, bucket);
      return bucket;
    },
    latest(): number | undefined {
      forget();
      return buckets.size > 0 ? latest * MINUTE : undefined;
    },
  };
}

const lastMinuteOf = ({ value, perSecond, since }: Held): number =>
  value === 0 && perSecond === 0 ? Math.floor(since / MINUTE) + IDLE_MINUTES : Infinity;

const grown = ({ value, perSecond, since }: Held, at: number): number =>
  value + (perSecond * Math.max(0, at - since)) / 1000;
