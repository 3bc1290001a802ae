/** AWS Identity and Access Management: roles, users, groups, policies. What they allow is decided in `local/policies/`. */
import type { RoleSession } from '../principal.ts';
import type { Service, ServiceModule } from '../service.ts';
import type { World } from '../world.ts';
import { accessKeyOperations } from './iam/access-keys.ts';
import { attachmentOperations } from './iam/attachments.ts';
import { boundaryOperations } from './iam/boundaries.ts';
import { directory } from './iam/entities.ts';
import { grantsOf } from './iam/grants.ts';
import { groupOperations } from './iam/groups.ts';
import { managedPolicyOperations, shipAwsManaged } from './iam/managed.ts';
import { policyUseOperations } from './iam/policy-use.ts';
import { policyVersionOperations } from './iam/policy-versions.ts';
import { roleOperations } from './iam/roles.ts';
import { tagOperations } from './iam/tags.ts';
import { userOperations } from './iam/users.ts';

declare module '../world.ts' {
  interface Services {
    iam: Iam;
  }
}

export default {
  sdk: [() => import('@aws-sdk/client-iam')],
  start: iam,
} satisfies ServiceModule;

type Iam = ReturnType<typeof iam>;

function iam(world: World) {
  const all = directory(world);
  shipAwsManaged(all);
  const { byArn, policiesOf, boundaryOf } = grantsOf(all);

  return {
    operations: {
      ...roleOperations(all),
      ...attachmentOperations('Role', all),
      ...tagOperations('Role', all),
      ...boundaryOperations('Role', all),
      ...userOperations(all),
      ...accessKeyOperations(all),
      ...attachmentOperations('User', all),
      ...tagOperations('User', all),
      ...boundaryOperations('User', all),
      ...groupOperations(all),
      ...attachmentOperations('Group', all),
      ...managedPolicyOperations(all),
      ...policyUseOperations(all),
      ...policyVersionOperations(all),
    },

    resources(operation: string, input: Named): string[] {
      const { RoleName, UserName, GroupName, PolicyArn, PolicyName, Path = '/' } = input;
      if (RoleName !== undefined) return [all.roles.get(RoleName)?.arn ?? all.arn('role', Path, RoleName)];
      if (GroupName !== undefined)
        return [all.groups.get(GroupName)?.arn ?? all.arn('group', Path, GroupName)];
      if (UserName !== undefined) return [all.users.get(UserName)?.arn ?? all.arn('user', Path, UserName)];
      if (PolicyArn !== undefined) return [PolicyArn];
      return operation === 'CreatePolicy' && PolicyName !== undefined
        ? [all.arn('policy', Path, PolicyName)]
        : ['*'];
    },

    /** What acts when somebody has taken on a role. A role that is not here gives a session that may do nothing. */
    roleSession(roleArn: string, sessionName: string): RoleSession {
      const name = roleArn.split('/').at(-1) ?? '';
      return {
        kind: 'role',
        account: roleArn.split(':')[4] ?? world.account,
        arn: `arn:aws:sts::${roleArn.split(':')[4]}:assumed-role/${name}/${sessionName}`,
        userId: `${byArn(roleArn)?.id ?? 'AROAUNKNOWN'}:${sessionName}`,
        roleArn,
      };
    },

    policiesOf,
    boundaryOf,

    role: (arn: string) => [...all.roles.values()].find((role) => role.arn === arn),

    /** The user whose active access key this is. */
    userOfKey(accessKeyId: string) {
      for (const user of all.users.values()) {
        const key = user.keys.get(accessKeyId);
        if (key?.active) return { user, key };
      }
      return undefined;
    },

    state: () => ({ roles: all.roles.size, users: all.users.size, groups: all.groups.size }),
  } satisfies Service & Record<string, unknown>;
}

interface Named {
  RoleName?: string;
  UserName?: string;
  GroupName?: string;
  PolicyArn?: string;
  PolicyName?: string;
  Path?: string;
}
