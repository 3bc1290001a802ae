/** From a bus to the rules that match: only those are asked that may match the event's detail-type. */
import type { Bus, Rule, RuleIndex } from './bus.ts';
import type { Envelope } from './event.ts';

export const isEnabled = ({ state }: Rule): boolean => state !== 'DISABLED';

/** The enabled rules of the bus that match, by name. `only`: ARNs of the rules to ask; undefined or empty asks all. */
export function matching(bus: Bus, event: Envelope, only?: readonly string[]): Rule[] {
  bus.index ??= indexOf(bus);
  const { byDetailType, others } = bus.index;
  const asked = [...(byDetailType.get(event.detailType) ?? []), ...others];
  return asked.filter(
    (rule) => isEnabled(rule) && (!only?.length || only.includes(rule.arn)) && rule.pattern!(event.parsed),
  );
}

function indexOf({ rules }: Bus): RuleIndex {
  const index: RuleIndex = { byDetailType: new Map(), others: [] };
  for (const rule of rules.values()) {
    if (!rule.pattern) continue;
    const { detailTypes } = rule.pattern;
    if (!detailTypes) index.others.push(rule);
    for (const detailType of detailTypes ?? []) {
      const known = index.byDetailType.get(detailType);
      if (known) known.push(rule);
      else index.byDetailType.set(detailType, [rule]);
    }
  }
  return index;
}
