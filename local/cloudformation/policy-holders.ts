/** Roles, users and groups as those that hold policies: IAM's operations on them differ in the name only. */
import { ifThere } from './gone.ts';
import type { Site } from './resource-types.ts';
import type { Dictionary } from './values.ts';

export interface Holder {
  kind: 'Role' | 'User' | 'Group';
  name: string;
}

export interface InlinePolicy {
  PolicyName: string;
  PolicyDocument: Dictionary;
}

/** What templates say of a holder. */
export interface Grants {
  /** ARNs. */
  ManagedPolicyArns?: string[];
  Policies?: InlinePolicy[];
}

export const holder = (kind: Holder['kind'], name: string): Holder => ({ kind, name });

export async function grant(to: Holder, { ManagedPolicyArns, Policies }: Grants, site: Site): Promise<void> {
  await attach(to, ManagedPolicyArns ?? [], site);
  await putPolicies(to, Policies ?? [], site);
}

export async function changeGrants(
  of: Holder,
  properties: Grants,
  previous: Grants,
  site: Site,
): Promise<void> {
  const [arns, before] = [properties.ManagedPolicyArns ?? [], previous.ManagedPolicyArns ?? []];
  const names = new Set(properties.Policies?.map(({ PolicyName }) => PolicyName));
  await attach(
    of,
    arns.filter((arn) => !before.includes(arn)),
    site,
  );
  await putPolicies(of, properties.Policies ?? [], site);
  const ManagedPolicyArns = before.filter((arn) => !arns.includes(arn));
  const Policies = (previous.Policies ?? []).filter(({ PolicyName }) => !names.has(PolicyName));
  await revoke(of, { ManagedPolicyArns, Policies }, site);
}

export async function revoke(
  from: Holder,
  { ManagedPolicyArns, Policies }: Grants,
  site: Site,
): Promise<void> {
  await detach(from, ManagedPolicyArns ?? [], site);
  await deletePolicies(from, Policies ?? [], site);
}

export async function attach(to: Holder, arns: string[], site: Site): Promise<void> {
  for (const PolicyArn of arns) await site.call('iam', `Attach${to.kind}Policy`, { ...named(to), PolicyArn });
}

export async function detach(from: Holder, arns: string[], site: Site): Promise<void> {
  for (const PolicyArn of arns)
    await ifThere(site.call('iam', `Detach${from.kind}Policy`, { ...named(from), PolicyArn }));
}

export async function putPolicies(to: Holder, policies: InlinePolicy[], site: Site): Promise<void> {
  for (const { PolicyName, PolicyDocument } of policies)
    await site.call('iam', `Put${to.kind}Policy`, {
      ...named(to),
      PolicyName,
      PolicyDocument: JSON.stringify(PolicyDocument),
    });
}

export async function deletePolicies(from: Holder, policies: InlinePolicy[], site: Site): Promise<void> {
  for (const { PolicyName } of policies)
    await ifThere(site.call('iam', `Delete${from.kind}Policy`, { ...named(from), PolicyName }));
}

/** Of a role or a user. */
export async function changeBoundary(
  of: Holder,
  { PermissionsBoundary }: { PermissionsBoundary?: string },
  previous: { PermissionsBoundary?: string },
  site: Site,
): Promise<void> {
  if (PermissionsBoundary === previous.PermissionsBoundary) return;
  if (PermissionsBoundary === undefined)
    await site.call('iam', `Delete${of.kind}PermissionsBoundary`, named(of));
  else await site.call('iam', `Put${of.kind}PermissionsBoundary`, { ...named(of), PermissionsBoundary });
}

const named = ({ kind, name }: Holder) => ({ [`${kind}Name`]: name });
