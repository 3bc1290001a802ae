import { randomUUID } from 'node:crypto';
import { Fault } from './errors.ts';

/** Time, chance, settings and output. Every function that needs them takes them as its last parameter. */
export interface Ambient {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `run` once, `ms` from now, unless the returned function is called before. */
  after(ms: number, run: () => void): () => void;
  /** At least 0, below 1. */
  random(): number;
  /** An id that nobody had before. */
  newId(): string;
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
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
  newId: () => randomUUID(),
  write: (line) => void process.stdout.write(`${line}\n`),
  get env() {
    return process.env;
  },
};

/** Reads settings that must be there: a function without them was deployed wrongly. */
export const neededIn =
  (env: Ambient['env']) =>
  (name: string): string => {
    const value = env[name];
    if (!value) throw new Fault('UNEXPECTED', `${name} is not set`);
    return value;
  };

/** Full jitter: anything up to `base · 2^(attempt − 1)`, at most `cap`. https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ */
export const jitter = (random: () => number, attempt: number, base: number, cap: number): number =>
  random() * Math.min(cap, base * 2 ** Math.min(attempt - 1, 30));

/** Resolves after full jitter, in milliseconds. */
export const pause = (ambient: Ambient, attempt: number, base: number, cap: number): Promise<void> =>
  sleep(ambient, jitter(ambient.random, attempt, base, cap));

/** Resolves `ms` from now. */
export const sleep = ({ after }: Ambient, ms: number): Promise<void> =>
  new Promise((resolve) => void after(ms, resolve));
