import type { Tag } from '@aws-sdk/client-cloudformation';
import type { RotationRulesType } from '@aws-sdk/client-secrets-manager';
import { AwsError, notModelled } from '../../errors.ts';
import { jsonMap } from '../../json-map.ts';
import type { ResourceTypes, Site } from '../resource-types.ts';
import { retag } from '../tags.ts';
import { same, textOf, type Dictionary } from '../values.ts';

interface Secret extends Dictionary {
  Name?: string;
  Description?: string;
  KmsKeyId?: string;
  SecretString?: string;
  GenerateSecretString?: Generated;
  Tags?: Tag[];
}

interface Generated extends Dictionary {
  GenerateStringKey?: string;
  SecretStringTemplate?: string;
}

interface ResourcePolicy {
  SecretId: string;
  ResourcePolicy: Dictionary | string;
  BlockPublicPolicy?: boolean;
}

interface RotationSchedule extends Dictionary {
  SecretId: string;
  RotationLambdaARN?: string;
  RotationRules?: RotationRulesType;
  RotateImmediatelyOnUpdate?: boolean;
}

export default {
  'AWS::SecretsManager::Secret': {
    name: 'Name',

    async create(properties: Secret, site) {
      refuseOthers(properties);
      const { Description, KmsKeyId } = properties;
      const { ARN } = await site.call<{ ARN: string }>('secretsmanager', 'CreateSecret', {
        // Secrets are not called after their stack.
        Name: properties.Name ?? `${site.logicalId}-${site.world.random.letters(12)}`,
        Description,
        KmsKeyId,
        SecretString: await valueOf(properties, site),
        Tags: site.tags(properties.Tags),
        ClientRequestToken: site.world.random.uuid(),
      });
      return { id: ARN, attributes: { Id: ARN } };
    },

    /** A value is made anew when what it is made of has changed. */
    async update(before, properties: Secret, site, previous: Secret) {
      refuseOthers(properties);
      const SecretId = before.id;
      const { Description = '', KmsKeyId = '', SecretString, GenerateSecretString } = properties;
      const isOther =
        SecretString !== previous.SecretString || !same(GenerateSecretString, previous.GenerateSecretString);
      await site.call('secretsmanager', 'UpdateSecret', {
        SecretId,
        Description,
        KmsKeyId,
        ...(isOther && { SecretString: await valueOf(properties, site) }),
        ClientRequestToken: site.world.random.uuid(),
      });
      await retag(properties.Tags, previous.Tags, site, {
        untag: (TagKeys) => site.call('secretsmanager', 'UntagResource', { SecretId, TagKeys }),
        tag: (Tags) => site.call('secretsmanager', 'TagResource', { SecretId, Tags }),
      });
      return before;
    },

    async delete({ id: SecretId }, site) {
      await site.call('secretsmanager', 'DeleteSecret', { SecretId, ForceDeleteWithoutRecovery: true });
    },
  },

  'AWS::SecretsManager::ResourcePolicy': {
    create: (properties: ResourcePolicy, site) => put(properties, site),
    update: (_before, properties: ResourcePolicy, site) => put(properties, site),
    async delete({ id: SecretId }, site) {
      await site.call('secretsmanager', 'DeleteResourcePolicy', { SecretId });
    },
  },

  'AWS::SecretsManager::RotationSchedule': {
    create: (properties: RotationSchedule, site) => rotate(properties, site),
    update: (_before, properties: RotationSchedule, site) => rotate(properties, site),
    async delete({ id: SecretId }, site) {
      await site.call('secretsmanager', 'CancelRotateSecret', { SecretId });
    },
  },
} satisfies ResourceTypes;

function refuseOthers({ ReplicaRegions, Type }: Secret): void {
  if (ReplicaRegions) throw notModelled('ReplicaRegions of a secret');
  if (Type !== undefined) throw notModelled('Type of a secret');
}

/** What is given or generated; neither makes a secret without a value. */
async function valueOf(
  { SecretString, GenerateSecretString: generated }: Secret,
  site: Site,
): Promise<string | undefined> {
  if (!generated) return SecretString;
  if (SecretString !== undefined)
    throw new AwsError(
      'InvalidRequest',
      'You can specify either SecretString or GenerateSecretString, but not both.',
    );
  const { GenerateStringKey: key, SecretStringTemplate: template, ...options } = generated;
  const { RandomPassword } = await site.call<{ RandomPassword: string }>(
    'secretsmanager',
    'GetRandomPassword',
    options,
  );
  if (key === undefined && template === undefined) return RandomPassword;
  const map = template === undefined ? undefined : jsonMap(template);
  if (key === undefined || !map)
    throw new AwsError(
      'InvalidRequest',
      'Could not parse SecretStringTemplate JSON, or GenerateStringKey is missing.',
    );
  return JSON.stringify({ ...map, [key]: RandomPassword });
}

async function put({ SecretId, ResourcePolicy, BlockPublicPolicy }: ResourcePolicy, site: Site) {
  const { ARN } = await site.call<{ ARN: string }>('secretsmanager', 'PutResourcePolicy', {
    SecretId,
    ResourcePolicy: textOf(ResourcePolicy),
    BlockPublicPolicy,
  });
  return { id: ARN, attributes: { Id: ARN } };
}

async function rotate(properties: RotationSchedule, site: Site) {
  const { SecretId, RotationLambdaARN, RotationRules, RotateImmediatelyOnUpdate, ...others } = properties;
  const [other] = Object.keys(others);
  if (other !== undefined) throw notModelled(`${other} of a rotation schedule`);
  const { ARN } = await site.call<{ ARN: string }>('secretsmanager', 'RotateSecret', {
    SecretId,
    RotationLambdaARN,
    RotationRules,
    RotateImmediately: RotateImmediatelyOnUpdate,
    ClientRequestToken: site.world.random.uuid(),
  });
  return { id: ARN, attributes: { Id: ARN } };
}
