/** What IAM keeps: roles, users and groups with their policies, and managed policies. */
import { AwsError } from '../../errors.ts';
import type { World } from '../../world.ts';

/** A role, a user or a group: all hold inline policies by name, and attached policies by ARN. */
export interface Entity {
  name: string;
  path: string;
  arn: string;
  /** `AROA…`, `AIDA…` or `AGPA…` */
  id: string;
  created: number;
  inline: Map<string, string>;
  attached: Set<string>;
}

/** What may be limited by a managed policy. */
export interface Bounded {
  /** The policy's ARN. @default nothing limits it */
  boundary?: string | undefined;
}

export interface Role extends Entity, Bounded {
  tags: Map<string, string>;
  description: string | undefined;
  trust: string;
  maxSessionSeconds: number;
}

export interface User extends Entity, Bounded {
  tags: Map<string, string>;
  keys: Map<string, AccessKey>;
  /** Names. */
  groups: Set<string>;
}

export type Group = Entity;

export interface AccessKey {
  id: string;
  secret: string;
  active: boolean;
  created: number;
}

/** A managed policy, the customer's or AWS's own. */
export interface ManagedPolicy {
  name: string;
  path: string;
  arn: string;
  id: string;
  description: string | undefined;
  created: number;
  updated: number;
  tags: Map<string, string>;
  /** Documents by version id, `v1` and on. */
  versions: Map<string, { document: string; created: number }>;
  defaultVersion: string;
}

/** Everything of one account, and the lookups that throw NoSuchEntity. */
export interface Directory {
  roles: Map<string, Role>;
  users: Map<string, User>;
  groups: Map<string, Group>;
  policies: Map<string, ManagedPolicy>;
  world: World;
  /** Such as `AROA` and 17 more of A–Z and 0–9. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html */
  uniqueId(prefix: 'AROA' | 'AIDA' | 'AGPA' | 'ANPA' | 'AKIA' | 'ASIA'): string;
  arn(kind: 'role' | 'user' | 'group' | 'policy', path: string, name: string): string;
  role(name: string | undefined): Role;
  user(name: string | undefined): User;
  group(name: string | undefined): Group;
  policy(arn: string | undefined): ManagedPolicy;
}

export function directory(world: World): Directory {
  const roles = new Map<string, Role>();
  const users = new Map<string, User>();
  const groups = new Map<string, Group>();
  const policies = new Map<string, ManagedPolicy>();
  world.durable?.map('iam/roles', roles);
  world.durable?.map('iam/users', users);
  world.durable?.map('iam/groups', groups);
  world.durable?.map('iam/policies', policies, {
    store: (policy) => (policy.arn.startsWith('arn:aws:iam::aws:') ? undefined : policy),
    load: (policy: ManagedPolicy) => policy,
  });
  return {
    roles,
    users,
    groups,
    policies,
    world,
    uniqueId: (prefix) =>
      prefix + world.random.letters(prefix === 'AKIA' || prefix === 'ASIA' ? 16 : 17).toUpperCase(),
    arn: (kind, path, name) => `arn:aws:iam::${world.account}:${kind}${path}${name}`,
    role: (name = '') => roles.get(name) ?? missing(`The role with name ${name} cannot be found.`),
    user: (name = '') => users.get(name) ?? missing(`The user with name ${name} cannot be found.`),
    group: (name = '') => groups.get(name) ?? missing(`The group with name ${name} cannot be found.`),
    policy: (arn = '') => policies.get(arn) ?? missing(`Policy ${arn} was not found.`),
  };
}

/** Always throws. */
export function missing(message: string): never {
  throw new AwsError('NoSuchEntityException', message);
}

export const exists = (message: string): AwsError => new AwsError('EntityAlreadyExistsException', message);
export const conflict = (message: string): AwsError => new AwsError('DeleteConflictException', message);

export const tagMap = (
  tags: { Key?: string | undefined; Value?: string | undefined }[] = [],
): Map<string, string> => new Map(tags.map(({ Key = '', Value = '' }) => [Key, Value]));

export const tagList = (tags: Map<string, string>): { Key: string; Value: string }[] =>
  [...tags].map(([Key, Value]) => ({ Key, Value }));

/** Names of roles, users, groups and policies; throws ValidationError. */
export function checkName(member: string, name = '') {
  if (!/^[\w+=,.@-]+$/.test(name))
    throw new AwsError(
      'ValidationError',
      `The specified value for ${member} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
    );
  const longest = member === 'policyName' || member === 'groupName' ? 128 : 64;
  if (name.length > longest)
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: Value '${name}' at '${member}' failed to satisfy constraint: Member must have length less than or equal to ${longest}`,
    );
}
