/** The APIs behind every signing name, read from the SDK's schemas when they are first asked for. */
import type { Clock } from '../clock.ts';
import type { ServiceModule } from '../service.ts';
import { modelOf, type Model } from './model.ts';

/** Of this process: worlds share them. */
const loaded = new WeakMap<ServiceModule, Promise<Model[]>>();

export interface Models {
  /** The APIs of one service; none for a service that is not here. */
  of(service: string): Model[] | Promise<Model[]>;
  /** The APIs that requests are signed for under this name. */
  signedAs(name: string): Model[] | Promise<Model[]>;
  /** All of them, for requests that do not say whose they are. */
  all(): Promise<Model[]>;
}

/** @param clock stands still while schemas are loaded. @default none, for whoever only reads them */
export function modelsOf(
  modules: Record<string, ServiceModule>,
  { hold }: Pick<Clock, 'hold'> = { hold: (work) => work },
): Models {
  // The first use in a world takes its turn even if another world has loaded them: a trace must not depend on it.
  const known = new Map<string, Model[]>();
  const met = async (service: string, module: ServiceModule): Promise<Model[]> => {
    const models = await hold(load(service, module));
    known.set(service, models);
    return models;
  };
  const of = (service: string): Model[] | Promise<Model[]> => {
    const module = modules[service];
    return module ? (known.get(service) ?? met(service, module)) : [];
  };
  const signed = new Map<string, string[]>();
  for (const [name, { signedAs = name }] of Object.entries(modules))
    signed.set(signedAs, [...(signed.get(signedAs) ?? []), name]);
  return {
    of,
    signedAs(name) {
      const services = signed.get(name) ?? [];
      if (services.length === 1) return of(services[0]!);
      return Promise.all(services.map(async (service) => of(service))).then((all) => all.flat());
    },
    all: async () => (await Promise.all(Object.keys(modules).map(async (name) => of(name)))).flat(),
  };
}

function load(service: string, module: ServiceModule): Promise<Model[]> {
  let models = loaded.get(module);
  if (!models) {
    models = Promise.all(module.sdk.map(async (client) => modelOf(service, await client())));
    loaded.set(module, models);
  }
  return models;
}
