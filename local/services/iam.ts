/** AWS Identity and Access Management: roles, users, policies. What they allow is decided in `local/policies/`. */
import type { RoleSession } from '../principal.ts';
import type { Service, ServiceModule } from '../service.ts';
import type { World } from '../world.ts';
import { accessKeyOperations } from './iam/access-keys.ts';
import { attachmentOperations } from './iam/attachments.ts';
import { directory, type Entity } from './iam/entities.ts';
import { managedPolicyOperations, shipAwsManaged } from './iam/managed.ts';
import { policyVersionOperations } from './iam/policy-versions.ts';
import { roleOperations } from './iam/roles.ts';
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
  const byArn = (arn: string): Entity | undefined => {
    const name = arn.split('/').at(-1) ?? '';
    const found = arn.includes(':role/') ? all.roles.get(name) : all.users.get(name);
    return found?.arn === arn ? found : undefined;
  };

  return {
    operations: {
      ...roleOperations(all),
      ...attachmentOperations('Role', all),
      ...userOperations(all),
      ...accessKeyOperations(all),
      ...attachmentOperations('User', all),
      ...managedPolicyOperations(all),
      ...policyVersionOperations(all),
    },

    resources(operation: string, { RoleName, UserName, PolicyArn, PolicyName, Path = '/' }: Named): string[] {
      if (RoleName !== undefined) return [all.roles.get(RoleName)?.arn ?? all.arn('role', Path, RoleName)];
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

    /** JSON texts of the inline and attached policies of a role or a user. */
    policiesOf(arn: string): string[] {
      const entity = byArn(arn);
      if (!entity) return [];
      const attached = [...entity.attached].map((policy) => {
        const { versions, defaultVersion } = all.policy(policy);
        return versions.get(defaultVersion)!.document;
      });
      return [...entity.inline.values(), ...attached];
    },

    role: (arn: string) => [...all.roles.values()].find((role) => role.arn === arn),

    /** The user whose active access key this is. */
    userOfKey(accessKeyId: string) {
      for (const user of all.users.values()) {
        const key = user.keys.get(accessKeyId);
        if (key?.active) return { user, key };
      }
      return undefined;
    },

    state: () => ({ roles: all.roles.size, users: all.users.size }),
  } satisfies Service & Record<string, unknown>;
}

interface Named {
  RoleName?: string;
  UserName?: string;
  PolicyArn?: string;
  PolicyName?: string;
  Path?: string;
}
