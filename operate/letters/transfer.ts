import type { Letter } from './letter.ts';
import type { LetterQueue } from './queues.ts';

/** What a redrive will do. */
export interface Plan {
  transfers: Transfer[];
  /** What was meant, but cannot be sent on. */
  staying: Letter[];
}

/** The letters of one queue that go back to where they were meant for. */
export interface Transfer {
  queue: LetterQueue & { backTo: string };
  letters: Letter[];
  /** `sqs`: by its move task, the queue as a whole. `letters`: each is sent on, then deleted. */
  by: 'sqs' | 'letters';
  /** Letters behind these, which can be looked at when these are gone. */
  behind: number;
}

export interface Moving {
  /** Letters a second, 1 to 500. @default as fast as it goes */
  rate?: number | undefined;
  /** Asked between batches; what is begun is finished. */
  stopped(): boolean;
  wait(ms: number): Promise<void>;
  /** Told how many letters went so far. */
  onMoved(moved: number): void;
}

export interface Moved {
  moved: number;
  /** Copies of what was moved; deleted and not sent. */
  folded: number;
  /** Of those in the plan. */
  left: number;
  /** Why letters could not be sent on: at most one reason for each queue. */
  failures: string[];
}
