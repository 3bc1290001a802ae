/** An AWS in this process: `const aws = await startLocal()`, then `aws.client(SQSClient)`, then `await aws.advance('5m')`. */
import { milliseconds, type Duration } from './duration.ts';
import { startWorld, type WorldOptions } from './start.ts';
import { clientOf, type ClientClass } from './wire/in-process.ts';
import { wire, type Wire } from './wire/index.ts';
import type { World } from './world.ts';

export type { Duration } from './duration.ts';
export type { World } from './world.ts';

export type LocalOptions = Omit<WorldOptions, 'guards'>;

export interface Local {
  world: World;
  /** One request as it stands on the wire. */
  wire: Wire;
  /**
   * A real SDK client of this AWS, as its administrator and without a socket.
   * @param overrides further configuration of the client, such as `credentials`. `maxAttempts` is 1 unless given.
   */
  client<Client>(Class: ClientClass<Client>, overrides?: object): Client;
  /** Skips ahead; resolves once everything that was due has happened. */
  advance(duration: Duration): Promise<void>;
  /** Ends timers, function instances and the server. */
  stop(): Promise<void>;
}

/** Starts an embedded AWS: nothing listens until it is told to. */
export async function startLocal(options: LocalOptions = {}): Promise<Local> {
  const running = await startWorld(options);
  const { world } = running;
  const answer = wire(running);
  return {
    world,
    wire: answer,
    client: (Class, overrides) => clientOf(world, answer, Class, overrides),
    advance: (duration) => world.clock.advance(milliseconds(duration)),
    stop: () => running.stop(),
  };
}
