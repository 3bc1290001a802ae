/** AWS Systems Manager Parameter Store, as far as CDK and service discovery need it. */
import type { Service, ServiceModule } from '../service.ts';
import type { World } from '../world.ts';
import { listing } from './ssm/listing.ts';
import { reading } from './ssm/reading.ts';
import { parameterStore } from './ssm/store.ts';
import { tagging } from './ssm/tagging.ts';
import { writing } from './ssm/writing.ts';

declare module '../world.ts' {
  interface Services {
    ssm: ReturnType<typeof systemsManager>;
  }
}

export default {
  sdk: [() => import('@aws-sdk/client-ssm')],
  start: systemsManager,
} satisfies ServiceModule;

function systemsManager(world: World) {
  const store = parameterStore(world);
  return {
    operations: { ...writing(store), ...reading(store), ...listing(store), ...tagging(store) },
    resources: (
      _operation: string,
      {
        Name,
        Names,
        Path,
        ResourceId,
      }: { Name?: string; Names?: string[]; Path?: string; ResourceId?: string },
    ) => (Names ?? [Name ?? Path ?? ResourceId ?? '*']).map((name) => store.arn(name.split(':')[0]!)),
  } satisfies Service;
}
