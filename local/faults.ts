/**
 * What is to go wrong, declared in code (`startLocal({ faults })`) or over `POST /_spillway/faults`, and drawn from a
 * seed of its own: the same seed and the same calls give the same faults, and a fault does not change any id.
 */
import { milliseconds, type Duration } from './duration.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

/**
 * - `error`: refused before it runs, with `code`
 * - `throttle`: refused as the service refuses what is too much
 * - `lost`: runs, but its answer never arrives, so the caller cannot know
 * - `delay`: runs `by` later
 * - `partial`: one entry of a batch fails; every entry is drawn by itself
 * - `duplicate`, `reorder`: a message or event is delivered twice, or not in order
 * - `crash`, `freeze`: a function's environment dies, or stands still for `by`, in the middle of an invocation
 * - `skew`: a function's clock is wrong by `by`
 */
export type FaultName = (typeof FAULTS)[number];

export const FAULTS = [
  'error',
  'throttle',
  'lost',
  'delay',
  'partial',
  'duplicate',
  'reorder',
  'crash',
  'freeze',
  'skew',
] as const;

/** A fault and where it strikes; each of `service`, `operation`, `target` and `caller` may hold `*`. */
export interface Fault {
  fault: FaultName;
  /** Signing name, such as `sqs`. @default any */
  service?: string;
  /** @default any */
  operation?: string;
  /** ARN of the queue, table, bus or function. @default any */
  target?: string;
  /** ARN of who calls, or a service such as `events.amazonaws.com`. @default anyone */
  caller?: string;
  /** 0 to 1. @default 1 */
  probability?: number;
  /** How often it strikes before it is over. @default without end */
  times?: number;
  /** How long from now until it can strike. @default at once */
  after?: Duration;
  /** How long it lasts from then on. @default without end */
  lasts?: Duration;
  /** Of `delay`, `freeze` and `skew`. @default 1s */
  by?: Duration;
  /** Of `error` and `partial`. @default InternalFailure */
  code?: string;
  /** Of `error` and `partial`. @default Injected by a fault. */
  message?: string;
  /** HTTP status of `error`. @default 500 */
  status?: number;
}

/** What a fault is compared with. */
export interface Place {
  service: string;
  operation?: string;
  /** All that the call touches. */
  targets?: string[];
  caller?: string;
}

export interface Faults {
  /** The fault of this name that strikes here and now, if one does; it is counted and told. */
  hits(fault: FaultName, place: Place): Fault | undefined;
  /** Whether any is declared: for code that runs thousands of times a second. */
  readonly any: boolean;
  /** Replaces all that were declared. */
  set(faults: Fault[]): void;
  declared(): Fault[];
}

export function faultsOf({
  clock,
  activity,
  random,
}: Pick<World, 'clock' | 'activity'> & { random: Random }): Faults {
  let armed: Armed[] = [];
  const strikes = (armedFault: Armed, name: FaultName, place: Place): boolean => {
    const { fault, left, from, until, matches } = armedFault;
    const now = clock.now();
    return (
      fault.fault === name &&
      left > 0 &&
      now >= from &&
      now < until &&
      matches(place) &&
      (fault.probability === undefined || random.next() < fault.probability)
    );
  };
  return {
    hits(name, place) {
      const struck = armed.find((one) => strikes(one, name, place));
      if (!struck) return undefined;
      struck.left--;
      const { service, operation, caller } = place;
      activity.tell({ kind: 'fault', fault: name, service, operation, caller });
      return struck.fault;
    },
    get any() {
      return armed.length > 0;
    },
    set(faults) {
      armed = faults.map((fault) => arm(fault, clock.now()));
    },
    declared: () =>
      armed.map(({ fault, left }) => (Number.isFinite(left) ? { ...fault, times: left } : fault)),
  };
}

interface Armed {
  fault: Fault;
  left: number;
  from: number;
  until: number;
  matches(place: Place): boolean;
}

function arm(fault: Fault, now: number): Armed {
  const from = now + milliseconds(fault.after ?? 0);
  const service = like(fault.service);
  const operation = like(fault.operation);
  const target = like(fault.target);
  const caller = like(fault.caller);
  return {
    fault,
    left: fault.times ?? Infinity,
    from,
    until: fault.lasts === undefined ? Infinity : from + milliseconds(fault.lasts),
    matches: (place) =>
      service(place.service) &&
      operation(place.operation ?? '') &&
      (fault.target === undefined || (place.targets ?? []).some(target)) &&
      caller(place.caller ?? ''),
  };
}

function like(pattern: string | undefined): (text: string) => boolean {
  if (pattern === undefined) return () => true;
  const expression = new RegExp(
    `^${pattern.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('*', '.*')}$`,
    's',
  );
  return (text) => expression.test(text);
}
