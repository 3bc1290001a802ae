import { faultOf } from '../errors.ts';
import { decide, type Deciding } from './decide.ts';
import { firstOfEachGroup, type Arrival } from './outcome.ts';

/** A round of a consumer that keeps nothing: side by side, of each FIFO group the first. Returns those that are done. */
export async function runStateless(arrivals: readonly Arrival[], deciding: Deciding): Promise<Arrival[]> {
  const first = firstOfEachGroup(arrivals);
  await Promise.all(
    first.map(async (arrival) => {
      if (arrival.fault) return;
      try {
        await decide(arrival, [], deciding);
        arrival.outcome = { kind: 'committed', published: 0, sent: 0 };
      } catch (error) {
        arrival.fault = faultOf(error);
      }
    }),
  );
  return first;
}
