import type { Ambient } from '../ambient.ts';
import { timeOf } from '../contract/time.ts';
import { Fault } from '../errors.ts';
import type { Decided, Definition, Moment } from './definition.ts';
import type { Arrival } from './outcome.ts';
import { redact } from './redact.ts';

/** What decisions are made with. */
export interface Deciding {
  definition: Definition;
  /** Writes to the log. */
  say: Moment['log'];
  /** Milliseconds until a decision must have been made. */
  remaining(): number;
  ambient: Ambient;
}

/** Throws what the consumer throws; TIMEOUT when the decision is not made before the function's deadline. */
export async function decide(
  arrival: Arrival,
  states: unknown[],
  { definition, say, remaining, ambient }: Deciding,
): Promise<Decided> {
  arrival.decisions++;
  const { event } = arrival.message!;
  const log = (fields: Record<string, unknown>) => say(withoutData(fields, event.data));
  const moment = { now: timeOf(ambient.now()), log };
  const deciding = definition.decide(
    states,
    event,
    arrival.answered ? { ...moment, ...arrival.answered } : moment,
  );
  return deciding instanceof Promise ? inTime(deciding, remaining(), ambient) : deciding;
}

/** Throws TIMEOUT when it takes longer than `ms`. */
export function inTime<T>(running: Promise<T>, ms: number, ambient: Ambient): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = ambient.after(ms, () =>
      reject(new Fault('TIMEOUT', 'it was not done before the function’s deadline')),
    );
    void running.then(resolve, reject).finally(cancel);
  });
}

/** Of the fields that are logged, `message` and `notice` are free text. */
function withoutData(fields: Record<string, unknown>, data: unknown): Record<string, unknown> {
  const told = { ...fields };
  for (const name of ['message', 'notice'])
    if (typeof told[name] === 'string') told[name] = redact(told[name], data, 500);
  return told;
}
