/** AWS CloudFormation: stacks and change sets over the resource types in `local/cloudformation/resources/`. */
import type { Engine } from '../cloudformation/engine.ts';
import { findStack } from '../cloudformation/engine.ts';
import { keepStacks } from '../cloudformation/kept.ts';
import { changeSetOperations } from '../cloudformation/operations/change-sets.ts';
import { readingOperations } from '../cloudformation/operations/reading.ts';
import { stackOperations } from '../cloudformation/operations/stacks.ts';
import { templateOperations } from '../cloudformation/operations/templates.ts';
import { resourceTypes } from '../cloudformation/resource-types.ts';
import type { Stack } from '../cloudformation/stack.ts';
import type { Service, ServiceModule } from '../service.ts';
import type { World } from '../world.ts';

declare module '../world.ts' {
  interface Services {
    cloudformation: CloudFormation;
  }
}

export default {
  sdk: [() => import('@aws-sdk/client-cloudformation')],
  start: cloudFormation,
} satisfies ServiceModule;

type CloudFormation = ReturnType<typeof cloudFormation>;

function cloudFormation(world: World) {
  const stacks = new Map<string, Stack>();
  /** The resource types are read when the first template needs them. */
  const started = async (): Promise<Engine> => ({
    world,
    stacks,
    types: await world.clock.hold(resourceTypes()),
  });
  keepStacks(world, stacks, started);

  return {
    operations: {
      ...stackOperations(started, world),
      ...changeSetOperations(started, world),
      ...readingOperations(started),
      ...templateOperations(started, world),
    },
    resources: (_operation: string, { StackName }: { StackName?: string }) => {
      const arn = StackName?.startsWith('arn:') ? StackName : undefined;
      return [arn ?? `arn:aws:cloudformation:${world.region}:${world.account}:stack/${StackName ?? '*'}/*`];
    },
    /** Resolves when whatever is going on with the stack is over. */
    settled: async (nameOrId: string): Promise<void> =>
      findStack({ world, stacks, types: {} }, nameOrId)?.settled,
  } satisfies Service & Record<string, unknown>;
}
