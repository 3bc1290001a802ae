import { ambient, type Ambient } from './ambient.ts';
import type { Consumer } from './consume.ts';
import { checkedEvent, readMessage } from './consume/arrival.ts';
import { outboxOf, type OutboxRow } from './consume/commit.ts';
import { faultOf, Permanent, type Fault } from './errors.ts';
import type { CloudEvent } from './contract/cloudevent.ts';

/** What became of a delivery. */
export interface Delivered<State> {
  /** The aggregate afterwards; a list of them where the consumer has several keys. */
  state: State | undefined;
  published: CloudEvent[];
  sent: CloudEvent[];
  /** The answer, if the message has a `replyto`. @default there is none */
  replied?: CloudEvent;
  /** What falls due later. `dueAt` is milliseconds since 1970. */
  after: { dueAt: number; message: CloudEvent }[];
  /** `retry`: it would be tried again; `dead-lettered`: it would not. */
  outcome: 'committed' | 'retry' | 'dead-lettered';
  /** @default it was committed */
  fault?: Fault;
}

/**
 * Delivers one message to a consumer without any AWS: read, checked, decided and stamped as in production.
 *
 * @example
 * const { published } = await deliver(handler, OrderPlaced({ … }), { status: 'open' });
 */
export async function deliver<State = unknown>(
  { definition }: Pick<Consumer, 'definition'>,
  event: CloudEvent,
  state?: State,
  { now, write }: Pick<Ambient, 'now' | 'write'> = ambient,
): Promise<Delivered<State>> {
  try {
    const message = readMessage(checkedEvent(JSON.parse(JSON.stringify(event))), definition.on);
    const keys = definition.keysOf(message.event);
    const several = Array.isArray(state);
    const states: unknown[] = several ? state : [state];
    const at = now();
    const moment = {
      now: new Date(at).toISOString(),
      log: (fields: object) => write(JSON.stringify(fields)),
    };
    const call = { idempotencyKey: message.event.id, attempt: 1, signal: new AbortController().signal };
    const answered = definition.effect && { answer: await definition.effect.perform(message.event, call) };
    const decided = await definition.decide(states, message.event, { ...moment, ...answered });
    const aggregates = keys.map((_, i) => ({ version: states[i] === undefined ? 0 : 1 }));
    const { rows } = outboxOf(decided, { consumer: 'delivered', message, keys, aggregates, now: at });
    const after = states.map((before, i) => decided.states[i] ?? before);
    return {
      ...sorted(rows),
      state: (several || keys.length > 1 ? after : after[0]) as State,
      outcome: 'committed',
    };
  } catch (error) {
    const fault = faultOf(error);
    const outcome = fault instanceof Permanent ? 'dead-lettered' : 'retry';
    return { state, published: [], sent: [], after: [], outcome, fault };
  }
}

function sorted(rows: OutboxRow[]): Pick<Delivered<never>, 'published' | 'sent' | 'replied' | 'after'> {
  const entries = (kind: OutboxRow['kind']) =>
    rows.filter((row) => row.kind === kind && row.pending === 'now').flatMap((row) => row.entries);
  const later = rows.filter(({ pending }) => pending === 'later');
  const [replied] = entries('replies');
  return {
    published: entries('events'),
    sent: entries('commands'),
    ...(replied && { replied }),
    after: later.flatMap(({ dueAt, entries }) => entries.map((message) => ({ dueAt, message }))),
  };
}
