/** The metrics of EventBridge. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html */
import type { World } from '../../world.ts';
import { DEFAULT_BUS, type Rule } from './bus.ts';

export interface Metrics {
  /** Counts for a rule and for the account. */
  rule(rule: Rule, metric: string): void;
  /** Counts for the account. @param value @default 1 */
  account(metric: string, value?: number): void;
}

type Meter = (value: number) => void;

export function metricsOf(world: World): Metrics {
  const ofAccount = new Map<string, Meter>();
  const ofRules = new WeakMap<Rule, Map<string, Meter>>();
  const meter = (meters: Map<string, Meter>, metric: string, dimensions: Record<string, string>) => {
    let found = meters.get(metric);
    if (!found) {
      found = world.service('monitoring').meter('AWS/Events', metric, dimensions);
      meters.set(metric, found);
    }
    return found;
  };
  const account = (metric: string, value = 1) => meter(ofAccount, metric, {})(value);

  return {
    account,
    rule(rule, metric) {
      let meters = ofRules.get(rule);
      if (!meters) ofRules.set(rule, (meters = new Map()));
      meter(meters, metric, dimensionsOf(rule))(1);
      account(metric);
    },
  };
}

const dimensionsOf = ({ name, bus }: Rule): Record<string, string> =>
  bus.name === DEFAULT_BUS ? { RuleName: name } : { EventBusName: bus.name, RuleName: name };
