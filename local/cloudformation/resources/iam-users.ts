import type { Tag } from '@aws-sdk/client-cloudformation';
import { notModelled } from '../../errors.ts';
import { ifThere } from '../gone.ts';
import { changeBoundary, changeGrants, grant, holder, revoke, type Grants } from '../policy-holders.ts';
import type { ResourceTypes, Site } from '../resource-types.ts';
import { retag } from '../tags.ts';
import type { Dictionary } from '../values.ts';

interface User extends Dictionary, Grants {
  UserName?: string;
  Path?: string;
  /** Names. */
  Groups?: string[];
  PermissionsBoundary?: string;
  Tags?: Tag[];
}

interface Group extends Dictionary, Grants {
  GroupName?: string;
  Path?: string;
}

interface AccessKey extends Dictionary {
  UserName: string;
  Status?: string;
}

interface Membership {
  GroupName: string;
  Users: string[];
}

export default {
  'AWS::IAM::User': {
    name: 'UserName',

    async create({ Groups = [], ManagedPolicyArns, Policies, Tags, ...properties }: User, site) {
      if (properties['LoginProfile']) throw notModelled('passwords of users');
      const UserName = site.name(properties.UserName, { longest: 64 });
      const { User } = await site.call<{ User: { Arn: string } }>('iam', 'CreateUser', {
        ...properties,
        UserName,
        Tags: site.tags(Tags),
      });
      site.made({ id: UserName });
      await join([UserName], Groups, site);
      await grant(holder('User', UserName), { ManagedPolicyArns, Policies }, site);
      return { id: UserName, attributes: { Arn: User.Arn } };
    },

    async update(before, properties: User, site, previous: User) {
      if (properties['LoginProfile']) throw notModelled('passwords of users');
      if (properties.Path !== previous.Path) throw notModelled('changing the path of a user');
      const { id: UserName } = before;
      const [groups, had] = [properties.Groups ?? [], previous.Groups ?? []];
      await join([UserName], without(groups, had), site);
      await leave([UserName], without(had, groups), site);
      await changeGrants(holder('User', UserName), properties, previous, site);
      await changeBoundary(holder('User', UserName), properties, previous, site);
      await retag(properties.Tags, previous.Tags, site, {
        untag: (keys) => site.call('iam', 'UntagUser', { UserName, TagKeys: keys }),
        tag: (tags) => site.call('iam', 'TagUser', { UserName, Tags: tags }),
      });
      return before;
    },

    async delete({ id: UserName }, site, properties: User) {
      await leave([UserName], properties.Groups ?? [], site);
      await revoke(holder('User', UserName), properties, site);
      await site.call('iam', 'DeleteUser', { UserName });
    },
  },

  'AWS::IAM::Group': {
    name: 'GroupName',

    async create({ ManagedPolicyArns, Policies, ...properties }: Group, site) {
      const GroupName = site.name(properties.GroupName, { longest: 128 });
      const { Group } = await site.call<{ Group: { Arn: string } }>('iam', 'CreateGroup', {
        ...properties,
        GroupName,
      });
      site.made({ id: GroupName });
      await grant(holder('Group', GroupName), { ManagedPolicyArns, Policies }, site);
      return { id: GroupName, attributes: { Arn: Group.Arn } };
    },

    async update(before, properties: Group, site, previous: Group) {
      if (properties.Path !== previous.Path) throw notModelled('changing the path of a group');
      await changeGrants(holder('Group', before.id), properties, previous, site);
      return before;
    },

    async delete({ id: GroupName }, site, properties: Group) {
      await revoke(holder('Group', GroupName), properties, site);
      await site.call('iam', 'DeleteGroup', { GroupName });
    },
  },

  'AWS::IAM::AccessKey': {
    async create({ UserName, Status = 'Active' }: AccessKey, site) {
      const { AccessKey } = await site.call<{ AccessKey: { AccessKeyId: string; SecretAccessKey: string } }>(
        'iam',
        'CreateAccessKey',
        { UserName },
      );
      const { AccessKeyId, SecretAccessKey } = AccessKey;
      site.made({ id: AccessKeyId });
      if (Status !== 'Active') await site.call('iam', 'UpdateAccessKey', { UserName, AccessKeyId, Status });
      return { id: AccessKeyId, attributes: { SecretAccessKey } };
    },

    async update(before, { UserName, Status = 'Active' }: AccessKey, site) {
      await site.call('iam', 'UpdateAccessKey', { UserName, AccessKeyId: before.id, Status });
      return before;
    },

    async delete({ id: AccessKeyId }, site, { UserName }: AccessKey) {
      await site.call('iam', 'DeleteAccessKey', { UserName, AccessKeyId });
    },
  },

  'AWS::IAM::UserToGroupAddition': {
    async create({ GroupName, Users }: Membership, site) {
      const id = site.name(undefined, { longest: 128 });
      site.made({ id });
      await join(Users, [GroupName], site);
      return { id };
    },

    async update(before, { GroupName, Users }: Membership, site, previous: Membership) {
      await join(Users, [GroupName], site);
      const moved = GroupName !== previous.GroupName;
      await leave(moved ? previous.Users : without(previous.Users, Users), [previous.GroupName], site);
      return before;
    },

    async delete(_resource, site, { GroupName, Users }: Membership) {
      await leave(Users, [GroupName], site);
    },
  },
} satisfies ResourceTypes;

async function join(users: string[], groups: string[], site: Site): Promise<void> {
  for (const UserName of users)
    for (const GroupName of groups) await site.call('iam', 'AddUserToGroup', { GroupName, UserName });
}

async function leave(users: string[], groups: string[], site: Site): Promise<void> {
  for (const UserName of users)
    for (const GroupName of groups)
      await ifThere(site.call('iam', 'RemoveUserFromGroup', { GroupName, UserName }));
}

const without = (all: string[], others: string[]): string[] => all.filter((one) => !others.includes(one));
