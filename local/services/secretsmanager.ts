/** AWS Secrets Manager: secrets with versions, their policies, and their rotation by a function. */
import type { Service, ServiceModule } from '../service.ts';
import type { World } from '../world.ts';
import { deleting } from './secretsmanager/deleting.ts';
import { listing } from './secretsmanager/describing.ts';
import { managing } from './secretsmanager/managing.ts';
import { drawing } from './secretsmanager/password.ts';
import { policies } from './secretsmanager/policies.ts';
import { reading } from './secretsmanager/reading.ts';
import { rotating } from './secretsmanager/rotating.ts';
import { sealingOf } from './secretsmanager/sealing.ts';
import { staging } from './secretsmanager/stages.ts';
import { secretsOf } from './secretsmanager/store.ts';
import { tagging } from './secretsmanager/tags.ts';
import { writer, writing } from './secretsmanager/writing.ts';

declare module '../world.ts' {
  interface Services {
    secretsmanager: ReturnType<typeof secretsManager>;
  }
}

export default {
  sdk: [() => import('@aws-sdk/client-secrets-manager')],
  start: secretsManager,
} satisfies ServiceModule;

function secretsManager(world: World) {
  const secrets = secretsOf(world);
  const sealing = sealingOf(world);
  const write = writer(world.clock, sealing);
  const rotation = rotating(world, secrets);

  return {
    operations: {
      ...managing(world, secrets, sealing, write),
      ...writing(secrets, write),
      ...reading(world, secrets, sealing),
      ...staging(world, secrets),
      ...listing(secrets),
      ...deleting(world, secrets),
      ...tagging(secrets),
      ...policies(secrets),
      ...drawing(world),
      ...rotation.operations,
    },
    resources(operation: string, { SecretId, Name }: { SecretId?: string; Name?: string }) {
      const id = SecretId ?? (operation === 'CreateSecret' ? Name : undefined);
      return [id === undefined ? '*' : (secrets.find(id)?.arn ?? secrets.missingArn(id))];
    },
    resourcePolicy: (arn: string) => secrets.find(arn)?.policy,
    exists: (arn: string) => secrets.find(arn) !== undefined,
    /** How many versions each secret has. */
    state: () =>
      Object.fromEntries(secrets.all().map(({ name, versions }) => [name, { versions: versions.length }])),
    stop: rotation.stop,
  } satisfies Service & object;
}
