import { realClock, virtualClock, type Clock } from './clock.ts';
import { dispatcher, told, type Dispatch, type Guard } from './dispatch.ts';
import { openAccount, type KeptAccount } from './durability/account.ts';
import type { Storage } from './durability/index.ts';
import { faultsOf, type Fault } from './faults.ts';
import { failing } from './faults/failing.ts';
import { modulesIn } from './modules-in.ts';
import { allowing } from './policies/guard.ts';
import { seeded } from './random.ts';
import type { Call, Service, ServiceModule } from './service.ts';
import { GLOBAL_SERVICES, otherRegions } from './regions.ts';
import { wire, type Wire } from './wire/index.ts';
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
  /**
   * A folder that keeps the account: what was answered survives the end of the process, however it ends, and the next
   * one that is given the folder goes on with it. Rejects while another process has the folder, and for one that is
   * damaged or keeps another account or region. A clock of your own must not be behind the time that is kept.
   * @default state is in memory only
   */
  data?: string;
}

/** A running embedded AWS. The server and in-process clients are put in front of it. */
export interface Running {
  world: World;
  dispatch: Dispatch;
  /** What is in `local/services/`, by file name. */
  modules: Record<string, ServiceModule>;
  services(): Record<string, Service>;
  listensAt(endpoint: string): void;
  /** Where the account is kept. @default in memory only */
  storage: Storage | undefined;
  /** Ends every service and starts it empty; the clock stays where it is. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts every service in `local/services/`, in one region; the account's other regions begin when somebody calls them.
 * @param home the region that was started first, for another one of the same account. @default this is the first
 */
export async function startWorld(options: WorldOptions = {}, home?: Running): Promise<Running> {
  const { account = '000000000000', region = 'eu-west-1', host, data } = options;
  const modules = await serviceModules();
  const kept = home || data === undefined ? undefined : openAccount(data, account, region, host !== 'real');
  const storage = kept?.storage ?? home?.storage;
  let services: Record<string, Service> = {};
  let endpoint = home?.world.endpoint() ?? 'http://127.0.0.1:4566';
  const world = worldOf({ ...options, account, region }, home?.world, kept, {
    endpoint: () => endpoint,
    service: <Name extends keyof Services>(name: Name) => services[name] as Services[Name],
    call: async <Output>(
      principal: Call['principal'],
      service: keyof Services,
      operation: string,
      input: object,
      headers?: Record<string, string>,
    ) => (await dispatch(service, operation, input, internalCall(world, principal, headers))) as Output,
    wire: (request) =>
      (home ? undefined : abroad.of(request))?.then((other) => other.world.wire(request)) ?? here(request),
    ...(storage && { durable: storage.region(region) }),
  });
  const dispatch = dispatcher((name) => services[name], guardsOf(world));
  const here = written(storage, wire(world, dispatch, modules));

  const start = () => {
    services = {};
    for (const [name, module] of Object.entries(modules))
      services[name] = (GLOBAL_SERVICES.has(name) && home?.services()[name]) || module.start(world);
    if (!home) world.faults.set(options.faults ?? []);
    storage?.started();
  };
  const stop = async () => {
    world.clock.stop();
    await abroad.stop();
    for (const service of Object.values(services)) await service.stop?.();
  };

  const running: Running = {
    world,
    dispatch,
    modules,
    services: () => services,
    listensAt(at) {
      endpoint = at;
      storage?.reachable();
    },
    storage,
    async reset() {
      await stop();
      kept?.forget();
      start();
    },
    async stop() {
      kept?.storage.close();
      await stop();
    },
  };
  const abroad = otherRegions(world.region, (region) => startWorld({ ...options, region }, running));
  start();
  for (const other of kept?.regions ?? []) await abroad.begin(other);
  return running;
}

function guardsOf(world: World): Guard[] {
  const guards = [told(world.activity.tell), allowing(world), failing(world)];
  return world.durable ? [...guards, world.durable.guard] : guards;
}

/** What a request changed is kept before it is answered. */
const written = (storage: Storage | undefined, wire: Wire): Wire =>
  storage
    ? async (request) => {
        const answer = await wire(request);
        await storage.written();
        return answer;
      }
    : wire;

type Connected = 'endpoint' | 'service' | 'call' | 'wire' | 'durable';

function worldOf(
  {
    clock = 'virtual',
    seed = 1,
    account,
    region,
    host = 'simulated',
    policies = 'enforced',
  }: WorldOptions & Pick<World, 'account' | 'region'>,
  home: World | undefined,
  kept: KeptAccount | undefined,
  connected: Pick<World, Connected>,
): World {
  const random = seeded(seed ^ hashOf(region) ^ (kept?.chance ?? 0));
  const own = { account, region, random, host, policies, ...connected };
  if (home) return { ...own, clock: home.clock, faults: home.faults, activity: home.activity };
  const begun = clockOf(clock, kept);
  const time = kept?.clock(begun) ?? begun;
  const activity = activityOf(time.now);
  const faults = faultsOf({ clock: time, activity, random: seeded(~seed) });
  return { ...own, clock: time, faults, activity };
}

/** Goes on where the last process that had the account ended. */
function clockOf(clock: 'virtual' | 'real' | Clock, kept: KeptAccount | undefined): Clock {
  if (clock === 'virtual') return virtualClock(kept?.time && { start: kept.time.now });
  return clock === 'real' ? realClock(kept?.time?.skipped) : clock;
}

/** Regions of one account and seed must not make up the same names. */
const hashOf = (text: string): number =>
  Buffer.from(text).reduce((hash, byte) => Math.imul(hash, 31) + byte, 0);

const internalCall = (world: World, principal: Call['principal'], headers = NO_HEADERS): Call => ({
  principal,
  requestId: world.random.uuid(),
  account: principal.account,
  region: world.region,
  endpoint: world.endpoint(),
  protocol: 'internal',
  headers,
  now: world.clock.now,
});

const NO_HEADERS: Call['headers'] = {};

let found: Promise<Record<string, ServiceModule>> | undefined;

/** The default exports of `local/services/*.ts` by file name, which is the signing name. Read once a process. */
function serviceModules(): Promise<Record<string, ServiceModule>> {
  found ??= (async () => {
    const names = await modulesIn(new URL('./services/', import.meta.url));
    const loaded = await Promise.all(
      names.map((name) => import(`./services/${name}.ts`) as Promise<{ default: ServiceModule }>),
    );
    return Object.fromEntries(names.map((name, i) => [name, loaded[i]!.default]));
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
