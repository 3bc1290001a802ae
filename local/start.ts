import { readdir } from 'node:fs/promises';
import { realClock, virtualClock, type Clock } from './clock.ts';
import { dispatcher, told, type Dispatch, type Guard } from './dispatch.ts';
import { faultsOf, type Fault } from './faults.ts';
import { failing } from './faults/failing.ts';
import { allowing } from './policies/guard.ts';
import { seeded } from './random.ts';
import type { Call, Service, ServiceModule } from './service.ts';
import { wire } from './wire/index.ts';
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
  /** Where functions run. `real` needs an address to call back: `listen` before the first invocation. @default `simulated` */
  host?: 'simulated' | 'real';
  /** `off` looks at neither signatures nor policies: everybody may do everything. @default `enforced` */
  policies?: 'enforced' | 'off';
  /** What goes wrong from the start. @default nothing */
  faults?: Fault[];
}

/** A running embedded AWS. The server and in-process clients are put in front of it. */
export interface Running {
  world: World;
  dispatch: Dispatch;
  /** What is in `local/services/`, by file name. */
  modules: Record<string, ServiceModule>;
  services(): Record<string, Service>;
  listensAt(endpoint: string): void;
  /** Ends every service and starts it empty; the clock stays where it is. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts every service in `local/services/`. */
export async function startWorld(options: WorldOptions = {}): Promise<Running> {
  const modules = await serviceModules();
  const { faults = [] } = options;
  let services: Record<string, Service> = {};
  let endpoint = 'http://127.0.0.1:4566';
  const world = worldOf(options, {
    endpoint: () => endpoint,
    service: <Name extends keyof Services>(name: Name) => services[name] as Services[Name],
    call: async <Output>(
      principal: Call['principal'],
      service: keyof Services,
      operation: string,
      input: object,
    ) => (await dispatch(service, operation, input, internalCall(world, principal))) as Output,
    wire: (request) => answer(request),
  });
  const guards: Guard[] = [told(world.activity.tell), allowing(world), failing(world)];
  const dispatch = dispatcher((name) => services[name], guards);
  const answer = wire(world, dispatch, modules);

  const start = () => {
    services = {};
    for (const [name, module] of Object.entries(modules)) services[name] = module.start(world);
    world.faults.set(faults);
  };
  const stop = async () => {
    world.clock.stop();
    for (const service of Object.values(services)) await service.stop?.();
  };
  start();

  return {
    world,
    dispatch,
    modules,
    services: () => services,
    listensAt: (at) => void (endpoint = at),
    async reset() {
      await stop();
      start();
    },
    stop,
  };
}

type Connected = 'endpoint' | 'service' | 'call' | 'wire';

function worldOf(
  {
    clock = 'virtual',
    seed = 1,
    account = '000000000000',
    region = 'eu-west-1',
    host = 'simulated',
    policies = 'enforced',
  }: WorldOptions,
  connected: Pick<World, Connected>,
): World {
  const time = clock === 'virtual' ? virtualClock() : clock === 'real' ? realClock() : clock;
  const activity = activityOf(time.now);
  return {
    account,
    region,
    clock: time,
    random: seeded(seed),
    faults: faultsOf({ clock: time, activity, random: seeded(~seed) }),
    host,
    policies,
    activity,
    ...connected,
  };
}

const internalCall = (world: World, principal: Call['principal']): Call => ({
  principal,
  requestId: world.random.uuid(),
  account: principal.account,
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
