/** All metrics, by namespace, name and dimensions. */
import type { Dimension } from '@aws-sdk/client-cloudwatch';
import type { World } from '../../world.ts';
import { merge, type Bucket } from './bucket.ts';
import { minutes, type Minutes } from './minutes.ts';

export interface Metric {
  namespace: string;
  name: string;
  /** In the order of their names. */
  dimensions: { Name: string; Value: string }[];
  units: Map<string, Minutes>;
  /** Called when something was recorded. */
  watchers: Set<() => void>;
}

export interface Store {
  /** Known from then on, though it may have no datapoints. */
  metric(namespace: string, name: string, dimensions?: Dimension[]): Metric;
  unit(metric: Metric, unit: string): Minutes;
  all(): Metric[];
}

export function metricStore({ clock, durable }: World): Store {
  const byKey = new Map<string, Metric>();
  const kept = durable?.shelf<Bucket>('monitoring/datapoints');
  const store: Store = {
    metric(namespace, name, given = []) {
      const dimensions = given
        .map(({ Name = '', Value = '' }) => ({ Name, Value }))
        .toSorted((a, b) => (a.Name < b.Name ? -1 : 1));
      const key = JSON.stringify([
        namespace,
        name,
        ...dimensions.flatMap(({ Name, Value }) => [Name, Value]),
      ]);
      let metric = byKey.get(key);
      if (!metric) {
        metric = { namespace, name, dimensions, units: new Map(), watchers: new Set() };
        byKey.set(key, metric);
      }
      return metric;
    },
    unit({ namespace, name, dimensions, units }, unit) {
      let found = units.get(unit);
      if (!found) {
        const key = (minute: number) => JSON.stringify([minute, unit, namespace, name, dimensions]);
        found = minutes(clock.now, (minute, bucket) =>
          bucket ? kept?.put(key(minute), bucket) : kept?.delete(key(minute)),
        );
        units.set(unit, found);
      }
      return found;
    },
    all: () => [...byKey.values()],
  };
  for (const [key, bucket] of kept?.records() ?? []) {
    const [minute, unit, namespace, name, dimensions] = JSON.parse(key) as Key;
    store.unit(store.metric(namespace, name, dimensions), unit).restore(minute, bucket);
  }
  return store;
}

type Key = [minute: number, unit: string, namespace: string, name: string, dimensions: Dimension[]];

/** What a metric has from `from`, before `to`, in one unit or all. */
export function recorded(metric: Metric, from: number, to: number, unit?: string): Bucket | undefined {
  let found: Bucket | undefined;
  for (const [name, minutes] of metric.units) {
    if (unit !== undefined && unit !== name) continue;
    const bucket = minutes.within(from, to);
    if (bucket) found = found ? merge(found, bucket) : bucket;
  }
  return found;
}

/** When a metric was recorded last; undefined: not within the time that is kept. */
export function latestOf(metric: Metric): number | undefined {
  const times = [...metric.units.values()]
    .map((minutes) => minutes.latest())
    .filter((time) => time !== undefined);
  return times.length > 0 ? Math.max(...times) : undefined;
}

export function told({ watchers }: Metric): void {
  for (const watcher of watchers) watcher();
}
