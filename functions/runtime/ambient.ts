import { randomUUID } from 'node:crypto';

/** Time, chance, settings and output. Every function that needs them takes them as its last parameter. */
export interface Ambient {
  /** Milliseconds since 1970. */
  now(): number;
  /** At least 0, below 1. */
  random(): number;
  /** An id that nobody had before. */
  newId(): string;
  sleep(ms: number): Promise<void>;
  /** One line of output, without its end. */
  write(line: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * As the process has them. Lines go to standard output directly: Lambda's own console would put a prefix before them,
 * and CloudWatch reads metrics only from lines that are JSON from the first character.
 */
export const ambient: Ambient = {
  now: () => Date.now(),
  random: () => Math.random(),
  newId: () => randomUUID(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  write: (line) => void process.stdout.write(`${line}\n`),
  get env() {
    return process.env;
  },
};
