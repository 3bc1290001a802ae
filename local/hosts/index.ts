import type { World } from '../world.ts';
import type { FunctionHost } from './host.ts';
import { simulatedHost } from './simulated/index.ts';

export type { FunctionHost } from './host.ts';

/** Where functions run, as the world was started. */
export function functionHost(world: World): FunctionHost {
  if (world.host === 'real') throw new Error('to come');
  return simulatedHost(world, world.wire);
}
