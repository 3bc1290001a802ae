/** The policies of a role, a user or a group: inline by name, attached by ARN. One set of operations serves all kinds. */
import { AwsError } from '../../errors.ts';
import { checkPolicy, checkSize, encoded } from './documents.ts';
import { checkName, missing, type Directory, type Entity } from './entities.ts';
import { page } from './pages.ts';

/** Input of every operation here; one of the first three says whose. */
interface Input {
  RoleName?: string;
  UserName?: string;
  GroupName?: string;
  PolicyName?: string;
  PolicyDocument?: string;
  PolicyArn?: string;
  PathPrefix?: string;
  Marker?: string;
  MaxItems?: number;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MOST_ATTACHED = 10;
/** Of all inline policies together. */
const LONGEST_INLINE = { Role: 10_240, User: 2048, Group: 5120 };

type Kind = 'Role' | 'User' | 'Group';
type Of = (input: Input) => Entity;

export function attachmentOperations(kind: Kind, directory: Directory) {
  const finders: Record<Kind, Of> = {
    Role: ({ RoleName }) => directory.role(RoleName),
    User: ({ UserName }) => directory.user(UserName),
    Group: ({ GroupName }) => directory.group(GroupName),
  };
  const of = finders[kind];
  return { ...inlinePolicies(kind, of), ...attachedPolicies(kind, of, directory) };
}

function inlinePolicies(kind: Kind, of: Of) {
  const inlineOf = (input: Input): string =>
    of(input).inline.get(input.PolicyName ?? '') ??
    missing(`The ${kind.toLowerCase()} policy with name ${input.PolicyName} cannot be found.`);
  return {
    [`Put${kind}Policy`](input: Input) {
      const { inline, name } = of(input);
      const { PolicyName = '', PolicyDocument = '' } = input;
      checkName('policyName', PolicyName);
      checkPolicy(PolicyDocument);
      checkSize(
        new Map([...inline, [PolicyName, PolicyDocument]]).values(),
        LONGEST_INLINE[kind],
        `Maximum policy size of ${LONGEST_INLINE[kind]} bytes exceeded for ${kind.toLowerCase()} ${name}`,
      );
      inline.set(PolicyName, PolicyDocument);
      return {};
    },
    [`Get${kind}Policy`](input: Input) {
      const document = inlineOf(input);
      return {
        [`${kind}Name`]: of(input).name,
        PolicyName: input.PolicyName,
        PolicyDocument: encoded(document),
      };
    },
    [`Delete${kind}Policy`](input: Input) {
      inlineOf(input);
      of(input).inline.delete(input.PolicyName ?? '');
      return {};
    },
    [`List${kind}Policies`](input: Input) {
      const { items, ...rest } = page([...of(input).inline.keys()], input);
      return { PolicyNames: items, ...rest };
    },
  };
}

function attachedPolicies(kind: Kind, of: Of, directory: Directory) {
  return {
    [`Attach${kind}Policy`](input: Input) {
      const { attached } = of(input);
      const { PolicyArn = '' } = input;
      if (!directory.policies.has(PolicyArn))
        missing(`Policy ${PolicyArn} does not exist or is not attachable.`);
      if (!attached.has(PolicyArn) && attached.size >= MOST_ATTACHED)
        throw new AwsError(
          'LimitExceededException',
          `Cannot exceed quota for PoliciesPer${kind}: ${MOST_ATTACHED}`,
        );
      attached.add(PolicyArn);
      return {};
    },
    [`Detach${kind}Policy`](input: Input) {
      if (!of(input).attached.delete(input.PolicyArn ?? ''))
        missing(`Policy ${input.PolicyArn} was not found.`);
      return {};
    },
    [`ListAttached${kind}Policies`](input: Input) {
      const all = [...of(input).attached].map((arn) => directory.policy(arn));
      const { items, ...rest } = page(
        all.filter(({ path }) => path.startsWith(input.PathPrefix ?? '/')),
        input,
      );
      return {
        AttachedPolicies: items.map(({ name, arn }) => ({ PolicyName: name, PolicyArn: arn })),
        ...rest,
      };
    },
  };
}
