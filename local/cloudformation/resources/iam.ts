import type { Tag } from '@aws-sdk/client-cloudformation';
import { changeBoundary, changeGrants, grant, holder, revoke, type Grants } from '../policy-holders.ts';
import type { ResourceTypes, Site } from '../resource-types.ts';
import { retag } from '../tags.ts';
import { same, type Dictionary } from '../values.ts';

interface Role extends Dictionary, Grants {
  RoleName?: string;
  AssumeRolePolicyDocument: Dictionary;
  PermissionsBoundary?: string;
  Tags?: Tag[];
}

export default {
  'AWS::IAM::Role': {
    name: 'RoleName',

    async create({ AssumeRolePolicyDocument, ManagedPolicyArns, Policies, Tags, ...properties }: Role, site) {
      const RoleName = site.name(properties.RoleName, { longest: 64 });
      const { Role } = await site.call<{ Role: { Arn: string; RoleId: string } }>('iam', 'CreateRole', {
        ...properties,
        RoleName,
        AssumeRolePolicyDocument: JSON.stringify(AssumeRolePolicyDocument),
        Tags: site.tags(Tags),
      });
      site.made({ id: RoleName });
      await grant(holder('Role', RoleName), { ManagedPolicyArns, Policies }, site);
      return { id: RoleName, attributes: { Arn: Role.Arn, RoleId: Role.RoleId } };
    },

    async update({ id: RoleName, attributes }, properties: Role, site, previous: Role) {
      await changeRole(RoleName, properties, previous, site);
      await changeGrants(holder('Role', RoleName), properties, previous, site);
      return { id: RoleName, attributes };
    },

    async delete({ id: RoleName }, site, properties: Role) {
      await revoke(holder('Role', RoleName), properties, site);
      await site.call('iam', 'DeleteRole', { RoleName });
    },
  },
} satisfies ResourceTypes;

async function changeRole(RoleName: string, properties: Role, previous: Role, site: Site): Promise<void> {
  const { AssumeRolePolicyDocument, Description, MaxSessionDuration, Tags } = properties;
  if (!same(AssumeRolePolicyDocument, previous.AssumeRolePolicyDocument))
    await site.call('iam', 'UpdateAssumeRolePolicy', {
      RoleName,
      PolicyDocument: JSON.stringify(AssumeRolePolicyDocument),
    });
  if (Description !== previous['Description'] || MaxSessionDuration !== previous['MaxSessionDuration'])
    await site.call('iam', 'UpdateRole', { RoleName, Description, MaxSessionDuration });
  await changeBoundary(holder('Role', RoleName), properties, previous, site);
  await retag(Tags, previous.Tags, site, {
    untag: (keys) => site.call('iam', 'UntagRole', { RoleName, TagKeys: keys }),
    tag: (tags) => site.call('iam', 'TagRole', { RoleName, Tags: tags }),
  });
}
