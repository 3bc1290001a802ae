import type { CloudEvent } from '../contract/cloudevent.ts';
import type { Route } from '../contract.ts';

/** What a consumer makes of a message. All of it is committed in one transaction, or none. */
export interface Decision<State> {
  /** The aggregate from now on. @default unchanged */
  state?: State;
  /** Events. @default none */
  publish?: readonly CloudEvent[];
  /** Commands, executed in this order where they share a queue. @default none */
  send?: readonly CloudEvent[];
  /** The answer to the message, for whoever its `replyto` names; nobody gets it when it names nobody. @default none */
  reply?: CloudEvent;
  /** What falls due later: deadlines, reminders. @default none */
  after?: readonly After[];
}

export interface After {
  /** Seconds from now. */
  delaySeconds: number;
  /** @default none */
  publish?: readonly CloudEvent[];
  /** @default none */
  send?: readonly CloudEvent[];
}

/** A call to the outside world. */
export interface Call {
  /** The same for every attempt at this message: give it to the provider as its idempotency key or its reference. */
  idempotencyKey: string;
  /** Attempts so far, this one included. */
  attempt: number;
  /** Aborted when the function's time is nearly used up. */
  signal: AbortSignal;
}

/**
 * A call to the outside world cannot join a transaction, so it is made from a committed message, and what became of it is
 * found out before it is made again.
 */
export interface Effect<Message, Answer> {
  /**
   * Makes the call. `Permanent` and `Unavailable` say that surely nothing happened; after any other error, a time-out
   * or a crash it is not known whether something did.
   */
  perform: (message: Message, call: Call) => Promise<Answer>;
  /** Whether the provider does the work once, however often it gets one idempotency key. @default false */
  idempotent?: boolean;
  /**
   * Asks the provider what became of an earlier call; undefined when it never happened.
   * @default none: unless `idempotent`, a call of which the answer was lost is dead-lettered as EFFECT_UNKNOWN
   */
  reconcile?: (message: Message, call: Call) => Promise<Answer | undefined>;
}

/** What a decision may know besides state and message. */
export interface Moment {
  /** When it is decided, RFC 3339. */
  now: string;
  /** Writes one line to the log; only fields of the allow-list (`log.ts`) appear. */
  log(fields: Record<string, unknown>): void;
}

type Deciding<State, Message> = (
  state: State,
  message: Message,
  moment: Moment,
) => Decision<State> | undefined | void;

/** One aggregate decides. */
export interface ByKey<Message, State> {
  /** Names the aggregate: 1 to 1,024 bytes. */
  key: (message: Message) => string;
  /** Pure. `undefined` is the aggregate that does not exist yet. Throws `Permanent` for what can never be decided. */
  decide: Deciding<State | undefined, Message>;
  effect?: never;
  stateless?: never;
}

/** Several aggregates decide together, all or none. States come and go in the order of the keys. */
export interface ByKeys<Message, State> {
  key: (message: Message) => readonly string[];
  decide: Deciding<readonly (State | undefined)[], Message>;
  effect?: never;
  stateless?: never;
}

/** First a call to the outside world, then a decision on its answer. One of a key at a time. */
export interface WithEffect<Message, State, Answer> {
  key: (message: Message) => string;
  effect: Effect<Message, Answer>;
  decide: (
    state: State | undefined,
    message: Message,
    moment: Moment & { answer: Answer },
  ) => Decision<State> | undefined | void;
  stateless?: never;
}

/** Nothing is kept, so nothing guards against a second delivery: it is at least once, and says so. */
export interface Stateless<Message> {
  stateless: true;
  /** @default no order */
  key?: never;
  effect?: never;
  decide: (state: undefined, message: Message, moment: Moment) => void | Promise<void>;
}

/** A consumer's rules, without their types; what `deliver` and the handler run. */
export interface Definition {
  readonly on: readonly Route[];
  readonly stateless: boolean;
  /** Whether commands of this type follow a dead letter of their key, until the key is redriven in order. */
  parks(type: string): boolean;
  keysOf(message: CloudEvent): string[];
  /** Whether it is decided on a list of states, even if that has one. */
  several(message: CloudEvent): boolean;
  /** @default none */
  readonly effect?: Effect<CloudEvent, unknown> | undefined;
  decide(
    states: unknown[],
    message: CloudEvent,
    moment: Moment & { answer?: unknown },
  ): Decided | Promise<Decided>;
}

/** A decision with its states by key; undefined where unchanged. */
export type Decided = Omit<Decision<never>, 'state'> & { states: unknown[] };

/** Any rules, without their types. */
// oxlint-disable-next-line typescript/no-explicit-any -- what `consume` has checked for each route
export type Rules = ByKey<any, any> | ByKeys<any, any> | WithEffect<any, any, any> | Stateless<any>;
