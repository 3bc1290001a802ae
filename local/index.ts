/** An AWS in this process: `const aws = await startLocal()`, then `aws.client(SQSClient)`, then `await aws.advance('5m')`. */
import { deploy, type DeployOptions, type Outputs } from './deploy.ts';
import { milliseconds, type Duration } from './duration.ts';
import { startWorld, type WorldOptions } from './start.ts';
import { clientOf, type ClientClass } from './wire/in-process.ts';
import type { World } from './world.ts';

export type { Duration } from './duration.ts';
export type { World } from './world.ts';

export type { Fault } from './faults.ts';
export type { WorldOptions as LocalOptions } from './start.ts';

export interface Local {
  world: World;
  /**
   * A real SDK client of this AWS, as its administrator and without a socket.
   * @param overrides further configuration of the client, such as `credentials`. `maxAttempts` is 1 unless given.
   */
  client<Client>(Class: ClientClass<Client>, overrides?: object): Client;
  /** Skips ahead; resolves once everything that was due has happened. */
  advance(duration: Duration): Promise<void>;
  /** Deploys what `cdk synth` wrote to `folder` (`cdk.out`). Rejects with the reason of the first resource that failed. */
  deploy(folder: string, options?: DeployOptions): Promise<Outputs>;
  /**
   * Answers over HTTP on 127.0.0.1 as well; functions of the `real` host call back there.
   * @param port 0 for any free one. Rejects with code `EADDRINUSE` when something else listens there.
   * @returns the address, such as `http://127.0.0.1:4566`
   */
  listen(port: number): Promise<string>;
  /** Ends timers, function instances and the server. */
  stop(): Promise<void>;
}

/** Starts an embedded AWS: nothing listens until it is told to. */
export async function startLocal(options: WorldOptions = {}): Promise<Local> {
  const running = await startWorld(options);
  const { world } = running;
  const closing: (() => Promise<void>)[] = [];
  return {
    world,
    client: (Class, overrides) => clientOf(world, Class, overrides),
    advance: (duration) => world.clock.advance(milliseconds(duration)),
    deploy: (folder, deployOptions) => deploy({ world }, folder, deployOptions),
    async listen(port) {
      const { listen } = await import('./server.ts');
      const { address, close } = await listen(running, port);
      closing.push(close);
      return address;
    },
    async stop() {
      await Promise.all(closing.map((close) => close()));
      await running.stop();
    },
  };
}
