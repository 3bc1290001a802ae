import { inject } from 'vitest';
import { startLocal, type Local, type LocalOptions } from '../../local/index.ts';
import { discover, type Discovered } from '../../operate/discovery.ts';
import { awsOf } from '../../operate/up/aws-of-local.ts';
import type { Aws } from '../../operate/aws.ts';
import { backlog } from '../../operate/backlog.ts';

export interface Shop {
  local: Local;
  aws: Aws;
  discovered: Discovered;
  /** Lets virtual time pass until nothing is under way. Throws when something still is after a virtual hour. */
  quiet(): Promise<void>;
}

/** The shop, deployed on an embedded AWS whose functions run under virtual time. */
export async function startShop(
  options: LocalOptions = {},
  assembly = inject('shopAssembly'),
): Promise<Shop> {
  const local = await startLocal({ region: 'us-east-1', ...options });
  await local.deploy(assembly);
  const aws = awsOf(local);
  const discovered = await discover(aws);
  return {
    local,
    aws,
    discovered,
    async quiet() {
      for (let second = 0; second < 3600; second++) {
        await local.advance('1s');
        const { queued, unpublished } = await backlog(aws, discovered, local.world.clock.now());
        if (queued + unpublished === 0) return;
      }
      throw new Error('something is still under way after a virtual hour');
    },
  };
}
