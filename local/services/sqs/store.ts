import type { Clock } from '../../clock.ts';
import { agenda } from './agenda.ts';
import type { Ages } from './ages.ts';
import { fifoOrder } from './fifo.ts';
import type { Letter, Message, State } from './message.ts';
import { standardOrder } from './standard.ts';

/** The messages of one queue. Counts are kept as they change, and nothing searches all messages. */
export interface Store {
  readonly counts: Readonly<Record<State, number>>;
  oldest(): Message | undefined;
  find(id: string): Message | undefined;
  /** Puts a letter in, to become visible after `delay` milliseconds. */
  put(letter: Letter, delay?: number): Message;
  /** Puts a message in as it lay here before, out of sight until the moment `until` if there is one. */
  lay(message: Message, until: number | undefined): Message;
  /** Messages that can be received, in order; each must be hidden or removed before the next is asked for. */
  deliverable(): Iterable<Message>;
  /** Whether `deliverable` would give any. */
  ready(): boolean;
  /** Out of sight until `at`, milliseconds since 1970. */
  hide(message: Message, at: number, state?: 'inFlight' | 'delayed'): void;
  /** Visible now, on a standard queue behind those that already are. */
  show(message: Message): void;
  remove(message: Message): void;
  /** Those whose delay is not over. */
  delayed(): Message[];
  empty(): void;
}

export interface StoreOptions {
  fifo: boolean;
  /** Empty. */
  ages: Ages;
  /** Messages have become visible by the passing of time. */
  surfaced(): void;
  /** Anything is other than it was. */
  changed(): void;
}

export function newStore(clock: Clock, { fifo, ages, surfaced, changed }: StoreOptions): Store {
  const messages = new Map<string, Message>();
  const counts = { visible: 0, inFlight: 0, delayed: 0 };
  const hidden = agenda<Message>(clock, (due) => {
    for (const message of due) turn(message, 'visible');
    surfaced();
  });
  let order = fifo ? fifoOrder() : standardOrder();

  const turn = (message: Message, state: State, at?: number) => {
    if (message.due) hidden.remove(message.due);
    message.due = at === undefined ? undefined : hidden.add(at, message);
    const from = message.state;
    counts[from]--;
    counts[state]++;
    message.state = state;
    if (state === 'inFlight') ages.received(message);
    order.turned(message, from);
    changed();
  };

  const lay = (message: Message, until: number | undefined) => {
    ages.add(message);
    if (until !== undefined) message.due = hidden.add(until, message);
    messages.set(message.id, message);
    counts[message.state]++;
    order.turned(message, undefined);
    changed();
    return message;
  };

  return {
    counts,
    oldest: ages.oldest,
    find: (id) => messages.get(id),
    put(letter, delay = 0) {
      const state = delay > 0 ? 'delayed' : 'visible';
      return lay(messageOf(letter, state, clock.now()), delay > 0 ? clock.now() + delay : undefined);
    },
    lay,
    deliverable: () => order.deliverable(),
    ready: () => order.ready(),
    hide: (message, at, state = 'inFlight') => turn(message, state, at),
    show: (message) => turn(message, 'visible'),
    remove(message) {
      messages.delete(message.id);
      ages.remove(message);
      if (message.due) hidden.remove(message.due);
      counts[message.state]--;
      order.removed(message);
      changed();
    },
    delayed: () => hidden.items().filter(({ state }) => state === 'delayed'),
    empty() {
      messages.clear();
      ages.clear();
      hidden.clear();
      order = fifo ? fifoOrder() : standardOrder();
      counts.visible = counts.inFlight = counts.delayed = 0;
      changed();
    },
  };
}

/** With every member from the start, so that all messages have one shape: the engine is several times faster then. */
export const messageOf = (letter: Letter, state: State, arrived: number): Message => ({
  id: letter.id,
  body: letter.body,
  bodyMd5: letter.bodyMd5,
  attributes: letter.attributes,
  traceHeader: letter.traceHeader,
  groupId: letter.groupId,
  deduplicationId: letter.deduplicationId,
  sequence: letter.sequence,
  sender: letter.sender,
  sent: letter.sent,
  receives: letter.receives,
  firstReceived: letter.firstReceived,
  deadLetterSource: letter.deadLetterSource,
  sealed: letter.sealed,
  state,
  arrived,
  due: undefined,
  age: undefined,
  waiting: undefined,
  received: undefined,
  attempt: undefined,
  line: undefined,
  before: undefined,
  after: undefined,
});
