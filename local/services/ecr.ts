/** Amazon ECR without images: the repository that CDK's bootstrap stack makes, and its policies. */
import type * as ECR from '@aws-sdk/client-ecr';
import { AwsError } from '../errors.ts';
import type { Answer, Call, Service, ServiceModule } from '../service.ts';
import type { World } from '../world.ts';

declare module '../world.ts' {
  interface Services {
    ecr: ReturnType<typeof registry>;
  }
}

export default {
  sdk: [() => import('@aws-sdk/client-ecr')],
  start: registry,
} satisfies ServiceModule;

interface Repository {
  described: ECR.Repository;
  policy?: string;
  lifecycle?: string;
  tags: ECR.Tag[];
}

interface Named {
  repositoryName?: string;
}

function registry({ account, region, durable }: World) {
  const repositories = new Map<string, Repository>();
  durable?.map('ecr/repositories', repositories);
  const arn = (name: string) => `arn:aws:ecr:${region}:${account}:repository/${name}`;
  const repository = ({ repositoryName = '' }: Named): Repository => {
    const found = repositories.get(repositoryName);
    if (!found)
      throw new AwsError(
        'RepositoryNotFoundException',
        `The repository with name '${repositoryName}' does not exist in the registry with id '${account}'`,
      );
    return found;
  };

  return {
    operations: {
      ...managing(repositories, repository, arn),
      ...images(repository),
      ...repositoryPolicies(repository, account),
      ...lifecyclePolicies(repository, account),
      ...tagging(repositories),
    },
    resources: (_operation: string, { repositoryName }: Named) => [
      repositoryName ? arn(repositoryName) : '*',
    ],
    resourcePolicy: (of: string) =>
      [...repositories.values()].find(({ described }) => described.repositoryArn === of)?.policy,
  } satisfies Service;
}

const managing = (
  repositories: Map<string, Repository>,
  repository: (named: Named) => Repository,
  arn: (name: string) => string,
) => ({
  CreateRepository(input: ECR.CreateRepositoryCommandInput, { account, region, now }: Call) {
    const { repositoryName = '', imageTagMutability = 'MUTABLE', tags = [] } = input;
    if (repositories.has(repositoryName))
      throw new AwsError(
        'RepositoryAlreadyExistsException',
        `The repository with name '${repositoryName}' already exists in the registry with id '${account}'`,
      );
    const described: ECR.Repository = {
      repositoryArn: arn(repositoryName),
      registryId: account,
      repositoryName,
      repositoryUri: `${account}.dkr.ecr.${region}.amazonaws.com/${repositoryName}`,
      createdAt: new Date(now()),
      imageTagMutability,
      imageScanningConfiguration: { scanOnPush: false, ...input.imageScanningConfiguration },
      encryptionConfiguration: input.encryptionConfiguration ?? { encryptionType: 'AES256' },
    };
    repositories.set(repositoryName, { described, tags });
    return { repository: described } satisfies Answer<ECR.CreateRepositoryCommandOutput>;
  },

  DescribeRepositories({ repositoryNames }: ECR.DescribeRepositoriesCommandInput) {
    const found = repositoryNames?.map((repositoryName) => repository({ repositoryName })) ?? [
      ...repositories.values(),
    ];
    return {
      repositories: found.map(({ described }) => described),
    } satisfies Answer<ECR.DescribeRepositoriesCommandOutput>;
  },

  DeleteRepository(input: ECR.DeleteRepositoryCommandInput) {
    const { described } = repository(input);
    repositories.delete(described.repositoryName!);
    return { repository: described } satisfies Answer<ECR.DeleteRepositoryCommandOutput>;
  },
});

const images = (repository: (named: Named) => Repository) => ({
  PutImageTagMutability(input: ECR.PutImageTagMutabilityCommandInput) {
    const { described } = repository(input);
    described.imageTagMutability = input.imageTagMutability;
    return {
      imageTagMutability: input.imageTagMutability,
    } satisfies Answer<ECR.PutImageTagMutabilityCommandOutput>;
  },

  PutImageScanningConfiguration(input: ECR.PutImageScanningConfigurationCommandInput) {
    const { described } = repository(input);
    described.imageScanningConfiguration = input.imageScanningConfiguration;
    return {
      imageScanningConfiguration: input.imageScanningConfiguration,
    } satisfies Answer<ECR.PutImageScanningConfigurationCommandOutput>;
  },

  /** There are none: pushing is not modelled. */
  DescribeImages(input: ECR.DescribeImagesCommandInput) {
    repository(input);
    if (input.imageIds?.length)
      throw new AwsError(
        'ImageNotFoundException',
        `The image with imageId ${JSON.stringify(input.imageIds[0])} does not exist within the repository with name '${input.repositoryName}' in the registry with id '${input.registryId}'`,
      );
    return { imageDetails: [] } satisfies Answer<ECR.DescribeImagesCommandOutput>;
  },
});

