import { backoff } from './retry.ts';

/** Where AWS publishes nothing, or may do either: what the embedded AWS does, unless told otherwise. */
export interface Settings {
  /** Milliseconds to wait before the next attempt. */
  backoff: typeof backoff;
  /** What a target is sent when its InputPath selects nothing. */
  nothingSelected: string;
  /** What a dead letter carries: the event, or the input that the target would have been sent. */
  deadLetterBody: 'event' | 'input';
  /** Whether a replayed event keeps its id. */
  replayKeepsId: boolean;
  /** Milliseconds until an archived event can be counted and replayed; on AWS up to ten minutes. */
  archiveLag: number;
  /** Milliseconds that a replay takes to begin, and for each minute of events. */
  replayPace: number;
}

export const defaults = (): Settings => ({
  backoff,
  nothingSelected: 'null',
  deadLetterBody: 'event',
  replayKeepsId: true,
  archiveLag: 0,
  replayPace: 1000,
});
