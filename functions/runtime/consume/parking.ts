/** FIFO groups whose contract says `onPoison: park`: `p#<group>` lists the ids that were dead-lettered, in order. */
import { refusal } from '../errors.ts';
import type { Aggregate, Written } from './commit.ts';

const waitingIn = (parked: Aggregate | undefined): string[] => JSON.parse(parked?.text ?? '[]');

/** In a parked group only the first of those that were dead-lettered may run: they are redriven in order. Throws PARKED. */
export function checkTurn(id: string, parked: Aggregate | undefined): void {
  const [first] = waitingIn(parked);
  if (first !== undefined && first !== id)
    throw refusal('PARKED', `an earlier message of this key, ${first}, was dead-lettered`);
}

/** The one that runs makes room for the next, in the same transaction. */
export function released(group: string | undefined, parked: Aggregate | undefined): Written[] {
  const waiting = waitingIn(parked);
  if (!parked || waiting.length === 0) return [];
  const { version: from } = parked;
  return [{ pk: `p#${group}`, from, version: from + 1, text: JSON.stringify(waiting.slice(1)) }];
}
