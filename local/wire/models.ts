/** The APIs behind every signing name, read from the SDK's schemas when they are first asked for. */
import type { ServiceModule } from '../service.ts';
import { modelOf, type Model } from './model.ts';

const known = new WeakMap<ServiceModule, Promise<Model[]>>();

export interface Models {
  /** The APIs of one service; none for a service that is not here. */
  of(service: string): Promise<Model[]>;
  /** All of them, for requests that do not say whose they are. */
  all(): Promise<Model[]>;
}

export function modelsOf(modules: Record<string, ServiceModule>): Models {
  const of = async (service: string): Promise<Model[]> => {
    const module = modules[service];
    if (!module) return [];
    let models = known.get(module);
    if (!models) {
      models = Promise.all(module.sdk.map(async (load) => modelOf(service, await load())));
      known.set(module, models);
    }
    return models;
  };
  return { of, all: async () => (await Promise.all(Object.keys(modules).map(of))).flat() };
}
