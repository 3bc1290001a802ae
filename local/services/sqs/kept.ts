/** What of the queues outlives the process. */
import type { Shelf } from '../../durability/shelf.ts';
import type { World } from '../../world.ts';
import type { Letter, Message } from './message.ts';
import type { Queue } from './queue.ts';
import { messageOf, type Store } from './store.ts';

/** A store whose messages are kept, and which begins with those that were. */
export function keeping(store: Store, { durable }: World, queue: string): Store {
  const shelf: Shelf<Message, KeptMessage> | undefined = durable?.shelf(`sqs/messages/${queue}`, keptMessage);
  if (!shelf) return store;
  for (const [, { until, received, ...letter }] of shelf.records())
    store.lay(Object.assign(messageOf(letter, letter.state, letter.arrived), { received }), until);

  return {
    ...store,
    put(letter, delay) {
      const message = store.put(letter, delay);
      shelf.put(message.id, message);
      return message;
    },
    hide(message, at, state) {
      store.hide(message, at, state);
      shelf.put(message.id, message);
    },
    show(message) {
      store.show(message);
      shelf.put(message.id, message);
    },
    remove(message) {
      store.remove(message);
      shelf.delete(message.id);
    },
    empty() {
      shelf.clear();
      store.empty();
    },
  };
}

interface KeptMessage extends Letter, Pick<Message, 'state' | 'arrived' | 'received'> {
  /** When it becomes visible again, in milliseconds since 1970. @default it is visible */
  until: number | undefined;
}

/** Its place in lines and heaps is worked out anew; a receive is not repeated by another process. */
function keptMessage(message: Message): KeptMessage {
  const { due, age: _1, waiting: _2, attempt: _3, line: _4, before: _5, after: _6, ...rest } = message;
  return { ...rest, until: due?.at };
}

/** A queue without what goes one by one. */
export const keptQueue = (queue: Queue): KeptQueue => ({
  name: queue.name,
  arn: queue.arn,
  fifo: queue.fifo,
  attributes: queue.attributes,
  tags: queue.tags,
  created: queue.created,
  modified: queue.modified,
  purged: queue.purged,
  formerScope: queue.formerScope,
});

export type KeptQueue = Pick<
  Queue,
  'name' | 'arn' | 'fifo' | 'attributes' | 'tags' | 'created' | 'modified' | 'purged' | 'formerScope'
>;
