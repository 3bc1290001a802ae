/** Keys: made, looked at, switched on and off, deleted after a while. https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html */
import type * as KMS from '@aws-sdk/client-kms';
import type { Clock } from '../../clock.ts';
import { AwsError, notModelled } from '../../errors.ts';
import type { Answer, Call } from '../../service.ts';
import type { World } from '../../world.ts';
import { checkStaying, invalidState, stateOf, type Key, type Keys } from './key.ts';
import { invalid, page } from './limits.ts';
import { checkPolicy } from './policies.ts';
import { checkTags } from './tags.ts';

export function managing(world: World, keys: Keys) {
  const { account, clock } = world;
  return {
    CreateKey(input: KMS.CreateKeyCommandInput, call: Call) {
      const { Description: description = '', Policy: policy, Tags = [] } = input;
      refuseOthers(input);
      checkTags(Tags, new Map());
      if (policy !== undefined)
        checkPolicy(world, policy, call.principal, input.BypassPolicyLockoutSafetyCheck);
      const tags = new Map(Tags.map(({ TagKey = '', TagValue = '' }) => [TagKey, TagValue]));
      const key = keys.add({
        manager: 'CUSTOMER',
        description,
        tags,
        ...(policy !== undefined && { policy }),
      });
      return { KeyMetadata: described(key, account) } satisfies Answer<KMS.CreateKeyCommandOutput>;
    },

    DescribeKey({ KeyId, GrantTokens }: KMS.DescribeKeyCommandInput) {
      refuseGrants(GrantTokens);
      return {
        KeyMetadata: described(keys.at(KeyId), account),
      } satisfies Answer<KMS.DescribeKeyCommandOutput>;
    },

    ListKeys(input: KMS.ListKeysCommandInput) {
      const { items, ...rest } = page(keys.all(), input, 100);
      const Keys = items.map(({ id, arn }) => ({ KeyId: id, KeyArn: arn }));
      return { Keys, ...rest } satisfies Answer<KMS.ListKeysCommandOutput>;
    },

    EnableKey({ KeyId }: KMS.EnableKeyCommandInput) {
      return switched(keys.at(KeyId), true) satisfies Answer<KMS.EnableKeyCommandOutput>;
    },

    DisableKey({ KeyId }: KMS.DisableKeyCommandInput) {
      return switched(keys.at(KeyId), false) satisfies Answer<KMS.DisableKeyCommandOutput>;
    },

    UpdateKeyDescription({ KeyId, Description = '' }: KMS.UpdateKeyDescriptionCommandInput) {
      const key = keys.at(KeyId);
      checkStaying(key);
      key.description = Description;
      return {} satisfies Answer<KMS.UpdateKeyDescriptionCommandOutput>;
    },

    ...deleting(clock, keys),
  };
}

const deleting = (clock: Clock, keys: Keys) => ({
  ScheduleKeyDeletion({ KeyId, PendingWindowInDays = 30 }: KMS.ScheduleKeyDeletionCommandInput) {
    const key = keys.at(KeyId);
    if (PendingWindowInDays < 7 || PendingWindowInDays > 30)
      throw invalid(`PendingWindowInDays should be between 7 and 30, but it is ${PendingWindowInDays}`);
    checkStaying(key);
    key.deletion = clock.now() + PendingWindowInDays * A_DAY;
    return {
      KeyId: key.arn,
      DeletionDate: new Date(key.deletion),
      KeyState: 'PendingDeletion',
      PendingWindowInDays,
    } satisfies Answer<KMS.ScheduleKeyDeletionCommandOutput>;
  },

  CancelKeyDeletion({ KeyId }: KMS.CancelKeyDeletionCommandInput) {
    const key = keys.at(KeyId);
    if (key.deletion === undefined) throw invalidState(`${key.arn} is not pending deletion.`);
    key.deletion = undefined;
    key.enabled = false;
    return { KeyId: key.arn } satisfies Answer<KMS.CancelKeyDeletionCommandOutput>;
  },
});

const A_DAY = 86_400_000;

/** Grants are not modelled, so nobody has a token of one. */
export function refuseGrants(tokens: string[] | undefined): void {
  if (tokens && tokens.length > 0) throw notModelled('grants of keys');
}

function switched(key: Key, enabled: boolean) {
  checkStaying(key);
  key.enabled = enabled;
  return {};
}

function refuseOthers(input: KMS.CreateKeyCommandInput): void {
  const { KeySpec, CustomerMasterKeySpec, KeyUsage = 'ENCRYPT_DECRYPT', Origin = 'AWS_KMS' } = input;
  const spec = KeySpec ?? CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT';
  if (KeySpec && CustomerMasterKeySpec)
    throw invalid('You cannot specify KeySpec and CustomerMasterKeySpec in the same request.');
  if (spec !== 'SYMMETRIC_DEFAULT') throw notModelled(`keys of the spec ${spec}`);
  if (KeyUsage !== 'ENCRYPT_DECRYPT')
    throw new AwsError(
      'ValidationException',
      `KeyUsage ${KeyUsage} is not compatible with KeySpec SYMMETRIC_DEFAULT`,
    );
  if (Origin !== 'AWS_KMS') throw notModelled(`keys of the origin ${Origin}`);
  if (input.MultiRegion) throw notModelled('multi-Region keys');
  if (input.CustomKeyStoreId ?? input.XksKeyId) throw notModelled('custom key stores');
}

const described = (key: Key, AWSAccountId: string): KMS.KeyMetadata => ({
  AWSAccountId,
  KeyId: key.id,
  Arn: key.arn,
  CreationDate: new Date(key.created),
  Enabled: stateOf(key) === 'Enabled',
  Description: key.description,
  KeyUsage: 'ENCRYPT_DECRYPT',
  KeyState: stateOf(key),
  ...(key.deletion !== undefined && { DeletionDate: new Date(key.deletion) }),
  Origin: 'AWS_KMS',
  KeyManager: key.manager,
  CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
  KeySpec: 'SYMMETRIC_DEFAULT',
  EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
  MultiRegion: false,
});
