import {
  attach,
  deletePolicies,
  detach,
  holder,
  putPolicies,
  type Holder,
  type InlinePolicy,
} from '../policy-holders.ts';
import type { ResourceTypes, Site } from '../resource-types.ts';
import { same, type Dictionary } from '../values.ts';

/** Whose a policy is, by name. */
interface Held {
  Roles?: string[];
  Users?: string[];
  Groups?: string[];
}

interface Policy extends InlinePolicy, Held {}

interface ManagedPolicy extends Dictionary, Held {
  ManagedPolicyName?: string;
  PolicyDocument: Dictionary;
}

export default {
  'AWS::IAM::Policy': {
    async create(properties: Policy, site) {
      const Id = site.name(undefined, { longest: 64 });
      site.made({ id: Id });
      for (const one of holdersOf(properties)) await putPolicies(one, [properties], site);
      return { id: Id, attributes: { Id } };
    },

    async update(before, properties: Policy, site, previous: Policy) {
      for (const one of holdersOf(properties)) await putPolicies(one, [properties], site);
      const renamed = properties.PolicyName !== previous.PolicyName;
      const former = holdersOf(previous);
      for (const one of renamed ? former : without(former, holdersOf(properties)))
        await deletePolicies(one, [previous], site);
      return before;
    },

    async delete(_resource, site, properties: Policy) {
      for (const one of holdersOf(properties)) await deletePolicies(one, [properties], site);
    },
  },

  'AWS::IAM::ManagedPolicy': {
    name: 'ManagedPolicyName',

    async create(
      { ManagedPolicyName, PolicyDocument, Roles, Users, Groups, ...properties }: ManagedPolicy,
      site,
    ) {
      const { Policy } = await site.call<{ Policy: { Arn: string } }>('iam', 'CreatePolicy', {
        ...properties,
        PolicyName: site.name(ManagedPolicyName, { longest: 128 }),
        PolicyDocument: JSON.stringify(PolicyDocument),
      });
      site.made({ id: Policy.Arn });
      for (const one of holdersOf({ Roles, Users, Groups })) await attach(one, [Policy.Arn], site);
      return { id: Policy.Arn, attributes: { PolicyArn: Policy.Arn } };
    },

    async update(before, properties: ManagedPolicy, site, previous: ManagedPolicy) {
      const [holders, had] = [holdersOf(properties), holdersOf(previous)];
      if (!same(properties.PolicyDocument, previous.PolicyDocument))
        await newVersion(before.id, properties.PolicyDocument, site);
      for (const one of without(holders, had)) await attach(one, [before.id], site);
      for (const one of without(had, holders)) await detach(one, [before.id], site);
      return before;
    },

    async delete({ id: PolicyArn }, site, properties: ManagedPolicy) {
      for (const one of holdersOf(properties)) await detach(one, [PolicyArn], site);
      for (const VersionId of await formerVersions(PolicyArn, site))
        await site.call('iam', 'DeletePolicyVersion', { PolicyArn, VersionId });
      await site.call('iam', 'DeletePolicy', { PolicyArn });
    },
  },
} satisfies ResourceTypes;

const holdersOf = ({ Roles = [], Users = [], Groups = [] }: Held): Holder[] => [
  ...Roles.map((name) => holder('Role', name)),
  ...Users.map((name) => holder('User', name)),
  ...Groups.map((name) => holder('Group', name)),
];

const without = (all: Holder[], others: Holder[]): Holder[] =>
  all.filter((one) => !others.some(({ kind, name }) => kind === one.kind && name === one.name));

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
