/** Roles: who may take them on, and for how long. */
import type * as IAM from '@aws-sdk/client-iam';
import { AwsError } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import { checkedBoundary, describedBoundary } from './boundaries.ts';
import { checkSize, checkTrust, encoded } from './documents.ts';
import { checkName, conflict, exists, tagList, tagMap, type Directory, type Role } from './entities.ts';
import { page } from './pages.ts';

export function roleOperations(directory: Directory) {
  const { roles } = directory;
  return {
    CreateRole(input: IAM.CreateRoleCommandInput) {
      const { RoleName = '' } = input;
      checkName('roleName', RoleName);
      if (roles.has(RoleName)) throw exists(`Role with name ${RoleName} already exists.`);
      const role = newRole(directory, input);
      roles.set(RoleName, role);
      return { Role: described(role) } satisfies Answer<IAM.CreateRoleCommandOutput>;
    },

    GetRole({ RoleName }: IAM.GetRoleCommandInput) {
      const role = directory.role(RoleName);
      return {
        Role: { ...described(role), Tags: tagList(role.tags), RoleLastUsed: {} },
      } satisfies Answer<IAM.GetRoleCommandOutput>;
    },

    ListRoles({ PathPrefix = '/', ...paging }: IAM.ListRolesCommandInput) {
      const { items, ...rest } = page(
        [...roles.values()].filter(({ path }) => path.startsWith(PathPrefix)),
        paging,
      );
      return { Roles: items.map(described), ...rest } satisfies Answer<IAM.ListRolesCommandOutput>;
    },

    UpdateRole({ RoleName, Description, MaxSessionDuration }: IAM.UpdateRoleCommandInput) {
      const role = directory.role(RoleName);
      if (MaxSessionDuration !== undefined) checkSession(MaxSessionDuration);
      role.description = Description ?? role.description;
      role.maxSessionSeconds = MaxSessionDuration ?? role.maxSessionSeconds;
      return {} satisfies Answer<IAM.UpdateRoleCommandOutput>;
    },

    UpdateAssumeRolePolicy({ RoleName, PolicyDocument = '' }: IAM.UpdateAssumeRolePolicyCommandInput) {
      const role = directory.role(RoleName);
      checkTrusted(PolicyDocument);
      role.trust = PolicyDocument;
      return {};
    },

    DeleteRole({ RoleName }: IAM.DeleteRoleCommandInput) {
      const role = directory.role(RoleName);
      if (role.attached.size > 0) throw conflict('Cannot delete entity, must detach all policies first.');
      if (role.inline.size > 0) throw conflict('Cannot delete entity, must delete policies first.');
      roles.delete(role.name);
      return {};
    },
  };
}

function newRole(directory: Directory, input: IAM.CreateRoleCommandInput): Role {
  const { RoleName = '', AssumeRolePolicyDocument = '', Path = '/', Description } = input;
  const { MaxSessionDuration = 3600, Tags } = input;
  checkTrusted(AssumeRolePolicyDocument);
  checkSession(MaxSessionDuration);
  return {
    name: RoleName,
    path: Path,
    arn: directory.arn('role', Path, RoleName),
    id: directory.uniqueId('AROA'),
    created: directory.world.clock.now(),
    tags: tagMap(Tags),
    inline: new Map(),
    attached: new Set(),
    description: Description,
    trust: AssumeRolePolicyDocument,
    maxSessionSeconds: MaxSessionDuration,
    boundary: checkedBoundary(directory, input.PermissionsBoundary),
  };
}

function checkTrusted(document: string): void {
  checkTrust(document);
  checkSize([document], LONGEST_TRUST, `Cannot exceed quota for ACLSizePerRole: ${LONGEST_TRUST}`);
}

const LONGEST_TRUST = 2048;

function checkSession(seconds: number) {
  if (seconds < 3600 || seconds > 43_200)
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: Value '${seconds}' at 'maxSessionDuration' failed to satisfy constraint: Member must have value ${seconds < 3600 ? 'greater than or equal to 3600' : 'less than or equal to 43200'}`,
    );
}

const described = (role: Role): IAM.Role => ({
  RoleName: role.name,
  RoleId: role.id,
  Arn: role.arn,
  Path: role.path,
  CreateDate: new Date(role.created),
  AssumeRolePolicyDocument: encoded(role.trust),
  Description: role.description,
  MaxSessionDuration: role.maxSessionSeconds,
  ...describedBoundary(role),
});
