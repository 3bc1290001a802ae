/** How other services emit their metrics. */
import type { StandardUnit } from '@aws-sdk/client-cloudwatch';
import type { World } from '../../world.ts';
import { told, type Store } from './store.ts';

/** Name and value of each dimension: `{ QueueName: 'orders' }`. */
export type Dimensions = Record<string, string>;

export interface Meters {
  /**
   * Adds a value to a metric.
   * @param unit @default Count
   * @param time in milliseconds since 1970 @default now
   */
  record(
    namespace: string,
    metric: string,
    dimensions: Dimensions,
    value: number,
    unit?: StandardUnit,
    time?: number,
  ): void;
  /** The same for a metric that is recorded often: found once, added to cheaply. @param unit @default Count */
  meter(
    namespace: string,
    metric: string,
    dimensions: Dimensions,
    unit?: StandardUnit,
  ): (value: number) => void;
  /**
   * A metric that AWS samples each minute, such as the depth of a queue: tell it the value whenever it changes. Nothing
   * needs to be told while it stands still, or while it only grows by `perSecond` (0 unless given), as an age does.
   * @param unit @default Count
   */
  gauge(
    namespace: string,
    metric: string,
    dimensions: Dimensions,
    unit?: StandardUnit,
  ): (value: number, perSecond?: number) => void;
}

export function metersOf({ clock }: World, store: Store): Meters {
  const series = (namespace: string, name: string, dimensions: Dimensions, unit: StandardUnit) => {
    const listed = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
    const metric = store.metric(namespace, name, listed);
    return { metric, minutes: store.unit(metric, unit) };
  };
  return {
    record(namespace, name, dimensions, value, unit = 'Count', time = clock.now()) {
      const { metric, minutes } = series(namespace, name, dimensions, unit);
      minutes.add(time, value);
      told(metric);
    },
    meter(namespace, name, dimensions, unit = 'Count') {
      const { metric, minutes } = series(namespace, name, dimensions, unit);
      return (value) => {
        minutes.add(clock.now(), value);
        told(metric);
      };
    },
    gauge(namespace, name, dimensions, unit = 'Count') {
      const { metric, minutes } = series(namespace, name, dimensions, unit);
      return (value, perSecond = 0) => {
        minutes.hold(value, perSecond);
        told(metric);
      };
    },
  };
}
