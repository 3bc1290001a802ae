import type { SQSRecord } from 'aws-lambda';
import type { Fault } from '../errors.ts';
import type { CloudEvent } from '../contract/cloudevent.ts';
import type { Message } from './arrival.ts';

/** What became of a record in this invocation. */
export type Outcome =
  | { kind: 'committed'; published: number; sent: number }
  | { kind: 'duplicate' }
  | { kind: 'dead-lettered'; fault: Fault }
  /** Goes back to the queue after an attempt. */
  | { kind: 'retry'; fault: Fault }
  /** Goes back to the queue without one. */
  | { kind: 'unrun'; fault: Fault };

/** A record on its way through one invocation. */
export interface Arrival {
  readonly record: SQSRecord;
  /** Undefined when there was no CloudEvent. */
  readonly received?: CloudEvent;
  /** Undefined when it could not be read; then it has failed already. */
  readonly message?: Message;
  /** Aggregates it touches; none when stateless. */
  readonly keys: readonly string[];
  /** FIFO only. */
  readonly group?: string;
  /** Something of its FIFO group is before it in this batch. */
  readonly behind: boolean;
  /** The FIFO group, where a dead letter parks what follows it. */
  readonly parking?: string;
  /** How often SQS has handed it out, this time included. */
  readonly receives: number;
  /** What the outside world said. @default it was not asked, or not yet */
  answered?: { answer: unknown };
  /** Why it failed; to be settled. */
  fault?: Fault;
  outcome?: Outcome;
  /** Decisions made in this invocation. */
  decisions: number;
  /** How often somebody else was faster. */
  conflicts: number;
  /** When it was settled, milliseconds since 1970. */
  settledAt?: number;
}

export const goesBack = ({ outcome }: Arrival): boolean =>
  outcome?.kind === 'retry' || outcome?.kind === 'unrun';

/** Those that nobody of their FIFO group is before. */
export const firstOfEachGroup = (arrivals: readonly Arrival[]): Arrival[] => {
  const groups = new Set<string>();
  return arrivals.filter(({ group }) => {
    if (group === undefined) return true;
    const first = !groups.has(group);
    groups.add(group);
    return first;
  });
};
