import type { Tag } from '@aws-sdk/client-cloudformation';
import { notModelled } from '../../errors.ts';
import { ifThere } from '../gone.ts';
import { retag } from '../tags.ts';
import type { ResourceTypes, Site } from '../resource-types.ts';
import { same, type Dictionary } from '../values.ts';

interface Role extends Dictionary {
  RoleName?: string;
  AssumeRolePolicyDocument: Dictionary;
  ManagedPolicyArns?: string[];
  Policies?: InlinePolicy[];
  PermissionsBoundary?: string;
  Tags?: Tag[];
}

interface InlinePolicy {
  PolicyName: string;
  PolicyDocument: Dictionary;
}

interface Policy extends InlinePolicy {
  Roles?: string[];
  Users?: string[];
  Groups?: string[];
}

interface ManagedPolicy extends Dictionary {
  ManagedPolicyName?: string;
  PolicyDocument: Dictionary;
  Roles?: string[];
  Users?: string[];
  Groups?: string[];
}

export default {
  'AWS::IAM::Role': {
    name: 'RoleName',

    async create(
      { AssumeRolePolicyDocument, ManagedPolicyArns = [], Policies = [], Tags, ...properties }: Role,
      site,
    ) {
      const RoleName = site.name(properties.RoleName, { longest: 64 });
      const { Role } = await site.call<{ Role: { Arn: string; RoleId: string } }>('iam', 'CreateRole', {
        ...properties,
        RoleName,
        AssumeRolePolicyDocument: JSON.stringify(AssumeRolePolicyDocument),
        Tags: site.tags(Tags),
      });
      site.made({ id: RoleName });
      await attach(RoleName, ManagedPolicyArns, site);
      await putPolicies(RoleName, Policies, site);
      return { id: RoleName, attributes: { Arn: Role.Arn, RoleId: Role.RoleId } };
    },

    async update({ id: RoleName, attributes }, properties: Role, site, previous: Role) {
      await changeRole(RoleName, properties, previous, site);
      const [arns, before] = [properties.ManagedPolicyArns ?? [], previous.ManagedPolicyArns ?? []];
      await attach(
        RoleName,
        arns.filter((arn) => !before.includes(arn)),
        site,
      );
      await detach(
        RoleName,
        before.filter((arn) => !arns.includes(arn)),
        site,
      );
      const names = new Set(properties.Policies?.map(({ PolicyName }) => PolicyName));
      await putPolicies(RoleName, properties.Policies ?? [], site);
      await deletePolicies(
        RoleName,
        (previous.Policies ?? []).filter(({ PolicyName }) => !names.has(PolicyName)),
        site,
      );
      return { id: RoleName, attributes };
    },

    async delete({ id: RoleName }, site, { ManagedPolicyArns = [], Policies = [] }: Role) {
      await detach(RoleName, ManagedPolicyArns, site);
      await deletePolicies(RoleName, Policies, site);
      await site.call('iam', 'DeleteRole', { RoleName });
    },
  },

  'AWS::IAM::Policy': {
    async create(properties: Policy, site) {
      const Id = site.name(undefined, { longest: 64 });
      site.made({ id: Id });
      for (const role of rolesOf(properties)) await putPolicies(role, [properties], site);
      return { id: Id, attributes: { Id } };
    },

    async update(before, properties: Policy, site, previous: Policy) {
      const roles = rolesOf(properties);
      for (const role of roles) await putPolicies(role, [properties], site);
      const renamed = properties.PolicyName !== previous.PolicyName;
      for (const role of rolesOf(previous))
        if (renamed || !roles.includes(role)) await deletePolicies(role, [previous], site);
      return before;
    },

    async delete(_resource, site, properties: Policy) {
      for (const role of rolesOf(properties)) await deletePolicies(role, [properties], site);
    },
  },

  'AWS::IAM::ManagedPolicy': {
    name: 'ManagedPolicyName',

    async create(
      { ManagedPolicyName, PolicyDocument, Roles, Users, Groups, ...properties }: ManagedPolicy,
      site,
    ) {
      const roles = rolesOf({ Roles, Users, Groups });
      const { Policy } = await site.call<{ Policy: { Arn: string } }>('iam', 'CreatePolicy', {
        ...properties,
        PolicyName: site.name(ManagedPolicyName, { longest: 128 }),
        PolicyDocument: JSON.stringify(PolicyDocument),
      });
      site.made({ id: Policy.Arn });
      for (const role of roles) await attach(role, [Policy.Arn], site);
      return { id: Policy.Arn, attributes: { PolicyArn: Policy.Arn } };
    },

    async update(before, properties: ManagedPolicy, site, previous: ManagedPolicy) {
      const [roles, had] = [rolesOf(properties), rolesOf(previous)];
      if (!same(properties.PolicyDocument, previous.PolicyDocument))
        await newVersion(before.id, properties.PolicyDocument, site);
      for (const role of roles.filter((each) => !had.includes(each))) await attach(role, [before.id], site);
      for (const role of had.filter((each) => !roles.includes(each))) await detach(role, [before.id], site);
      return before;
    },

    async delete({ id: PolicyArn }, site, { Roles = [] }: ManagedPolicy) {
      for (const role of Roles) await detach(role, [PolicyArn], site);
      for (const VersionId of await formerVersions(PolicyArn, site))
        await site.call('iam', 'DeletePolicyVersion', { PolicyArn, VersionId });
      await site.call('iam', 'DeletePolicy', { PolicyArn });
    },
  },
} satisfies ResourceTypes;

