/** FIFO groups whose contract says `onPoison: park`: `p#<group>` lists the ids that were dead-lettered, in order. */
import { refusal } from '../errors.ts';
import type { Aggregate, Written } from './commit.ts';

/** `pk` of a group's row. */
export const parkedKey = (group: string): string => `p#${group}`;

/** What to read for a message of a group, or of none. */
export const parkedKeys = (group: string | undefined): string[] =>
  group === undefined ? [] : [parkedKey(group)];

/** A group's row among what was read. */
export const parkedIn = (
  read: ReadonlyMap<string, Aggregate>,
  group: string | undefined,
): Aggregate | undefined => (group === undefined ? undefined : read.get(parkedKey(group)));

/** The ids that are to be redriven, in this order. */
export const waitingIn = (parked: Aggregate | undefined): string[] => JSON.parse(parked?.text ?? '[]');

/** A group's row with other ids, on top of the one that was read. */
export const parkedRow = (
  group: string,
  { version: from }: Pick<Aggregate, 'version'>,
  ids: readonly string[],
): Written => ({ pk: parkedKey(group), from, version: from + 1, text: JSON.stringify(ids) });

/** In a parked group only the first of those that were dead-lettered may run: they are redriven in order. Throws PARKED. */
export function checkTurn(id: string, parked: Aggregate | undefined): void {
  const [first] = waitingIn(parked);
  if (first !== undefined && first !== id)
    throw refusal('PARKED', `an earlier message of this key, ${first}, was dead-lettered`);
}

/** The one that runs makes room for the next, in the same transaction. */
export function released(group: string | undefined, parked: Aggregate | undefined): Written[] {
  const waiting = waitingIn(parked);
  return group === undefined || !parked || waiting.length === 0
    ? []
    : [parkedRow(group, parked, waiting.slice(1))];
}
