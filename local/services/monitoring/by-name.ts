import type { StandardUnit } from '@aws-sdk/client-cloudwatch';
import type { World } from '../../world.ts';

/** Adds a value to a metric. */
export type Meter = (value: number) => void;

export interface Kind<Metric extends string> {
  /** `AWS/Lambda` */
  namespace: string;
  /** The only one: `FunctionName`. */
  dimension: string;
  units: Readonly<Record<Metric, StandardUnit>>;
}

/** The metrics of things that go by name, found once for each. */
export function metersByName<Metric extends string>(
  world: World,
  { namespace, dimension, units }: Kind<Metric>,
): (name: string) => Record<Metric, Meter> {
  const known = new Map<string, Record<Metric, Meter>>();
  return (name) => {
    let own = known.get(name);
    if (!own) {
      const { meter } = world.service('monitoring');
      const meters = Object.entries<StandardUnit>(units).map(([metric, unit]) => [
        metric,
        meter(namespace, metric, { [dimension]: name }, unit),
      ]);
      own = Object.fromEntries(meters) as Record<Metric, Meter>;
      known.set(name, own);
    }
    return own;
  };
}
