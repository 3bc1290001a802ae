/** Managed policies that limit what a role or a user may do. https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html */
import { missing, type Bounded, type Directory } from './entities.ts';

interface Input {
  RoleName?: string;
  UserName?: string;
  PermissionsBoundary?: string;
}

export function boundaryOperations(kind: 'Role' | 'User', directory: Directory) {
  const of = ({ RoleName, UserName }: Input): Bounded =>
    kind === 'Role' ? directory.role(RoleName) : directory.user(UserName);
  return {
    [`Put${kind}PermissionsBoundary`](input: Input) {
      of(input).boundary = checkedBoundary(directory, input.PermissionsBoundary);
      return {};
    },
    [`Delete${kind}PermissionsBoundary`](input: Input) {
      of(input).boundary = undefined;
      return {};
    },
  };
}

/** Throws NoSuchEntity. */
export function checkedBoundary({ policies }: Directory, arn: string | undefined): string | undefined {
  if (arn !== undefined && !policies.has(arn))
    missing(`Scope ARN: ${arn} does not exist or is not attachable.`);
  return arn;
}

export const describedBoundary = ({ boundary }: Bounded) =>
  boundary === undefined
    ? {}
    : {
        PermissionsBoundary: {
          PermissionsBoundaryType: 'PermissionsBoundaryPolicy' as const,
          PermissionsBoundaryArn: boundary,
        },
      };
