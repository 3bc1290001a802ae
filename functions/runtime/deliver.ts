import { ambient, type Ambient } from './ambient.ts';
import type { Consumer } from './consume.ts';
import { checkedEvent, readMessage } from './consume/arrival.ts';
import { commitOf, stateOf, type Aggregate, type OutboxRow } from './consume/commit.ts';
import type { Definition } from './consume/definition.ts';
import { lost } from './consume/effects.ts';
import { faultOf, Permanent, type Fault } from './errors.ts';
import type { CloudEvent } from './contract/cloudevent.ts';

/** What became of a delivery. */
export interface Delivered<State> {
  /** The aggregate afterwards, as it would be read; a list of them where the consumer has several keys. */
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
    const several = definition.several(message.event);
    const keys = definition.keysOf(message.event);
    const states = several ? keys.map((_, i) => (state as unknown[] | undefined)?.[i]) : [state];
    const aggregates = states.map((before): Aggregate =>
      before === undefined ? { version: 0 } : { version: 1, text: JSON.stringify(before) },
    );
    const at = now();
    const moment = {
      now: new Date(at).toISOString(),
      log: (fields: object) => write(JSON.stringify(fields)),
    };
    const answered = await answerTo(message.event, definition);
    const decided = await definition.decide(aggregates.map(stateOf), message.event, {
      ...moment,
      ...answered,
    });
    const cause = { consumer: 'delivered', message, keys, aggregates, now: at };
    const { aggregates: written, outbox } = commitOf(decided, cause);
    const after = (written.length > 0 ? written : aggregates).map(stateOf);
    return {
      ...sorted(outbox),
      state: (several ? after : after[0]) as State,
      outcome: 'committed',
    };
  } catch (error) {
    const fault = faultOf(error);
    const outcome = fault instanceof Permanent ? 'dead-lettered' : 'retry';
    return { state, published: [], sent: [], after: [], outcome, fault };
  }
}

async function answerTo(event: CloudEvent, { effect }: Definition): Promise<{ answer?: unknown }> {
  if (!effect) return {};
  const call = { idempotencyKey: event.id, attempt: 1, signal: new AbortController().signal };
  try {
    return { answer: await effect.perform(event, call) };
  } catch (error) {
    throw lost(error, effect);
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
