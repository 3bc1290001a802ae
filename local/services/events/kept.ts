/** The events of one archive, oldest first, as text only. */
import type { Clock } from '../../clock.ts';
import type { Event } from './event.ts';
import type { Settings } from './settings.ts';

export interface Kept {
  add(event: Event & { text: string }, retentionDays: number): void;
  size(retentionDays: number): { EventCount: number; SizeBytes: number };
  /** The envelopes of the events whose time lies within `from` and `to`, which both count. */
  between(from: number, to: number, retentionDays: number): { time: number; text: string }[];
}

interface One {
  time: number;
  /** When it was kept. */
  since: number;
  text: string;
}

const DAY = 86_400_000;

export function kept(clock: Clock, settings: Settings): Kept {
  let events: One[] = [];
  /** Events before this index have expired. */
  let first = 0;

  const expire = (retentionDays: number) => {
    if (retentionDays === 0) return;
    const limit = clock.now() - retentionDays * DAY;
    while (first < events.length && events[first]!.since < limit) first++;
    if (first > events.length / 2) {
      events = events.slice(first);
      first = 0;
    }
  };
  const arrived = (retentionDays: number) => {
    expire(retentionDays);
    const limit = clock.now() - settings.archiveLag;
    return events.slice(first).filter(({ since }) => since <= limit);
  };

  return {
    add({ time, text }, retentionDays) {
      expire(retentionDays);
      events.push({ time, since: clock.now(), text });
    },
    size(retentionDays) {
      const all = arrived(retentionDays);
      return {
        EventCount: all.length,
        SizeBytes: all.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0),
      };
    },
    between: (from, to, retentionDays) =>
      arrived(retentionDays).filter(({ time }) => time >= from && time <= to),
  };
}
