/** Time to live: items vanish some time after the moment that one of their attributes names. */
import type { Clock, Timer } from '../../clock.ts';
import type { Row } from './rows.ts';
import { attributeOf, type Item } from './value.ts';

export interface Expiry {
  attribute: string;
  /** To be told of every row that is written. */
  watch(row: Row): void;
  stop(): void;
}

/**
 * AWS promises deletion within a few days of expiry and does it within hours; until then the item can still be read.
 * Here it goes at the third full hour after it expired.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html
 */
const HOUR = 3_600_000;
const LAG = 2 * HOUR;

/** An item that expired longer ago than this is never deleted: a guard against mistaken units. */
const TOO_OLD = 5 * 365 * 24 * HOUR;

/** `remove` deletes a row if it is still the one in the table. */
export function expiryBy(attribute: string, clock: Clock, remove: (row: Row) => void): Expiry {
  const due = new Map<number, { timer: Timer; rows: Set<Row> }>();

  return {
    attribute,
    watch(row) {
      const expires = expiryOf(row.item, attribute);
      if (expires === undefined || expires < clock.now() - TOO_OLD) return;
      const at = Math.ceil((Math.max(expires, clock.now()) + LAG) / HOUR) * HOUR;
      let sweep = due.get(at);
      if (!sweep) {
        const rows = new Set<Row>();
        const timer = clock.after(at - clock.now(), () => {
          due.delete(at);
          for (const it of rows) remove(it);
        });
        sweep = { timer, rows };
        due.set(at, sweep);
      }
      sweep.rows.add(row);
    },
    stop() {
      for (const { timer } of due.values()) timer.cancel();
      due.clear();
    },
  };
}

/** Milliseconds since 1970; only numbers count, in seconds. */
function expiryOf(item: Item, attribute: string): number | undefined {
  const text = attributeOf(item, attribute)?.N;
  return text === undefined ? undefined : Math.floor(Number(text)) * 1000;
}
