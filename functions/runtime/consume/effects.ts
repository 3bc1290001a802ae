/** Calls to the outside world, made before the decision on their answers. */
import type { Ambient } from '../ambient.ts';
import { Fault, faultOf, Permanent, refusal, Unavailable } from '../errors.ts';
import { checkAge } from './arrival.ts';
import type { Known } from './calls.ts';
import type { Aggregate } from './commit.ts';
import { reasonOn } from './dead-letter.ts';
import { inTime } from './decide.ts';
import type { Call, Definition } from './definition.ts';
import { firstOfEachGroup, type Arrival } from './outcome.ts';
import { checkTurn, parkedIn, parkedKeys } from './parking.ts';
import type { Store } from './store.ts';

export interface Performing {
  effect: NonNullable<Definition['effect']>;
  store: Store;
  /** Milliseconds until an answer must be there. */
  remaining(): number;
  /** Milliseconds for which marks are kept. @default for ever */
  expireAfter: number | undefined;
  ambient: Ambient;
}

/**
 * Of each key and group the first arrival, with its answer or a fault; the others wait for it. A call that may have been
 * made before is not made again before it is known what became of it.
 */
export async function perform(
  arrivals: readonly Arrival[],
  performing: Performing,
): Promise<readonly Arrival[]> {
  const turn = firstOfEachKey(firstOfEachGroup(arrivals));
  const open = turn.filter(({ fault, answered }) => !fault && !answered);
  if (open.length === 0) return turn;
  try {
    const { store } = performing;
    const [known, read] = await Promise.all([
      store.calls.known(open.map(idOf)),
      store.load(open.flatMap(({ parking }) => parkedKeys(parking))),
    ]);
    await Promise.all(
      open.map((arrival) =>
        answer(arrival, known.get(idOf(arrival))!, parkedIn(read, arrival.parking), performing),
      ),
    );
  } catch (error) {
    for (const arrival of open) arrival.fault = faultOf(error);
  }
  return turn;
}

const idOf = ({ message }: Arrival): string => message!.event.id;

const firstOfEachKey = (arrivals: readonly Arrival[]): Arrival[] => {
  const keys = new Set<string>();
  return arrivals.filter(({ keys: [key] }) => key === undefined || keys.size < keys.add(key).size);
};

async function answer(
  arrival: Arrival,
  known: Known,
  parked: Aggregate | undefined,
  performing: Performing,
): Promise<void> {
  try {
    checkTurn(idOf(arrival), parked, performing.ambient.now());
    arrival.answered = { answer: await answerOf(arrival, known, performing) };
  } catch (error) {
    arrival.fault = faultOf(error);
  }
}

async function answerOf(
  arrival: Arrival,
  { handled, attempt, at, until }: Known,
  { effect, store: { calls }, expireAfter, remaining, ambient }: Performing,
): Promise<unknown> {
  if (handled) throw new Fault('UNEXPECTED', 'it was handled before');
  const now = ambient.now();
  if (until > now) throw running();
  const { event } = arrival.message!;
  checkAge(event, expireAfter, now);
  const aborting = new AbortController();
  const call: Call = { idempotencyKey: event.id, attempt: attempt + 1, signal: aborting.signal };
  const ask = <T>(asking: Promise<T>) => inTime(asking, remaining(), ambient);
  try {
    if (until > 0) {
      const found = effect.reconcile && (await ask(effect.reconcile(event, call)));
      if (found !== undefined) return found;
      if (!effect.reconcile && !effect.idempotent && !redrivenSince(at, arrival))
        throw unknown('an earlier attempt ended without an answer');
    }
    if (!(await calls.begin(event.id, { attempt, at: now, until: now + remaining() }))) throw running();
    return await ask(effect.perform(event, call)).catch(async (error: unknown) => {
      if (saysNothingCame(error)) await calls.undone(event.id, attempt + 1);
      throw lost(error, effect);
    });
  } finally {
    aborting.abort();
  }
}

/** What to make of a call that threw: EFFECT_UNKNOWN, unless it says itself that nothing came of it, or it can be found out. */
export const lost = (
  error: unknown,
  { reconcile, idempotent }: Pick<Performing['effect'], 'reconcile' | 'idempotent'>,
): unknown => (saysNothingCame(error) || reconcile || idempotent ? error : unknown(faultOf(error).message));

const saysNothingCame = (error: unknown): boolean =>
  error instanceof Permanent || error instanceof Unavailable;

/** Whoever redrives a call of which the answer was lost wants it made. */
function redrivenSince(at: number, { record }: Arrival): boolean {
  const reason = reasonOn(record);
  return reason?.code === 'EFFECT_UNKNOWN' && Date.parse(reason.last) >= at;
}

const running = () => new Fault('EFFECT_RUNNING', 'this call is being made');

const unknown = (why: string) =>
  refusal('EFFECT_UNKNOWN', `whether the call took effect is not known: ${why}`);
