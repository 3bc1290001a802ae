import { availableParallelism } from 'node:os';
import type { World } from '../../world.ts';
import { codeStore } from '../code.ts';
import { environment } from '../environment.ts';
import type { FunctionHost } from '../host.ts';
import { pool } from '../pool.ts';
import { variablesOf } from '../variables.ts';
import { realInstance } from './instance.ts';
import { program } from './program.ts';
import { realStopwatch } from './stopwatch.ts';
import { watchman } from './watchman.ts';

/**
 * Runs every environment as a process of its own, stopped between invocations. So many at most as the machine bears: a
 * function gets a second process only once one has been too slow for a second.
 */
export function realHost(world: World): FunctionHost {
  const { clock, random, region, endpoint } = world;
  const store = codeStore();
  const stopwatch = realStopwatch(clock);
  const cores = availableParallelism();
  let environments = 0;
  let bootstrap: Promise<string> | undefined;
  let guard: ReturnType<typeof watchman> | undefined;
  const watch = () => (guard ??= watchman(store.folder()));

  const instances = pool({
    clock,
    limit: 4 * cores + 4,
    atOnce: Math.max(2, cores),
    patience: 1000,
    open: (fn) =>
      environment(fn, {
        id: environments++,
        folder: store.folder(),
        clock,
        random,
        stopwatch,
        start(version, own) {
          const task = store.unpacked(version.code);
          const env = variablesOf(version, own, { region, endpoint: endpoint() });
          return realInstance(version, own, {
            clock,
            stopwatch,
            program: (bootstrap ??= program(store.folder())),
            task,
            root: store.folder(),
            env: { ...env, LAMBDA_TASK_ROOT: task, PWD: task, TMPDIR: own.folder },
            started: (pid) => watch().started(pid),
            ended: (pid) => watch().ended(pid),
          });
        },
      }),
  });
  return {
    ...instances,
    async stop() {
      instances.end();
      guard?.stop();
      store.remove();
    },
  };
}
