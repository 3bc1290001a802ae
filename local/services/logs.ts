/** Amazon CloudWatch Logs: groups, streams, events and filters. */
import type { Service, ServiceModule } from '../service.ts';
import type { World } from '../world.ts';
import { writing } from './logs/write.ts';
import { logStore } from './logs/store.ts';

declare module '../world.ts' {
  interface Services {
    logs: ReturnType<typeof logService>;
  }
}

export default {
  sdk: [() => import('@aws-sdk/client-cloudwatch-logs')],
  start: logService,
} satisfies ServiceModule;

function logService(world: World) {
  const store = logStore(world);
  return {
    operations: { ...writing(store) },
    append: store.append,
  } satisfies Service & Record<string, unknown>;
}
