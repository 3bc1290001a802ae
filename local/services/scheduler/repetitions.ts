/** Requests that were done, by client token: who repeats one changes nothing and is answered as before. */
import { hash } from 'node:crypto';
import type { World } from '../../world.ts';

/** AWS does not say for how long it knows a token. */
const TOKEN_LIFETIME = 10 * 60_000;

/** Does `run` unless the same operation was done with the same input, and so with the same token. */
export type Once = <Output>(
  operation: string,
  input: { ClientToken?: string | undefined },
  run: () => Output | Promise<Output>,
) => Promise<Output>;

export function repetitions({ clock }: World): Once {
  const done = new Map<string, { at: number; answer: unknown }>();
  return async <Output>(
    operation: string,
    input: { ClientToken?: string | undefined },
    run: () => Output | Promise<Output>,
  ) => {
    for (const [old, { at }] of done) {
      if (at + TOKEN_LIFETIME > clock.now()) break;
      done.delete(old);
    }
    if (input.ClientToken === undefined) return await run();
    const key = hash('sha256', JSON.stringify([operation, input]), 'base64');
    const earlier = done.get(key);
    if (earlier) return earlier.answer as Output;
    const answer = await run();
    done.set(key, { at: clock.now(), answer });
    return answer;
  };
}
