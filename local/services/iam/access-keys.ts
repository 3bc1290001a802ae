/** The long-lived keys that users sign with. */
import type * as IAM from '@aws-sdk/client-iam';
import { AwsError } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import { missing, type Directory } from './entities.ts';
import { page } from './pages.ts';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MOST_KEYS = 2;

export function accessKeyOperations(directory: Directory) {
  const { world } = directory;
  return {
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
