/** Managed policies: the customer's, and AWS's own. */
import type * as IAM from '@aws-sdk/client-iam';
import { AwsError } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import { AWS_MANAGED } from './aws-managed.ts';
import { checkPolicy, checkSize } from './documents.ts';
import {
  checkName,
  conflict,
  exists,
  tagList,
  tagMap,
  type Directory,
  type ManagedPolicy,
} from './entities.ts';
import { page } from './pages.ts';
import { haveBoundary, havePolicy } from './policy-use.ts';

/** Puts AWS's own policies where they can be attached. */
export function shipAwsManaged({ policies }: Directory) {
  for (const [pathAndName, document] of Object.entries(AWS_MANAGED)) {
    const slash = pathAndName.lastIndexOf('/') + 1;
    const arn = `arn:aws:iam::aws:policy/${pathAndName}`;
    policies.set(arn, {
      name: pathAndName.slice(slash),
      path: `/${pathAndName.slice(0, slash)}`,
      arn,
      id: 'ANPAAWSMANAGEDPOLICY0',
      description: undefined,
      created: 0,
      updated: 0,
      tags: new Map(),
      versions: new Map([['v1', { document: JSON.stringify(document), created: 0 }]]),
      defaultVersion: 'v1',
    });
  }
}

export function managedPolicyOperations(directory: Directory) {
  const { policies } = directory;
  const attachedTo = (arn: string) => havePolicy(directory, arn);
  const bounds = (arn: string) => haveBoundary(directory, arn);
  const described = (policy: ManagedPolicy) =>
    summary(policy, attachedTo(policy.arn).length, bounds(policy.arn).length);

  return {
    CreatePolicy(input: IAM.CreatePolicyCommandInput) {
      const { PolicyName = '', PolicyDocument = '' } = input;
      checkName('policyName', PolicyName);
      checkManaged(PolicyDocument);
      if ([...policies.values()].some(({ name, arn }) => name === PolicyName && !isAwsManaged(arn)))
        throw exists(`A policy called ${PolicyName} already exists. Duplicate names are not allowed.`);
      const policy = newPolicy(directory, input);
      policies.set(policy.arn, policy);
      return { Policy: described(policy) } satisfies Answer<IAM.CreatePolicyCommandOutput>;
    },

    GetPolicy({ PolicyArn }: IAM.GetPolicyCommandInput) {
      const policy = directory.policy(PolicyArn);
      return {
        Policy: { ...described(policy), Description: policy.description, Tags: tagList(policy.tags) },
      } satisfies Answer<IAM.GetPolicyCommandOutput>;
    },

    ListPolicies({
      Scope = 'All',
      OnlyAttached = false,
      PathPrefix = '/',
      ...paging
    }: IAM.ListPoliciesCommandInput) {
      const wanted = [...policies.values()].filter(
        ({ arn, path }) =>
          path.startsWith(PathPrefix) &&
          (Scope === 'All' || isAwsManaged(arn) === (Scope === 'AWS')) &&
          (!OnlyAttached || attachedTo(arn).length > 0),
      );
      const { items, ...rest } = page(wanted, paging);
      return { Policies: items.map(described), ...rest } satisfies Answer<IAM.ListPoliciesCommandOutput>;
    },

    DeletePolicy({ PolicyArn }: IAM.DeletePolicyCommandInput) {
      const policy = own(directory.policy(PolicyArn));
      if (attachedTo(policy.arn).length + bounds(policy.arn).length > 0)
        throw conflict('Cannot delete a policy attached to entities.');
      if (policy.versions.size > 1)
        throw conflict(
          "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
        );
      policies.delete(policy.arn);
      return {};
    },
  };
}

/** Throws MalformedPolicyDocument, and LimitExceeded for a document that is too long. */
export function checkManaged(document: string): void {
  checkPolicy(document);
  checkSize([document], LONGEST, `Cannot exceed quota for PolicySize: ${LONGEST}`);
}

const LONGEST = 6144;

const summary = (policy: ManagedPolicy, attachments: number, boundaries: number): IAM.Policy => ({
  PolicyName: policy.name,
  PolicyId: policy.id,
  Arn: policy.arn,
  Path: policy.path,
  DefaultVersionId: policy.defaultVersion,
  AttachmentCount: attachments,
  PermissionsBoundaryUsageCount: boundaries,
  IsAttachable: true,
  CreateDate: new Date(policy.created),
  UpdateDate: new Date(policy.updated),
});

function newPolicy(directory: Directory, input: IAM.CreatePolicyCommandInput): ManagedPolicy {
  const { PolicyName = '', PolicyDocument = '', Path = '/', Description, Tags } = input;
  const created = directory.world.clock.now();
  return {
    name: PolicyName,
    path: Path,
    arn: directory.arn('policy', Path, PolicyName),
    id: directory.uniqueId('ANPA'),
    description: Description,
    created,
    updated: created,
    tags: tagMap(Tags),
    versions: new Map([['v1', { document: PolicyDocument, created }]]),
    defaultVersion: 'v1',
  };
}

const isAwsManaged = (arn: string): boolean => arn.startsWith('arn:aws:iam::aws:');

/** AWS's own cannot be changed. */
export function own(policy: ManagedPolicy): ManagedPolicy {
  if (isAwsManaged(policy.arn))
    throw new AwsError('AccessDenied', `Policy ${policy.arn} is managed by AWS and cannot be changed.`, {
      status: 403,
    });
  return policy;
}
