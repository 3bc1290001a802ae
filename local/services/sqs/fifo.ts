import { join, leave, line, type Line, type Standing } from './line.ts';
import type { Message } from './message.ts';
import type { Order } from './standard.ts';

/** A message group that has messages. It stands in the line of those that can be served while its head is visible. */
interface Group extends Standing<Group> {
  id: string;
  /** All messages of the group in the order of sending: visible, in flight and delayed. */
  messages: Line<Message>;
}

/**
 * Order within each group: only what stands before the group's first message in flight can be received. A receive takes
 * as many as it can from one group before it goes to the next; a group that was served goes to the back.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html
 */
export function fifoOrder(): Order {
  const groups = new Map<string, Group>();
  const servable = line<Group>();
  const beyond = line<Message>();
  let near = 0;

  const groupOf = ({ groupId = '' }: Message): Group => {
    let group = groups.get(groupId);
    if (!group) groups.set(groupId, (group = { id: groupId, messages: line() }));
    return group;
  };
  const settle = (group: Group) => {
    if (!group.messages.first) groups.delete(group.id);
    if (group.messages.first?.state !== 'visible') leave(group);
    else if (!group.line) join(servable, group);
  };
  const place = (message: Message) => {
    near++;
    const group = groupOf(message);
    join(group.messages, message);
    settle(group);
  };

  return {
    turned(message, from) {
      if (from === undefined && near >= FIFO_BACKLOG) join(beyond, message);
      else if (from === undefined) place(message);
      else if (message.line !== beyond) settle(groupOf(message));
    },
    removed(message) {
      const far = message.line === beyond;
      leave(message);
      if (far) return;
      near--;
      settle(groupOf(message));
      if (beyond.first) place(beyond.first);
    },
    *deliverable() {
      for (let group = servable.first; group;) {
        const nextGroup: Group | undefined = group.after;
        for (let message = group.messages.first; message?.state === 'visible';) {
          const nextMessage: Message | undefined = message.after;
          yield message;
          message = nextMessage;
        }
        group = nextGroup;
      }
    },
    ready: () => servable.first !== undefined,
  };
}

/** Only so many of the oldest messages are searched for groups that can be served. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/best-practices-message-groups.html */
const FIFO_BACKLOG = 120_000;
