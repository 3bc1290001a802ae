/** Groups of users, who have the policies of all of theirs. */
import type * as IAM from '@aws-sdk/client-iam';
import { AwsError } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import { checkName, conflict, exists, missing, type Directory, type Group } from './entities.ts';
import { page } from './pages.ts';
import { described as describedUser } from './users.ts';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MOST_GROUPS = 10;

export function groupOperations(directory: Directory) {
  return { ...making(directory), ...joining(directory) };
}

const membersOf = ({ users }: Directory, name: string) =>
  [...users.values()].filter(({ groups }) => groups.has(name));

function making(directory: Directory) {
  const { groups, world } = directory;
  return {
    CreateGroup({ GroupName = '', Path = '/' }: IAM.CreateGroupCommandInput) {
      checkName('groupName', GroupName);
      if (groups.has(GroupName)) throw exists(`Group with name ${GroupName} already exists.`);
      const group: Group = {
        name: GroupName,
        path: Path,
        arn: directory.arn('group', Path, GroupName),
        id: directory.uniqueId('AGPA'),
        created: world.clock.now(),
        inline: new Map(),
        attached: new Set(),
      };
      groups.set(GroupName, group);
      return { Group: described(group) } satisfies Answer<IAM.CreateGroupCommandOutput>;
    },

    GetGroup({ GroupName, ...paging }: IAM.GetGroupCommandInput) {
      const group = directory.group(GroupName);
      const { items, ...rest } = page(membersOf(directory, group.name), paging);
      return {
        Group: described(group),
        Users: items.map(describedUser),
        ...rest,
      } satisfies Answer<IAM.GetGroupCommandOutput>;
    },

    ListGroups({ PathPrefix = '/', ...paging }: IAM.ListGroupsCommandInput) {
      const { items, ...rest } = page(
        [...groups.values()].filter(({ path }) => path.startsWith(PathPrefix)),
        paging,
      );
      return { Groups: items.map(described), ...rest } satisfies Answer<IAM.ListGroupsCommandOutput>;
    },

    DeleteGroup({ GroupName }: IAM.DeleteGroupCommandInput) {
      const { name, attached, inline } = directory.group(GroupName);
      if (membersOf(directory, name).length > 0)
        throw conflict('Cannot delete entity, must remove users from group first.');
      if (attached.size > 0) throw conflict('Cannot delete entity, must detach all policies first.');
      if (inline.size > 0) throw conflict('Cannot delete entity, must delete policies first.');
      groups.delete(name);
      return {};
    },
  };
}

function joining(directory: Directory) {
  return {
    AddUserToGroup({ GroupName, UserName }: IAM.AddUserToGroupCommandInput) {
      const { name } = directory.group(GroupName);
      const { groups } = directory.user(UserName);
      if (!groups.has(name) && groups.size >= MOST_GROUPS)
        throw new AwsError('LimitExceededException', `Cannot exceed quota for GroupsPerUser: ${MOST_GROUPS}`);
      groups.add(name);
      return {};
    },

    RemoveUserFromGroup({ GroupName, UserName }: IAM.RemoveUserFromGroupCommandInput) {
      const { name } = directory.group(GroupName);
      if (!directory.user(UserName).groups.delete(name)) missing(`User ${UserName} is not in group ${name}.`);
      return {};
    },

    ListGroupsForUser({ UserName, ...paging }: IAM.ListGroupsForUserCommandInput) {
      const names = [...directory.user(UserName).groups];
      const { items, ...rest } = page(names.map(directory.group), paging);
      return { Groups: items.map(described), ...rest } satisfies Answer<IAM.ListGroupsForUserCommandOutput>;
    },
  };
}

const described = (group: Group): IAM.Group => ({
  GroupName: group.name,
  GroupId: group.id,
  Arn: group.arn,
  Path: group.path,
  CreateDate: new Date(group.created),
});
