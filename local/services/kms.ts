/** AWS Key Management Service: symmetric keys, their policies and aliases. */
import type { Service, ServiceModule } from '../service.ts';
import type { World } from '../world.ts';
import { naming } from './kms/aliases.ts';
import { stateOf, type Keys } from './kms/key.ts';
import { managing } from './kms/managing.ts';
import { policies } from './kms/policies.ts';
import { drawing } from './kms/random.ts';
import { rotating } from './kms/rotation.ts';
import { keyOf } from './kms/seal.ts';
import { sealing } from './kms/sealing.ts';
import { keysOf } from './kms/store.ts';
import { tagging } from './kms/tags.ts';

declare module '../world.ts' {
  interface Services {
    kms: ReturnType<typeof keyManagement>;
  }
}

export default {
  sdk: [() => import('@aws-sdk/client-kms')],
  start: keyManagement,
} satisfies ServiceModule;

function keyManagement(world: World) {
  const keys = keysOf(world);

  return {
    operations: {
      ...managing(world, keys),
      ...policies(world, keys),
      ...rotating(world, keys),
      ...naming(world, keys),
      ...tagging(keys),
      ...sealing(world, keys),
      ...drawing(world),
    },
    resources: resourcesOf(keys),
    resourcePolicy: (arn: string) => (arn.includes(':key/') ? keys.find(arn)?.policy : undefined),
    exists: (arn: string) => !arn.includes(':key/') || keys.find(arn) !== undefined,
    /** The state of each key, by its first alias or its id. */
    state: () =>
      Object.fromEntries(
        keys
          .all()
          .map((key) => [
            keys.aliases().find(({ target }) => target === key.id)?.name ?? key.id,
            { state: stateOf(key) },
          ]),
      ),
  } satisfies Service & object;
}

interface Named {
  KeyId?: string;
  TargetKeyId?: string;
  AliasName?: string;
  CiphertextBlob?: Uint8Array;
  SourceKeyId?: string;
  DestinationKeyId?: string;
}

/** Aliases stand for their keys, except where it is the alias that is made, changed or deleted: then it is both. */
function resourcesOf(keys: Keys) {
  const arnOf = (identifier: string) =>
    keys.find(identifier)?.arn ??
    (identifier.startsWith('arn:') ? identifier : keys.arn(identifier.replace(/^(?!alias\/)/, 'key/')));
  const sealedWith = (blob: Uint8Array = new Uint8Array()) => {
    const id = keyOf(blob);
    return id === undefined ? '*' : arnOf(id);
  };

  return (operation: string, input: Named): string[] => {
    const { KeyId, TargetKeyId, AliasName, CiphertextBlob, SourceKeyId, DestinationKeyId } = input;
    if (operation === 'ListAliases') return ['*'];
    if (AliasName !== undefined) {
      const former = operation === 'CreateAlias' ? undefined : keys.find(AliasName)?.arn;
      const both = TargetKeyId === undefined ? [former] : [former, arnOf(TargetKeyId)];
      return [keys.arn(AliasName), ...both.filter((arn) => arn !== undefined)];
    }
    if (DestinationKeyId !== undefined)
      return [
        SourceKeyId === undefined ? sealedWith(CiphertextBlob) : arnOf(SourceKeyId),
        arnOf(DestinationKeyId),
      ];
    if (KeyId !== undefined) return [arnOf(KeyId)];
    return [CiphertextBlob ? sealedWith(CiphertextBlob) : '*'];
  };
}
