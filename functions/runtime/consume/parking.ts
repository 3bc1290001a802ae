/** FIFO groups whose contract says `onPoison: park`: `p#<group>` lists what was dead-lettered, in order. */
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

/** A message's id, and when it was dead-lettered, in milliseconds since 1970. */
export type Letter = [id: string, at: number];

/** How long a dead-letter queue keeps a letter. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const LETTERS_LAST_MS = 14 * 24 * 60 * 60 * 1000;

/** What is to be redriven, in this order. What nobody redrove in time is gone, and nothing waits for it. */
export const waitingIn = (parked: Aggregate | undefined, now: number): Letter[] =>
  (JSON.parse(parked?.text ?? '[]') as Letter[]).filter(([, at]) => now < at + LETTERS_LAST_MS);

/** A group's row with other letters, on top of the one that was read. */
export const parkedRow = (
  group: string,
  { version: from }: Pick<Aggregate, 'version'>,
  letters: readonly Letter[],
): Written => ({ pk: parkedKey(group), from, version: from + 1, text: JSON.stringify(letters) });

/** In a parked group only the first of those that were dead-lettered may run: they are redriven in order. Throws PARKED. */
export function checkTurn(id: string, parked: Aggregate | undefined, now: number): void {
  const [first] = waitingIn(parked, now);
  if (first && first[0] !== id)
    throw refusal('PARKED', `an earlier message of this key, ${first[0]}, was dead-lettered`);
}

/** The one that runs makes room for the next, in the same transaction. */
export function released(
  group: string | undefined,
  parked: Aggregate | undefined,
  id: string,
  now: number,
): Written[] {
  if (group === undefined || !parked) return [];
  const waiting = waitingIn(parked, now);
  const left = waiting.filter(([other]) => other !== id);
  return left.length === waiting.length ? [] : [parkedRow(group, parked, left)];
}
