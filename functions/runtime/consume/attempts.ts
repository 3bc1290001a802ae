/**
 * How often a message was really tried. SQS counts receives, and hands out a FIFO group together: what is behind a message that
 * fails is received as often as it is, without being tried. Its own attempts begin when nothing is before it any more. The
 * receive at which they do is noted in the table, as the version of `b#<SQS message id>`.
 */
import { refusal } from '../errors.ts';
import { firstOfEachGroup, goesBack, type Arrival } from './outcome.ts';
import type { Store } from './store.ts';

/**
 * Receives beyond the last attempt. The function gives a record up itself and says why; SQS, which cannot say, waits for these
 * in addition, should the function crash or hand the record back at its last attempt. Of a FIFO queue with a table behind it
 * the function tells receives from attempts and gives up what crashes too, after as many: SQS, which cannot, waits for as long
 * as it can.
 */
export const SPARE_RECEIVES = 3;

const noteOf = ({ record }: Arrival): string => `b#${record.messageId}`;

/** Attempts so far, this one included. Throws STORE_UNAVAILABLE. */
export async function attemptsOf(arrival: Arrival, store: Store | undefined): Promise<number> {
  const { group, behind, receives } = arrival;
  if (group === undefined || !store) return receives;
  if (behind) return 1;
  const note = noteOf(arrival);
  return receives + 1 - ((await store.load([note])).get(note)?.version ?? 1);
}

/** Notes whose attempts begin: of each group the first that goes back, once nothing before it does. */
export async function noteBeginnings(arrivals: readonly Arrival[], store: Store): Promise<void> {
  const begun = firstOfEachGroup(arrivals.filter(goesBack)).filter(
    ({ behind, receives }) => behind && receives > 1,
  );
  // Without its note a message only counts as tried more often than it was.
  await Promise.allSettled(
    begun.map((arrival) =>
      store.begin(noteOf(arrival), arrival.receives + (arrival.outcome!.kind === 'unrun' ? 1 : 0)),
    ),
  );
}

/** A head whose attempts all crashed or ran out of time must not take along those that are behind it. */
export async function refuseUnended(
  arrivals: readonly Arrival[],
  maxReceives: number,
  store: Store,
): Promise<void> {
  const most = maxReceives + SPARE_RECEIVES;
  const heads = arrivals.filter(
    ({ group, behind, fault, receives }) => group !== undefined && !behind && !fault && receives > most,
  );
  await Promise.allSettled(
    heads.map(async (head) => {
      if ((await attemptsOf(head, store)) > most)
        head.fault = refusal('NO_REASON', `none of ${most} attempts came to its end`);
    }),
  );
}
