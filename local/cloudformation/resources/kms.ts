import type { Tag } from '@aws-sdk/client-cloudformation';
import { AwsError } from '../../errors.ts';
import { defaultPolicy } from '../../services/kms/default-policies.ts';
import { retag } from '../tags.ts';
import type { ResourceTypes, Site } from '../resource-types.ts';
import { same, type Dictionary } from '../values.ts';

interface Key {
  Description?: string;
  KeyPolicy?: Dictionary | string;
  Enabled?: boolean;
  EnableKeyRotation?: boolean;
  RotationPeriodInDays?: number;
  PendingWindowInDays?: number;
  BypassPolicyLockoutSafetyCheck?: boolean;
  KeySpec?: string;
  KeyUsage?: string;
  MultiRegion?: boolean;
  Origin?: string;
  Tags?: Tag[];
}

interface Alias {
  AliasName: string;
  TargetKeyId: string;
}

export default {
  'AWS::KMS::Key': {
    async create(properties: Key, site) {
      const { Description, KeySpec, KeyUsage, MultiRegion, Origin } = properties;
      const { KeyMetadata } = await site.call<{ KeyMetadata: { KeyId: string; Arn: string } }>(
        'kms',
        'CreateKey',
        {
          Description,
          KeySpec,
          KeyUsage,
          MultiRegion,
          Origin,
          BypassPolicyLockoutSafetyCheck: properties.BypassPolicyLockoutSafetyCheck,
          Policy: policyOf(properties),
          Tags: keyTags(site.tags(properties.Tags)),
        },
      );
      const { KeyId, Arn } = KeyMetadata;
      await rotate(KeyId, properties, {}, site);
      if (properties.Enabled === false) await site.call('kms', 'DisableKey', { KeyId });
      return { id: KeyId, attributes: { Arn, KeyId } };
    },

    async update(before, properties: Key, site, previous: Key) {
      const KeyId = before.id;
      const { Description = '', Enabled = true } = properties;
      checkUnchanged(properties, previous);
      if (Enabled && previous.Enabled === false) await site.call('kms', 'EnableKey', { KeyId });
      if (!same(properties.KeyPolicy, previous.KeyPolicy))
        await site.call('kms', 'PutKeyPolicy', {
          KeyId,
          BypassPolicyLockoutSafetyCheck: properties.BypassPolicyLockoutSafetyCheck,
          Policy: policyOf(properties) ?? defaultPolicy(site.account),
        });
      if (Description !== (previous.Description ?? ''))
        await site.call('kms', 'UpdateKeyDescription', { KeyId, Description });
      await rotate(KeyId, properties, previous, site);
      await retag(properties.Tags, previous.Tags, site, {
        untag: (TagKeys) => site.call('kms', 'UntagResource', { KeyId, TagKeys }),
        tag: (tags) => site.call('kms', 'TagResource', { KeyId, Tags: keyTags(tags) }),
      });
      if (!Enabled && previous.Enabled !== false) await site.call('kms', 'DisableKey', { KeyId });
      return before;
    },

    /** The key stays for the days that the template says, and for 30 where it says nothing. */
    async delete({ id: KeyId }, site, { PendingWindowInDays }: Key) {
      try {
        await site.call('kms', 'ScheduleKeyDeletion', { KeyId, PendingWindowInDays });
      } catch (error) {
        // Somebody else was first. https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-kms/pull/4
        if (!(error instanceof AwsError && error.code === 'KMSInvalidStateException')) throw error;
      }
    },
  },

  'AWS::KMS::Alias': {
    name: 'AliasName',

    async create({ AliasName, TargetKeyId }: Alias, site) {
      await site.call('kms', 'CreateAlias', { AliasName, TargetKeyId });
      return { id: AliasName };
    },

    async update(before, { AliasName, TargetKeyId }: Alias, site) {
      await site.call('kms', 'UpdateAlias', { AliasName, TargetKeyId });
      return before;
    },

    async delete({ id: AliasName }, site) {
      await site.call('kms', 'DeleteAlias', { AliasName });
    },
  },
} satisfies ResourceTypes;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html */
function checkUnchanged(after: Key, before: Key): void {
  for (const name of ['KeySpec', 'KeyUsage', 'MultiRegion', 'Origin'] as const)
    if ((after[name] ?? DEFAULTS[name]) !== (before[name] ?? DEFAULTS[name]))
      throw new AwsError('InvalidRequest', `The ${name} of a key cannot be changed.`);
}

const DEFAULTS = {
  KeySpec: 'SYMMETRIC_DEFAULT',
  KeyUsage: 'ENCRYPT_DECRYPT',
  MultiRegion: false,
  Origin: 'AWS_KMS',
};

/** A disabled key's rotation cannot be changed. */
async function rotate(KeyId: string, after: Key, before: Key, site: Site): Promise<void> {
  const { EnableKeyRotation = false, RotationPeriodInDays } = after;
  if (
    EnableKeyRotation === (before.EnableKeyRotation ?? false) &&
    RotationPeriodInDays === before.RotationPeriodInDays
  )
    return;
  if (EnableKeyRotation)
    await site.call('kms', 'EnableKeyRotation', { KeyId, RotationPeriodInDays: RotationPeriodInDays ?? 365 });
  else if (before.EnableKeyRotation) await site.call('kms', 'DisableKeyRotation', { KeyId });
}

function policyOf({ KeyPolicy }: Key): string | undefined {
  return typeof KeyPolicy === 'object' ? JSON.stringify(KeyPolicy) : KeyPolicy;
}

const keyTags = (tags: Tag[]) => tags.map(({ Key, Value }) => ({ TagKey: Key, TagValue: Value }));
