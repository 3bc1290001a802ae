/** One round: records are decided one after another, each on what the ones before it leave, and committed together. */
import { pause } from '../ambient.ts';
import { Fault, faultOf, refusal } from '../errors.ts';
import { checkAge } from './arrival.ts';
import { commitOf, stateOf, type Aggregate, type Commit } from './commit.ts';
import { decide, type Deciding } from './decide.ts';
import { firstOfEachGroup, type Arrival } from './outcome.ts';
import { checkTurn, parkedIn, parkedKeys, released } from './parking.ts';
import { fits, type Verdict } from './rows.ts';
import type { Store } from './store.ts';

export interface Round extends Deciding {
  consumer: string;
  store: Store;
  /** The types that the consumer declares. @default whatever it decides */
  says: ReadonlySet<string> | undefined;
  /** Milliseconds for which marks are kept. @default for ever */
  expireAfter: number | undefined;
}

/** Gives arrivals a fault or the outcome committed or duplicate, and returns them. The others are to be run again. */
export async function runRound(arrivals: readonly Arrival[], round: Round): Promise<Arrival[]> {
  const { store, ambient } = round;
  let aggregates: Map<string, Aggregate>;
  try {
    aggregates = await store.load(arrivals.flatMap(pksOf));
  } catch (error) {
    const first = firstOfEachGroup(arrivals);
    for (const arrival of first) arrival.fault ??= faultOf(error);
    return first;
  }
  const steps = await decideAll(arrivals, aggregates, round);
  const verdicts = await store.write(steps.flatMap(({ commit }) => commit ?? []));
  const done = await settleAll(steps, verdicts, store);
  const conflicts = Math.max(...arrivals.map((arrival) => arrival.conflicts));
  if (verdicts.some(({ kind }) => kind === 'conflict')) await pause(ambient, conflicts, 10, 500);
  return done;
}

const pksOf = ({ keys, parking }: Arrival): string[] => [
  ...keys.map((key) => `a#${key}`),
  ...parkedKeys(parking),
];

/** A decision: its commit, or why there is none. */
type Step = { arrival: Arrival } & ({ commit: Commit; fault?: never } | { commit?: never; fault: Fault });

/**
 * Stops before a record with which the transaction would be too large, and before a copy of another one, which waits for
 * its mark. In a FIFO group it stops after one that failed.
 */
async function decideAll(
  arrivals: readonly Arrival[],
  aggregates: Map<string, Aggregate>,
  round: Round,
): Promise<Step[]> {
  const steps: Step[] = [];
  const commits: Commit[] = [];
  const ids = new Set<string>();
  const stopped = new Set<string>();
  for (const arrival of arrivals) {
    const { group, received } = arrival;
    if (group !== undefined && stopped.has(group)) continue;
    if (received && ids.size === ids.add(received.id).size) break;
    const step = await decideOne(arrival, aggregates, round);
    if (step.commit) {
      if (commits.push(step.commit) > 1 && !fits(commits)) break;
      for (const written of step.commit.aggregates) aggregates.set(written.pk, written);
    } else if (group !== undefined) stopped.add(group);
    steps.push(step);
  }
  return steps;
}

async function decideOne(arrival: Arrival, read: Map<string, Aggregate>, round: Round): Promise<Step> {
  const { keys, message, parking, fault } = arrival;
  if (fault) return { arrival, fault };
  const aggregates = keys.map((key) => read.get(`a#${key}`) ?? { version: 0 });
  const parked = parkedIn(read, parking);
  const { consumer, ambient, says, expireAfter } = round;
  try {
    checkTurn(message!.event.id, parked, ambient.now());
    checkAge(message!.event, expireAfter, ambient.now());
    const decided = await decide(arrival, aggregates.map(stateOf), round);
    const now = ambient.now();
    const cause = { consumer, message: message!, keys, aggregates, now, says, expireAfter };
    const commit = commitOf(decided, cause);
    commit.aggregates.push(...released(parking, parked, message!.event.id, now));
    return { arrival, commit };
  } catch (error) {
    return { arrival, fault: faultOf(error) };
  }
}

/** Returns those that are done, of each FIFO group none after one that failed. */
async function settleAll(
  steps: readonly Step[],
  verdicts: readonly Verdict[],
  store: Store,
): Promise<Arrival[]> {
  const left = [...verdicts];
  const stopped = new Set<string>();
  const done: Arrival[] = [];
  let whole = true;
  for (const { arrival, commit, fault } of steps) {
    const { group } = arrival;
    const verdict = commit ? left.shift()! : undefined;
    if (group !== undefined && stopped.has(group)) continue;
    if (verdict) settleCommit(arrival, commit!, verdict);
    // It may have come of a state that never was: so it counts once all before it is committed.
    else if (whole) await settleFailure(arrival, fault!, store);
    else continue;
    whole &&= verdict === undefined || verdict.kind === 'committed';
    if (arrival.fault && group !== undefined) stopped.add(group);
    if (arrival.fault ?? arrival.outcome) done.push(arrival);
  }
  return done;
}

/** A decision may fail because it was made and committed before: then the record is a duplicate and not a failure. */
async function settleFailure(arrival: Arrival, fault: Fault, store: Store): Promise<void> {
  try {
    const hash = arrival.message && (await store.marked(arrival.message.event.id));
    if (hash === undefined) arrival.fault = fault;
    else settleMarked(arrival, hash);
  } catch (error) {
    arrival.fault = faultOf(error);
  }
}

/** How often a record is decided again because its aggregate moved. */
const MAX_CONFLICTS = 5;

function settleCommit(arrival: Arrival, { published, sent }: Commit, verdict: Verdict): void {
  switch (verdict.kind) {
    case 'committed':
      arrival.outcome = { kind: 'committed', published, sent };
      return;
    case 'marked':
      settleMarked(arrival, verdict.hash);
      return;
    case 'failed':
      arrival.fault = verdict.fault;
      return;
    case 'conflict':
      if (++arrival.conflicts <= MAX_CONFLICTS) return;
      arrival.fault = new Fault('CONFLICT', 'the aggregate moved again and again', { limit: MAX_CONFLICTS });
      return;
    case 'again':
  }
}

function settleMarked(arrival: Arrival, hash: string): void {
  const { hash: own } = arrival.message!;
  if (hash === own) {
    arrival.outcome = { kind: 'duplicate' };
    delete arrival.fault;
  } else arrival.fault = refusal('PAYLOAD_CONFLICT', `this id was used before: then ${hash}, now ${own}`);
}