const missing = (code: string, what: string, repositoryName: string | undefined, registryId: string) =>
  new AwsError(
    code,
    `${what} does not exist for the repository with name '${repositoryName}' in the registry with id '${registryId}'`,
  );

const repositoryPolicies = (repository: (named: Named) => Repository, registryId: string) => ({
  SetRepositoryPolicy(input: ECR.SetRepositoryPolicyCommandInput) {
    const { repositoryName = '', policyText = '' } = input;
    repository(input).policy = policyText;
    return {
      registryId,
      repositoryName,
      policyText,
    } satisfies Answer<ECR.SetRepositoryPolicyCommandOutput>;
  },

  GetRepositoryPolicy(input: ECR.GetRepositoryPolicyCommandInput) {
    const { policy: policyText } = repository(input);
    if (policyText === undefined)
      throw missing(
        'RepositoryPolicyNotFoundException',
        'Repository policy',
        input.repositoryName,
        registryId,
      );
    return {
      registryId,
      repositoryName: input.repositoryName,
      policyText,
    } satisfies Answer<ECR.GetRepositoryPolicyCommandOutput>;
  },

  DeleteRepositoryPolicy(input: ECR.DeleteRepositoryPolicyCommandInput) {
    delete repository(input).policy;
    return {
      registryId,
      repositoryName: input.repositoryName,
    } satisfies Answer<ECR.DeleteRepositoryPolicyCommandOutput>;
  },
});

const lifecyclePolicies = (repository: (named: Named) => Repository, registryId: string) => ({
  PutLifecyclePolicy(input: ECR.PutLifecyclePolicyCommandInput) {
    const { repositoryName = '', lifecyclePolicyText = '' } = input;
    repository(input).lifecycle = lifecyclePolicyText;
    return {
      registryId,
      repositoryName,
      lifecyclePolicyText,
    } satisfies Answer<ECR.PutLifecyclePolicyCommandOutput>;
  },

  GetLifecyclePolicy(input: ECR.GetLifecyclePolicyCommandInput) {
    const { lifecycle: lifecyclePolicyText } = repository(input);
    if (lifecyclePolicyText === undefined)
      throw missing('LifecyclePolicyNotFoundException', 'Lifecycle policy', input.repositoryName, registryId);
    return {
      registryId,
      repositoryName: input.repositoryName,
      lifecyclePolicyText,
    } satisfies Answer<ECR.GetLifecyclePolicyCommandOutput>;
  },

  DeleteLifecyclePolicy(input: ECR.DeleteLifecyclePolicyCommandInput) {
    delete repository(input).lifecycle;
    return {
      registryId,
      repositoryName: input.repositoryName,
    } satisfies Answer<ECR.DeleteLifecyclePolicyCommandOutput>;
  },
});

const tagging = (repositories: Map<string, Repository>) => {
  const at = (arn = ''): Repository => {
    const found = [...repositories.values()].find(({ described }) => described.repositoryArn === arn);
    if (!found)
      throw new AwsError('RepositoryNotFoundException', `The repository with arn '${arn}' does not exist`);
    return found;
  };
  return {
    TagResource({ resourceArn, tags = [] }: ECR.TagResourceCommandInput) {
      const repository = at(resourceArn);
      repository.tags = [
        ...repository.tags.filter(({ Key }) => !tags.some((tag) => tag.Key === Key)),
        ...tags,
      ];
      return {} satisfies Answer<ECR.TagResourceCommandOutput>;
    },

    UntagResource({ resourceArn, tagKeys = [] }: ECR.UntagResourceCommandInput) {
      const repository = at(resourceArn);
      repository.tags = repository.tags.filter(({ Key = '' }) => !tagKeys.includes(Key));
      return {} satisfies Answer<ECR.UntagResourceCommandOutput>;
    },

    ListTagsForResource({ resourceArn }: ECR.ListTagsForResourceCommandInput) {
      return { tags: at(resourceArn).tags } satisfies Answer<ECR.ListTagsForResourceCommandOutput>;
    },
  };
};
