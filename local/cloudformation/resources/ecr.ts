import type { Tag } from '@aws-sdk/client-cloudformation';
import { notModelled } from '../../errors.ts';
import type { ResourceTypes, Site } from '../resource-types.ts';
import type { Dictionary } from '../values.ts';

interface Repository extends Dictionary {
  RepositoryName?: string;
  ImageTagMutability?: string;
  ImageScanningConfiguration?: { ScanOnPush?: boolean };
  LifecyclePolicy?: { LifecyclePolicyText?: string };
  RepositoryPolicyText?: Dictionary | string;
  EncryptionConfiguration?: { EncryptionType: string; KmsKey?: string };
  EmptyOnDelete?: boolean;
  Tags?: Tag[];
}

export default {
  'AWS::ECR::Repository': {
    name: 'RepositoryName',

    async create(properties: Repository, site) {
      const {
        ImageTagMutability,
        ImageScanningConfiguration: scanning,
        EncryptionConfiguration: encryption,
      } = properties;
      if (properties['ImageTagMutabilityExclusionFilters'])
        throw notModelled('tag mutability exclusion filters');
      const repositoryName = site.name(properties.RepositoryName, { longest: 256, lowerCase: true });
      const { repository } = await site.call<{
        repository: { repositoryArn: string; repositoryUri: string };
      }>('ecr', 'CreateRepository', {
        repositoryName,
        imageTagMutability: ImageTagMutability,
        imageScanningConfiguration: { scanOnPush: scanning?.ScanOnPush ?? false },
        ...(encryption
          ? {
              encryptionConfiguration: {
                encryptionType: encryption.EncryptionType,
                kmsKey: encryption.KmsKey,
              },
            }
          : {}),
        tags: site.tags(properties.Tags),
      });
      site.made({ id: repositoryName });
      await setPolicies(repositoryName, properties, site);
      return {
        id: repositoryName,
        attributes: { Arn: repository.repositoryArn, RepositoryUri: repository.repositoryUri },
      };
    },

    async update(before, properties: Repository, site) {
      const repositoryName = before.id;
      const { ImageTagMutability: imageTagMutability = 'MUTABLE', ImageScanningConfiguration: scanning } =
        properties;
      await site.call('ecr', 'PutImageTagMutability', { repositoryName, imageTagMutability });
      await site.call('ecr', 'PutImageScanningConfiguration', {
        repositoryName,
        imageScanningConfiguration: { scanOnPush: scanning?.ScanOnPush ?? false },
      });
      await setPolicies(repositoryName, properties, site);
      return before;
    },

    async delete({ id: repositoryName }, site, { EmptyOnDelete: force = false }: Repository) {
      await site.call('ecr', 'DeleteRepository', { repositoryName, force });
    },
  },
} satisfies ResourceTypes;

async function setPolicies(
  repositoryName: string,
  { RepositoryPolicyText: policy, LifecyclePolicy }: Repository,
  site: Site,
): Promise<void> {
  const policyText = typeof policy === 'object' ? JSON.stringify(policy) : policy;
  await (policyText === undefined
    ? site.call('ecr', 'DeleteRepositoryPolicy', { repositoryName })
    : site.call('ecr', 'SetRepositoryPolicy', { repositoryName, policyText }));
  const lifecyclePolicyText = LifecyclePolicy?.LifecyclePolicyText;
  await (lifecyclePolicyText === undefined
    ? site.call('ecr', 'DeleteLifecyclePolicy', { repositoryName })
    : site.call('ecr', 'PutLifecyclePolicy', { repositoryName, lifecyclePolicyText }));
}
