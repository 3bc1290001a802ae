import type { World } from '../../world.ts';
import { codeStore } from '../code.ts';
import { environment } from '../environment.ts';
import type { FunctionHost } from '../host.ts';
import { pool } from '../pool.ts';
import { variablesOf } from '../variables.ts';
import type { Send } from './http.ts';
import { simulatedInstance } from './instance.ts';

/** Runs functions in contexts on this thread; what they send is answered by `send`. The same seed gives the same trace. */
export function simulatedHost(world: World, send: Send): FunctionHost {
  const { clock, random, region, endpoint } = world;
  const store = codeStore();
  let environments = 0;

  const instances = pool({
    clock,
    open: (fn) =>
      environment(fn, {
        id: environments++,
        folder: store.folder(),
        clock,
        random,
        stopwatch: { elapsed: clock.now, after: clock.after },
        start: (version, own) =>
          simulatedInstance(version, own, {
            clock,
            random,
            send,
            endpoint,
            code: { task: store.unpacked(version.code), sha256: version.code.sha256 },
            env: variablesOf(version, own, { region, endpoint: endpoint() }),
          }),
      }),
  });
  return {
    ...instances,
    async stop() {
      instances.end();
      store.remove();
    },
  };
}
