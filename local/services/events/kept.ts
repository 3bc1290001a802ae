/** The events of one archive, oldest first, as text only. */
import type { Clock } from '../../clock.ts';
import type { Shelf } from '../../durability/shelf.ts';
import type { Event } from './event.ts';
import type { Settings } from './settings.ts';

export interface Kept {
  add(event: Event & { text: string }, retentionDays: number): void;
  size(retentionDays: number): { EventCount: number; SizeBytes: number };
  /** The envelopes of the events whose time lies within `from` and `to`, which both count. */
  between(from: number, to: number, retentionDays: number): { time: number; text: string }[];
  /** Lets go of them all, also of what outlives the process. */
  forget(): void;
}

interface One {
  time: number;
  /** When it was kept. */
  since: number;
  text: string;
}

const DAY = 86_400_000;

/** @param shelf what is to outlive the process, by number. @default nothing is */
export function kept(clock: Clock, settings: Settings, shelf?: Shelf<One>): Kept {
  const before = shelf?.records() ?? [];
  let events = before.map(([, event]) => event);
  /** The number of the first of `events`. */
  let number = Number(before[0]?.[0] ?? 0);
  /** Events before this index have expired. */
  let first = 0;

  const expire = (retentionDays: number) => {
    if (retentionDays === 0) return;
    const limit = clock.now() - retentionDays * DAY;
    for (; first < events.length && events[first]!.since < limit; first++)
      shelf?.delete(String(number + first));
    if (first > events.length / 2) {
      events = events.slice(first);
      number += first;
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
      const event = { time, since: clock.now(), text };
      shelf?.put(String(number + events.length), event);
      events.push(event);
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
    forget() {
      events = [];
      shelf?.clear();
    },
  };
}
