/** Amazon EventBridge Scheduler: calls a target once or again and again, at times of its own. */
import type { Service, ServiceModule } from '../service.ts';
import type { World } from '../world.ts';
import { changing } from './scheduler/changing.ts';
import { describing } from './scheduler/describing.ts';
import { firing } from './scheduler/firing.ts';
import { groupOperations } from './scheduler/groups.ts';
import { invocations } from './scheduler/invocations.ts';
import { repetitionsIn } from './scheduler/repetitions.ts';
import { resourcesOf } from './scheduler/resources.ts';
import { schedulesOf } from './scheduler/schedule.ts';
import { sdkOf } from './scheduler/sdk.ts';

declare module '../world.ts' {
  interface Services {
    scheduler: ReturnType<typeof scheduler>;
  }
}

export default {
  sdk: [() => import('@aws-sdk/client-scheduler')],
  start: scheduler,
} satisfies ServiceModule;

function scheduler(world: World) {
  const { durable } = world;
  const repetitions = repetitionsIn(world);
  const sdk = sdkOf(world);
  const schedules = schedulesOf(world, (schedule) => times.forget(schedule));
  const invoke = invocations(world, schedules, sdk, (schedule) => {
    if (!times.isOver(schedule)) return;
    schedules.remove(schedule);
    durable?.changed('scheduler');
  });
  const times = firing(world, invoke);
  durable?.onceStarted(() => schedules.all().forEach(times.resume));

  return {
    operations: {
      ...changing(world, schedules, sdk, repetitions, times),
      ...describing(schedules),
      ...groupOperations(world, schedules, repetitions),
    },
    resources: resourcesOf(schedules),
    /** How many schedules there are in each group. */
    state: () =>
      Object.fromEntries(
        schedules
          .groups()
          .map(({ name }) => [
            name,
            { schedules: schedules.all().filter(({ group }) => group === name).length },
          ]),
      ),
  } satisfies Service & object;
}
