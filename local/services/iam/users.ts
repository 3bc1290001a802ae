/** Users. What they sign with is in `access-keys.ts`. */
import type * as IAM from '@aws-sdk/client-iam';
import type { Answer, Call } from '../../service.ts';
import { checkedBoundary, describedBoundary } from './boundaries.ts';
import { checkName, conflict, exists, tagList, tagMap, type Directory, type User } from './entities.ts';
import { page } from './pages.ts';

export function userOperations(directory: Directory) {
  const { users, world } = directory;
  return {
    CreateUser({ UserName = '', Path = '/', PermissionsBoundary, Tags }: IAM.CreateUserCommandInput) {
      checkName('userName', UserName);
      if (users.has(UserName)) throw exists(`User with name ${UserName} already exists.`);
      const user: User = {
        name: UserName,
        path: Path,
        arn: directory.arn('user', Path, UserName),
        id: directory.uniqueId('AIDA'),
        created: world.clock.now(),
        tags: tagMap(Tags),
        inline: new Map(),
        attached: new Set(),
        keys: new Map(),
        groups: new Set(),
        boundary: checkedBoundary(directory, PermissionsBoundary),
      };
      users.set(UserName, user);
      return { User: described(user) } satisfies Answer<IAM.CreateUserCommandOutput>;
    },

    GetUser({ UserName }: IAM.GetUserCommandInput, { principal }: Call) {
      const user = directory.user(UserName ?? principal.arn.split('/').at(-1));
      return {
        User: { ...described(user), Tags: tagList(user.tags) },
      } satisfies Answer<IAM.GetUserCommandOutput>;
    },

    ListUsers({ PathPrefix = '/', ...paging }: IAM.ListUsersCommandInput) {
      const { items, ...rest } = page(
        [...users.values()].filter(({ path }) => path.startsWith(PathPrefix)),
        paging,
      );
      return { Users: items.map(described), ...rest } satisfies Answer<IAM.ListUsersCommandOutput>;
    },

    DeleteUser({ UserName }: IAM.DeleteUserCommandInput) {
      const user = directory.user(UserName);
      if (user.keys.size > 0) throw conflict('Cannot delete entity, must delete access keys first.');
      if (user.attached.size > 0) throw conflict('Cannot delete entity, must detach all policies first.');
      if (user.inline.size > 0) throw conflict('Cannot delete entity, must delete policies first.');
      if (user.groups.size > 0) throw conflict('Cannot delete entity, must remove users from group first.');
      users.delete(user.name);
      return {};
    },
  };
}

export const described = (user: User) => ({
  UserName: user.name,
  UserId: user.id,
  Arn: user.arn,
  Path: user.path,
  CreateDate: new Date(user.created),
  ...describedBoundary(user),
});