async function changeRole(RoleName: string, properties: Role, previous: Role, site: Site): Promise<void> {
  const { AssumeRolePolicyDocument, Description, MaxSessionDuration, PermissionsBoundary, Tags } = properties;
  if (!same(AssumeRolePolicyDocument, previous.AssumeRolePolicyDocument))
    await site.call('iam', 'UpdateAssumeRolePolicy', {
      RoleName,
      PolicyDocument: JSON.stringify(AssumeRolePolicyDocument),
    });
  if (Description !== previous['Description'] || MaxSessionDuration !== previous['MaxSessionDuration'])
    await site.call('iam', 'UpdateRole', { RoleName, Description, MaxSessionDuration });
  if (PermissionsBoundary !== previous.PermissionsBoundary)
    await (PermissionsBoundary === undefined
      ? site.call('iam', 'DeleteRolePermissionsBoundary', { RoleName })
      : site.call('iam', 'PutRolePermissionsBoundary', { RoleName, PermissionsBoundary }));
  await retag(Tags, previous.Tags, site, {
    untag: (keys) => site.call('iam', 'UntagRole', { RoleName, TagKeys: keys }),
    tag: (tags) => site.call('iam', 'TagRole', { RoleName, Tags: tags }),
  });
}

/** A managed policy keeps its five latest versions. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
async function newVersion(PolicyArn: string, document: Dictionary, site: Site): Promise<void> {
  const [oldest, ...others] = await formerVersions(PolicyArn, site);
  if (oldest !== undefined && others.length === 3)
    await site.call('iam', 'DeletePolicyVersion', { PolicyArn, VersionId: oldest });
  const PolicyDocument = JSON.stringify(document);
  await site.call('iam', 'CreatePolicyVersion', { PolicyArn, PolicyDocument, SetAsDefault: true });
}

/** All but the one that holds, oldest first. */
async function formerVersions(PolicyArn: string, site: Site): Promise<string[]> {
  const { Versions } = await site.call<{ Versions: { VersionId: string; IsDefaultVersion: boolean }[] }>(
    'iam',
    'ListPolicyVersions',
    { PolicyArn },
  );
  return Versions.filter((version) => !version.IsDefaultVersion).map(({ VersionId }) => VersionId);
}

async function attach(RoleName: string, arns: string[], site: Site): Promise<void> {
  for (const PolicyArn of arns) await site.call('iam', 'AttachRolePolicy', { RoleName, PolicyArn });
}

async function detach(RoleName: string, arns: string[], site: Site): Promise<void> {
  for (const PolicyArn of arns) await ifThere(site.call('iam', 'DetachRolePolicy', { RoleName, PolicyArn }));
}

async function putPolicies(RoleName: string, policies: InlinePolicy[], site: Site): Promise<void> {
  for (const { PolicyName, PolicyDocument } of policies)
    await site.call('iam', 'PutRolePolicy', {
      RoleName,
      PolicyName,
      PolicyDocument: JSON.stringify(PolicyDocument),
    });
}

async function deletePolicies(RoleName: string, policies: InlinePolicy[], site: Site): Promise<void> {
  for (const { PolicyName } of policies)
    await ifThere(site.call('iam', 'DeleteRolePolicy', { RoleName, PolicyName }));
}

function rolesOf({ Roles = [], Users, Groups }: Pick<Policy, 'Roles' | 'Users' | 'Groups'>): string[] {
  if (Users?.length || Groups?.length) throw notModelled('policies of users and groups');
  return Roles;
}
