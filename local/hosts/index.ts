import type { World } from '../world.ts';
import type { FunctionHost } from './host.ts';
import { realHost } from './real/index.ts';
import { simulatedHost } from './simulated/index.ts';

export type { FunctionHost } from './host.ts';

/** Where functions run, as the world was started. */
export function functionHost(world: World): FunctionHost {
  return world.host === 'real' ? realHost(world) : simulatedHost(world, world.wire);
}
