/** Requests that were done, by client token: who repeats one, because its answer was lost, is answered as before. */
import { hash } from 'node:crypto';
import type { World } from '../../world.ts';

/** AWS does not say for how long it knows a token. */
const TOKEN_LIFETIME = 10 * 60_000;

interface Input {
  ClientToken?: string | undefined;
}

export interface Repetitions {
  done(operation: string, input: Input): void;
  /** Whether the same was done with the same token. */
  has(operation: string, input: Input): boolean;
}

export function repetitionsIn({ clock }: World): Repetitions {
  /** When, by request. */
  const done = new Map<string, number>();
  return {
    done(operation, input) {
      for (const [old, at] of done) {
        if (at + TOKEN_LIFETIME > clock.now()) break;
        done.delete(old);
      }
      if (input.ClientToken !== undefined) done.set(keyOf(operation, input), clock.now());
    },
    has: (operation, input) =>
      (done.get(keyOf(operation, input)) ?? -Infinity) + TOKEN_LIFETIME > clock.now(),
  };
}

const keyOf = (operation: string, input: Input): string =>
  hash('sha256', JSON.stringify([operation, input]), 'base64');
