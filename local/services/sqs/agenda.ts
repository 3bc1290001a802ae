import type { Clock } from '../../clock.ts';
import { heap, type Heap } from '../../heap.ts';

/**
 * A heap that calls `due` with all items whose moment has come. However many items wait, there is one timer, and it is
 * set anew only for an earlier moment: a timer that finds nothing to do costs less than thousands that were cancelled.
 */
export function agenda<T>(clock: Clock, due: (items: T[]) => void): Heap<T> {
  const entries = heap<T>();
  let alarm: { at: number; cancel(): void } | undefined;

  const arm = () => {
    const at = entries.first()?.at;
    if (at === undefined || (alarm && alarm.at <= at)) return;
    alarm?.cancel();
    const timer = clock.after(at - clock.now(), ring);
    alarm = { at, cancel: () => timer.cancel() };
  };
  const ring = () => {
    alarm = undefined;
    const items: T[] = [];
    for (
      let entry = entries.first();
      entry && entry.at <= clock.now();
      entries.remove(entry), entry = entries.first()
    )
      items.push(entry.item);
    if (items.length > 0) due(items);
    arm();
  };

  return {
    ...entries,
    add(at, item) {
      const entry = entries.add(at, item);
      arm();
      return entry;
    },
  };
}
