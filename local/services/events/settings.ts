/** Where AWS publishes nothing, or may do either: what the embedded AWS does, unless told otherwise. */
export interface Settings {
  /** Milliseconds to wait before the next attempt, `attempt` having failed (1 is the first); `chance` is at least 0, below 1. */
  backoff(attempt: number, chance: number): number;
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
  backoff: (attempt, chance) => Math.min(900_000, 1000 * 2 ** (attempt - 1)) * (0.5 + chance / 2),
  nothingSelected: 'null',
  deadLetterBody: 'event',
  replayKeepsId: true,
  archiveLag: 0,
  replayPace: 1000,
});
