/** One round: records that touch different aggregates are loaded, decided and committed together. */
import { pause, type Ambient } from '../ambient.ts';
import { Fault, refusal } from '../errors.ts';
import { commitOf, type Aggregate, type Commit } from './commit.ts';
import type { Definition, Moment } from './definition.ts';
import type { Arrival } from './outcome.ts';
import type { Store } from './store.ts';

export interface Round {
  consumer: string;
  definition: Definition;
  /** Undefined when stateless. */
  store: Store | undefined;
  moment(arrival: Arrival): Moment;
  /** Milliseconds until a decision must have been made. */
  remaining(): number;
  ambient: Ambient;
}

/** Gives every arrival a fault or the outcome committed or duplicate. */
export async function runRound(arrivals: readonly Arrival[], round: Round): Promise<void> {
  let pending = arrivals.filter((arrival) => !arrival.fault);
  for (let attempt = 1; pending.length > 0; attempt++) {
    if (attempt > 1) await pause(round.ambient, attempt - 1, 10, 500);
    const decided = await decideAll(pending, round);
    pending = await commitAll(decided, round);
  }
}

/** How often a record is decided again because its aggregate moved. */
const MAX_CONFLICTS = 5;

type DecidedArrival = { arrival: Arrival; commit: Commit };

async function decideAll(pending: readonly Arrival[], round: Round): Promise<DecidedArrival[]> {
  try {
    const states = await round.store?.load(pending.flatMap(pksOf));
    const decided = await Promise.all(pending.map((arrival) => decideOne(arrival, states, round)));
    return decided.filter((one) => one !== undefined);
  } catch (error) {
    for (const arrival of pending) arrival.fault = faultOf(error);
    return [];
  }
}

async function decideOne(
  arrival: Arrival,
  states: Map<string, Aggregate> | undefined,
  round: Round,
): Promise<DecidedArrival | undefined> {
  const { consumer, definition, store, ambient } = round;
  const message = arrival.message!;
  const aggregates = arrival.keys.map((key) => states?.get(`a#${key}`) ?? { state: undefined, version: 0 });
  const parked = states?.get(`p#${arrival.parking}`);
  arrival.decisions++;
  try {
    checkTurn(message.event.id, parked);
    const deciding = definition.decide(
      aggregates.map(({ state }) => state),
      message.event,
      round.moment(arrival),
    );
    const decided = deciding instanceof Promise ? await inTime(deciding, round) : deciding;
    const cause = { consumer, message, keys: arrival.keys, aggregates, now: ambient.now() };
    const commit = commitOf(decided, cause);
    commit.aggregates.push(...released(arrival.parking, parked));
    return { arrival, commit };
  } catch (error) {
    await failedOrDone(arrival, faultOf(error), store);
    return undefined;
  }
}

const pksOf = ({ keys, parking }: Arrival): string[] => [
  ...keys.map((key) => `a#${key}`),
  ...(parking === undefined ? [] : [`p#${parking}`]),
];

/** In a parked group only the first of those that were dead-lettered may run: they are redriven in order. */
function checkTurn(id: string, parked: Aggregate | undefined): void {
  const [first] = (parked?.state ?? []) as string[];
  if (first !== undefined && first !== id)
    throw refusal('PARKED', `an earlier message of this key, ${first}, was dead-lettered`);
}

/** The one that runs makes room for the next, in the same transaction. */
function released(group: string | undefined, parked: Aggregate | undefined): Commit['aggregates'] {
  const waiting = (parked?.state ?? []) as string[];
  if (!parked || waiting.length === 0) return [];
  return [{ pk: `p#${group}`, from: parked.version, text: JSON.stringify(waiting.slice(1)) }];
}

/** A decision may fail because it was made and committed before: then the record is a duplicate and not a failure. */
async function failedOrDone(arrival: Arrival, fault: Fault, store: Store | undefined): Promise<void> {
  const hash = await store?.marked(arrival.message!.event.id);
  if (hash === undefined) arrival.fault = fault;
  else settleMarked(arrival, hash);
}

/** The arrivals that are to be decided again. */
async function commitAll(decided: readonly DecidedArrival[], { store }: Round): Promise<Arrival[]> {
  if (!store) {
    for (const { arrival } of decided) arrival.outcome = { kind: 'committed', published: 0, sent: 0 };
    return [];
  }
  const verdicts = await store.write(decided.map(({ commit }) => commit));
  return decided.flatMap(({ arrival, commit: { published, sent } }, i) => {
    const verdict = verdicts[i]!;
    switch (verdict.kind) {
      case 'committed':
        arrival.outcome = { kind: 'committed', published, sent };
        return [];
      case 'marked':
        settleMarked(arrival, verdict.hash);
        return [];
      case 'failed':
        arrival.fault = verdict.fault;
        return [];
      case 'again':
        return [arrival];
      case 'conflict':
        if (++arrival.conflicts <= MAX_CONFLICTS) return [arrival];
        arrival.fault = new Fault('CONFLICT', 'the aggregate moved again and again', {
          limit: MAX_CONFLICTS,
        });
        return [];
    }
  });
}

function settleMarked(arrival: Arrival, hash: string): void {
  if (hash === arrival.message!.hash) arrival.outcome = { kind: 'duplicate' };
  else
    arrival.fault = refusal(
      'PAYLOAD_CONFLICT',
      `this id was used before: then ${hash}, now ${arrival.message!.hash}`,
    );
}

/** Rejects with TIMEOUT when the decision is not made before the function's deadline. */
function inTime<T>(deciding: Promise<T>, { ambient, remaining }: Round): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = ambient.after(remaining(), () =>
      reject(new Fault('TIMEOUT', 'the decision was not made in time')),
    );
    void deciding.then(resolve, reject).finally(cancel);
  });
}

/** Whatever was thrown, as a fault: strings, null and foreign errors too. */
export function faultOf(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const message =
    error instanceof Error ? error.message : typeof error === 'string' ? error : `${typeof error} was thrown`;
  const name = error instanceof Error && error.name !== 'Error' ? `${error.name}: ` : '';
  return new Fault('UNEXPECTED', `${name}${message.slice(0, 4096)}`, { cause: error });
}
