/** Amazon EventBridge Pipes: from a queue or a table's stream, through filters and an enrichment, to one target. */
import type { Service, ServiceModule } from '../service.ts';
import type { World } from '../world.ts';
import { changing } from './pipes/changing.ts';
import { describing } from './pipes/describing.ts';
import { pipesOf } from './pipes/pipe.ts';

declare module '../world.ts' {
  interface Services {
    pipes: ReturnType<typeof eventPipes>;
  }
}

export default {
  sdk: [() => import('@aws-sdk/client-pipes')],
  start: eventPipes,
} satisfies ServiceModule;

function eventPipes(world: World) {
  const pipes = pipesOf(world);

  return {
    operations: { ...changing(world, pipes), ...describing(pipes) },
    resources: (_operation: string, { Name, resourceArn }: { Name?: string; resourceArn?: string }) => [
      resourceArn ?? (Name === undefined ? '*' : pipes.arn(Name)),
    ],
    /** The state of each pipe. */
    state: () => Object.fromEntries(pipes.all().map(({ name, state }) => [name, { state }])),
    stop() {
      for (const pipe of pipes.all()) pipes.halt(pipe);
    },
  } satisfies Service & object;
}
