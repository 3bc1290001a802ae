/** A delivery that is not over, and how it outlives the process. */
import type { Target } from '@aws-sdk/client-eventbridge';
import type { Buses, Rule } from './bus.ts';
import { sealed, type Envelope, type Event } from './event.ts';

export interface Undelivered {
  rule: Rule;
  target: Target;
  event: Envelope;
  retries: number;
  /** When it is tried next, in milliseconds since 1970. @default now */
  due?: number;
}

interface Kept extends Pick<Undelivered, 'target' | 'retries' | 'due'> {
  bus: string;
  rule: string;
  event: Event;
}

/** What is left when its rule is gone is forgotten. */
export const undeliveredOf = (buses: Buses) => ({
  store({ rule, event: { text: _text, parsed: _parsed, ...event }, ...rest }: Undelivered): Kept {
    return { ...rest, bus: rule.bus.name, rule: rule.name, event };
  },
  load({ bus, rule: name, event, ...rest }: Kept): Undelivered | undefined {
    const rule = buses.find(bus)?.rules.get(name);
    return rule && { ...rest, rule, event: sealed({ ...event }) };
  },
});
