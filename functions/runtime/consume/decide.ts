import type { Ambient } from '../ambient.ts';
import { Fault } from '../errors.ts';
import type { Decided, Definition, Moment } from './definition.ts';
import type { Arrival } from './outcome.ts';

/** What decisions are made with. */
export interface Deciding {
  definition: Definition;
  moment(): Moment;
  /** Milliseconds until a decision must have been made. */
  remaining(): number;
  ambient: Ambient;
}

/** Throws what the consumer throws; TIMEOUT when the decision is not made before the function's deadline. */
export async function decide(
  arrival: Arrival,
  states: unknown[],
  { definition, moment, remaining, ambient }: Deciding,
): Promise<Decided> {
  arrival.decisions++;
  const deciding = definition.decide(states, arrival.message!.event, moment());
  if (!(deciding instanceof Promise)) return deciding;
  return new Promise((resolve, reject) => {
    const cancel = ambient.after(remaining(), () =>
      reject(new Fault('TIMEOUT', 'the decision was not made in time')),
    );
    void deciding.then(resolve, reject).finally(cancel);
  });
}
