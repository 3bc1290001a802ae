/** Users and their long-lived access keys. */
import type * as IAM from '@aws-sdk/client-iam';
import { AwsError, notModelled } from '../../errors.ts';
import type { Answer, Call } from '../../service.ts';
import {
  checkName,
  conflict,
  exists,
  missing,
  tagList,
  tagMap,
  type Directory,
  type User,
} from './entities.ts';
import { page } from './pages.ts';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MOST_KEYS = 2;

export function userOperations(directory: Directory) {
  const { users, world } = directory;
  return {
    CreateUser({ UserName = '', Path = '/', PermissionsBoundary, Tags }: IAM.CreateUserCommandInput) {
      if (PermissionsBoundary !== undefined) throw notModelled('permissions boundaries');
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
      users.delete(user.name);
      return {};
    },

    CreateAccessKey({ UserName }: IAM.CreateAccessKeyCommandInput) {
      const user = directory.user(UserName);
      if (user.keys.size >= MOST_KEYS)
        throw new AwsError(
          'LimitExceededException',
          `Cannot exceed quota for AccessKeysPerUser: ${MOST_KEYS}`,
        );
      const key = {
        id: directory.uniqueId('AKIA'),
        secret: world.random.letters(40),
        active: true,
        created: world.clock.now(),
      };
      user.keys.set(key.id, key);
      return {
        AccessKey: {
          UserName: user.name,
          AccessKeyId: key.id,
          SecretAccessKey: key.secret,
          Status: 'Active',
          CreateDate: new Date(key.created),
        },
      } satisfies Answer<IAM.CreateAccessKeyCommandOutput>;
    },

    ListAccessKeys({ UserName, ...paging }: IAM.ListAccessKeysCommandInput) {
      const user = directory.user(UserName);
      const { items, ...rest } = page([...user.keys.values()], paging);
      const AccessKeyMetadata = items.map(({ id, active, created }) => ({
        UserName: user.name,
        AccessKeyId: id,
        Status: active ? ('Active' as const) : ('Inactive' as const),
        CreateDate: new Date(created),
      }));
      return { AccessKeyMetadata, ...rest } satisfies Answer<IAM.ListAccessKeysCommandOutput>;
    },

    UpdateAccessKey({ UserName, AccessKeyId = '', Status }: IAM.UpdateAccessKeyCommandInput) {
      const key = directory.user(UserName).keys.get(AccessKeyId);
      if (!key) return missing(`The Access Key with id ${AccessKeyId} cannot be found.`);
      key.active = Status === 'Active';
      return {};
    },

    DeleteAccessKey({ UserName, AccessKeyId = '' }: IAM.DeleteAccessKeyCommandInput) {
      if (!directory.user(UserName).keys.delete(AccessKeyId))
        missing(`The Access Key with id ${AccessKeyId} cannot be found.`);
      return {};
    },
  };
}

const described = (user: User) => ({
  UserName: user.name,
  UserId: user.id,
  Arn: user.arn,
  Path: user.path,
  CreateDate: new Date(user.created),
});
