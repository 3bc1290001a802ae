import { inject } from 'vitest';
import { startLocal, type Local, type LocalOptions } from '../../local/index.ts';
import { discover, type Discovered } from '../../operate/discovery.ts';
import { awsOf } from '../../operate/up/aws-of-local.ts';
import type { Aws } from '../../operate/aws.ts';
import { backlog } from '../../operate/backlog.ts';
import { askSigned, type Credentials, type Sent } from './signed.ts';

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
  return deployShop(await startLocal({ region: 'us-east-1', ...options }), assembly);
}

export interface OnlineShop extends Shop {
  /** Sends a signed request to its API: `call('/orders/1', { method: 'GET' })`. */
  call(path: string, sent?: Sent, as?: Credentials | null): ReturnType<typeof askSigned>;
}

/** The same with its API on the network. */
export async function startOnlineShop(): Promise<OnlineShop> {
  const local = await startLocal({ region: 'us-east-1' });
  const endpoint = await local.listen(0); // before what is deployed learns the address
  const shop = await deployShop(local, inject('shopAssembly'));
  const base = `${endpoint}/restapis/${shop.discovered.apis['checkout']!.restApiId}/dev/_user_request_`;
  return {
    ...shop,
    call: (path, sent = {}, as) => askSigned(`${base}${path}`, sent, local.world.clock.now(), as),
  };
}

async function deployShop(local: Local, assembly: string): Promise<Shop> {
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
