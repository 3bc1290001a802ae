import type { Clock } from '../../clock.ts';
import type { Call } from '../../service.ts';
import type { Entry } from '../../heap.ts';
import { agenda } from './agenda.ts';
import { join, leave, line, type Standing } from './line.ts';

/** Those who wait for messages of a queue: long polls, and the pollers of event source mappings. */
export interface WaitingRoom {
  /** A long poll: what `take` gives as soon as it gives anything, or nothing after `ms` or when its caller has gone. */
  wait<T>(take: () => T[], ms: number, whenGone?: Call['whenGone']): Promise<T[]>;
  /** Messages may have become receivable: serves long polls, the longest waiting first, then tells the others. */
  wake(): void;
  /** Ends all long polls, also those to come: with `error`, or with no messages. */
  close(error?: Error): void;
}

interface Waiting extends Standing<Waiting> {
  /** Takes messages, if there are any for it, and ends the wait with them. */
  serve(): boolean;
  giveUp(error?: Error): void;
  deadline: Entry<Waiting>;
}

/** `ready` says whether anything can be received; `listeners` are told when something may be. */
export function waitingRoom(clock: Clock, ready: () => boolean, listeners: Set<() => void>): WaitingRoom {
  const waiting = line<Waiting>();
  const deadlines = agenda<Waiting>(clock, (late) => {
    for (const each of late) {
      leave(each);
      each.giveUp();
    }
  });
  let waking = false;
  let closed = false;

  const serve = () => {
    while (waiting.first && ready()) {
      const first = waiting.first;
      if (!first.serve()) return;
      leave(first);
      deadlines.remove(first.deadline);
    }
  };

  return {
    wait<T>(take: () => T[], ms: number, whenGone?: Call['whenGone']) {
      let stopListening: (() => void) | undefined;
      const served = new Promise<T[]>((resolve, reject) => {
        if (closed) return resolve([]);
        const each: Partial<Waiting> = {
          serve() {
            const messages = take();
            if (messages.length > 0) resolve(messages);
            return messages.length > 0;
          },
          giveUp: (error) => (error ? reject(error) : resolve([])),
        };
        const deadline = deadlines.add(clock.now() + ms, each as Waiting);
        each.deadline = deadline;
        join(waiting, each as Waiting);
        stopListening = whenGone?.(() => {
          leave(each as Waiting);
          deadlines.remove(deadline);
          resolve([]);
        });
      });
      return stopListening ? served.finally(stopListening) : served;
    },
    wake() {
      // A receive that moves messages to a dead-letter queue wakes that one, which may lead back here.
      if (waking) return;
      waking = true;
      serve();
      waking = false;
      if (ready()) for (const run of listeners) run();
    },
    close(error) {
      closed = true;
      deadlines.clear();
      for (let each = waiting.first; each; each = waiting.first) {
        leave(each);
        each.giveUp(error);
      }
    },
  };
}
