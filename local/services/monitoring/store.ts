/** All metrics, by namespace, name and dimensions. */
import type { Dimension } from '@aws-sdk/client-cloudwatch';
import type { Clock } from '../../clock.ts';
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

export function metricStore({ now }: Clock): Store {
  const byKey = new Map<string, Metric>();
  return {
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
    unit({ units }, unit) {
      let found = units.get(unit);
      if (!found) units.set(unit, (found = minutes(now)));
      return found;
    },
    all: () => [...byKey.values()],
  };
}

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
