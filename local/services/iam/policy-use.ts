/** Who has a managed policy, attached or as a boundary. */
import type * as IAM from '@aws-sdk/client-iam';
import type { Answer } from '../../service.ts';
import type { Bounded, Directory, Entity } from './entities.ts';

export const havePolicy = ({ roles, users, groups }: Directory, arn: string): Entity[] =>
  [...roles.values(), ...users.values(), ...groups.values()].filter(({ attached }) => attached.has(arn));

export const haveBoundary = ({ roles, users }: Directory, arn: string): Bounded[] =>
  [...roles.values(), ...users.values()].filter(({ boundary }) => boundary === arn);

export function policyUseOperations(directory: Directory) {
  return {
    ListEntitiesForPolicy({ PolicyArn, PolicyUsageFilter: use }: IAM.ListEntitiesForPolicyCommandInput) {
      const { arn } = directory.policy(PolicyArn);
      const having = <Kind extends Entity & Bounded>(all: Map<string, Kind>) =>
        [...all.values()].filter(
          ({ attached, boundary }) =>
            (use !== 'PermissionsBoundary' && attached.has(arn)) ||
            (use !== 'PermissionsPolicy' && boundary === arn),
        );
      return {
        PolicyRoles: having(directory.roles).map(({ name, id }) => ({ RoleName: name, RoleId: id })),
        PolicyUsers: having(directory.users).map(({ name, id }) => ({ UserName: name, UserId: id })),
        PolicyGroups: having(directory.groups).map(({ name, id }) => ({ GroupName: name, GroupId: id })),
        IsTruncated: false,
      } satisfies Answer<IAM.ListEntitiesForPolicyCommandOutput>;
    },
  };
}
