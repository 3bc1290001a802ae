/** The versions of a managed policy, of which one is the default and holds. */
import type * as IAM from '@aws-sdk/client-iam';
import { AwsError } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import { encoded } from './documents.ts';
import { conflict, missing, type Directory, type ManagedPolicy } from './entities.ts';
import { checkManaged, own } from './managed.ts';
import { page } from './pages.ts';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MOST_VERSIONS = 5;

export function policyVersionOperations(directory: Directory) {
  return {
    CreatePolicyVersion({
      PolicyArn,
      PolicyDocument = '',
      SetAsDefault = false,
    }: IAM.CreatePolicyVersionCommandInput) {
      const policy = own(directory.policy(PolicyArn));
      checkManaged(PolicyDocument);
      if (policy.versions.size >= MOST_VERSIONS)
        throw new AwsError(
          'LimitExceededException',
          `A managed policy can have up to ${MOST_VERSIONS} versions. Before you create a new version, you must delete an existing version.`,
        );
      const last = Math.max(...[...policy.versions.keys()].map((id) => Number(id.slice(1))));
      const id = `v${last + 1}`;
      policy.updated = directory.world.clock.now();
      policy.versions.set(id, { document: PolicyDocument, created: policy.updated });
      if (SetAsDefault) policy.defaultVersion = id;
      return { PolicyVersion: described(policy, id) } satisfies Answer<IAM.CreatePolicyVersionCommandOutput>;
    },

    GetPolicyVersion({ PolicyArn, VersionId = '' }: IAM.GetPolicyVersionCommandInput) {
      const policy = directory.policy(PolicyArn);
      const { document } = versionOf(policy, VersionId);
      return {
        PolicyVersion: { ...described(policy, VersionId), Document: encoded(document) },
      } satisfies Answer<IAM.GetPolicyVersionCommandOutput>;
    },

    ListPolicyVersions({ PolicyArn, ...paging }: IAM.ListPolicyVersionsCommandInput) {
      const policy = directory.policy(PolicyArn);
      const { items, ...rest } = page([...policy.versions.keys()], paging);
      return {
        Versions: items.map((id) => described(policy, id)),
        ...rest,
      } satisfies Answer<IAM.ListPolicyVersionsCommandOutput>;
    },

    SetDefaultPolicyVersion({ PolicyArn, VersionId = '' }: IAM.SetDefaultPolicyVersionCommandInput) {
      const policy = own(directory.policy(PolicyArn));
      versionOf(policy, VersionId);
      policy.defaultVersion = VersionId;
      return {};
    },

    DeletePolicyVersion({ PolicyArn, VersionId = '' }: IAM.DeletePolicyVersionCommandInput) {
      const policy = own(directory.policy(PolicyArn));
      versionOf(policy, VersionId);
      if (VersionId === policy.defaultVersion)
        throw conflict('Cannot delete the default version of a policy.');
      policy.versions.delete(VersionId);
      return {};
    },
  };
}

const versionOf = (policy: ManagedPolicy, id = '') =>
  policy.versions.get(id) ??
  missing(`Policy ${policy.arn} version ${id} does not exist or is not attachable.`);
const described = (policy: ManagedPolicy, id: string) => ({
  VersionId: id,
  IsDefaultVersion: id === policy.defaultVersion,
  CreateDate: new Date(versionOf(policy, id).created),
});
