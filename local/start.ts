import { readdir } from 'node:fs/promises';
import { realClock, virtualClock, type Clock } from './clock.ts';
import { dispatcher, told, type Dispatch, type Guard } from './dispatch.ts';
import { administrator } from './principal.ts';
import { seeded } from './random.ts';
import type { Call, Service, ServiceModule } from './service.ts';
import type { Activity, Happening, Services, World } from './world.ts';

export interface WorldOptions {
  /** `virtual` stands still until it is advanced; `real` is the machine's, and can skip ahead. @default `virtual` */
  clock?: 'virtual' | 'real' | Clock;
  /** From which every id and choice is drawn. @default 1 */
  seed?: number;
  /** Twelve digits. @default 000000000000 */
  account?: string;
  /** @default eu-west-1 */
  region?: string;
  /** What stands around every operation besides the activity log. @default nothing */
  guards?: (world: World) => Guard[];
}

/** A running embedded AWS without any way in yet: the wire, in-process clients and the server are put in front of it. */
export interface Running {
  world: World;
  dispatch: Dispatch;
  modules: Record<string, ServiceModule>;
  listensAt(endpoint: string): void;
  stop(): Promise<void>;
}

/** Starts every service in `local/services/`. */
export async function startWorld({
  clock = 'virtual',
  seed = 1,
  account = '000000000000',
  region = 'eu-west-1',
  guards = () => [],
}: WorldOptions = {}): Promise<Running> {
  const modules = await serviceModules();
  const started: Record<string, Service> = {};
  let endpoint = 'http://127.0.0.1:4566';
  let dispatch: Dispatch | undefined;

  const world: World = {
    account,
    region,
    clock: clock === 'virtual' ? virtualClock() : clock === 'real' ? realClock() : clock,
    random: seeded(seed),
    endpoint: () => endpoint,
    service: <Name extends keyof Services>(name: Name) => started[name] as Services[Name],
    call: async <Output>(
      principal: Call['principal'],
      service: keyof Services,
      operation: string,
      input: object,
    ) => (await dispatch!(service, operation, input, internalCall(world, principal))) as Output,
    activity: activityOf(() => world.clock.now()),
  };
  for (const [name, { start }] of Object.entries(modules)) started[name] = start(world);
  dispatch = dispatcher((name) => started[name], [...guards(world), told(world.activity.tell)]);

  return {
    world,
    dispatch,
    modules,
    listensAt: (at) => void (endpoint = at),
    async stop() {
      world.clock.stop();
      for (const service of Object.values(started)) await service.stop?.();
    },
  };
}

const internalCall = (world: World, principal: Call['principal']): Call => ({
  principal,
  requestId: world.random.uuid(),
  account: principal.account || administrator(world.account).account,
  region: world.region,
  endpoint: world.endpoint(),
  protocol: 'internal',
  headers: {},
  now: world.clock.now,
});

let found: Promise<Record<string, ServiceModule>> | undefined;

/** The default exports of `local/services/*.ts` by file name, which is the signing name. Read once a process. */
function serviceModules(): Promise<Record<string, ServiceModule>> {
  found ??= (async () => {
    const folder = new URL('./services/', import.meta.url);
    const files = (await readdir(folder)).filter((file) => file.endsWith('.ts')).toSorted();
    const loaded = await Promise.all(
      files.map((file) => import(new URL(file, folder).href) as Promise<{ default: ServiceModule }>),
    );
    return Object.fromEntries(files.map((file, i) => [file.slice(0, -'.ts'.length), loaded[i]!.default]));
  })();
  return found;
}

function activityOf(now: () => number): Activity {
  const listeners = new Set<(happening: Happening & { at: number }) => void>();
  return {
    tell(happening) {
      for (const listener of listeners) listener({ at: now(), ...happening });
    },
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
