/** Whether policies allow one action on one resource. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html */
import type { Principal } from '../principal.ts';
import { hold } from './conditions.ts';
import { policyOf, type Choice, type Policy, type Principals, type Statement } from './document.ts';
import { filled, matches, type Context } from './pattern.ts';

export interface Question {
  principal: Principal;
  /** Such as `sqs:SendMessage`. */
  action: string;
  /** ARN, or `*` where the action has none. */
  resource: string;
  context: Context;
  /** JSON texts of what the principal has. */
  identityPolicies: string[];
  /** JSON text of what limits the principal. @default nothing does */
  boundary?: string | undefined;
  /** JSON text of what the resource has. */
  resourcePolicy: string | undefined;
}

export type Decision =
  | { allowed: true }
  /** `explicit`: a statement denies; otherwise no statement of that kind allows. */
  | { allowed: false; explicit: boolean; kind: 'identity' | 'resource' | 'boundary' };

const ALLOWED: Decision = { allowed: true };

/**
 * Within one account either kind of policy may allow; a role's trust policy, a key's policy and a service's delivery must
 * be allowed by the resource.
 */
export function decide(question: Question): Decision {
  const { principal, identityPolicies, boundary, resourcePolicy } = question;
  const identity = identityPolicies.flatMap((text) => applying(text, question));
  const resource = resourcePolicy === undefined ? [] : applying(resourcePolicy, question);
  const limit = boundary === undefined ? undefined : applying(boundary, question);
  if (identity.some(denies)) return { allowed: false, explicit: true, kind: 'identity' };
  if (limit?.some(denies)) return { allowed: false, explicit: true, kind: 'boundary' };
  if (resource.some(denies)) return { allowed: false, explicit: true, kind: 'resource' };

  const named = resource.filter(
    (statement) => allows(statement) && !delegates(statement.principals, principal),
  );
  const within: Decision =
    !limit || limit.some(allows) ? ALLOWED : { allowed: false, explicit: false, kind: 'boundary' };
  if (named.length > 0) return named.every((one) => namesRole(one, principal)) ? within : ALLOWED;
  if (principal.kind === 'service') return { allowed: false, explicit: false, kind: 'resource' };
  if (isRoot(question) && !resource.some(allows))
    return { allowed: false, explicit: false, kind: 'resource' };
  if (principal.kind === 'administrator') return ALLOWED;
  if (identity.some(allows)) return within;
  return { allowed: false, explicit: false, kind: 'identity' };
}

/**
 * A role's trust policy and a key's policy are the root of authority: identity policies count only where these leave it
 * to the account. https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
const isRoot = ({ action, resourcePolicy }: Question): boolean =>
  action === 'sts:AssumeRole' || (action.startsWith('kms:') && resourcePolicy !== undefined);

/**
 * What a resource grants to a role is limited by the role's boundary; what it grants to a session of it or to a user is not.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
const namesRole = ({ principals }: Statement, principal: Principal): boolean =>
  principal.kind === 'role' &&
  !principals?.anyone &&
  principals?.aws.includes(principal.roleArn) === true &&
  !principals.aws.some((one) => one === '*' || one === principal.arn);

const denies = ({ effect }: Statement) => effect === 'Deny';
const allows = ({ effect }: Statement) => effect === 'Allow';

/** The statements that speak of this principal, action and resource, under these conditions. */
const applying = (text: string, { principal, action, resource, context }: Question): Statement[] =>
  about(policyOf(text), action).filter(
    (statement) =>
      (!statement.principals || speaksOf(statement.principals, principal)) &&
      (!statement.resources ||
        chosen(statement.resources, (pattern) => onResource(pattern, resource, context))) &&
      hold(statement.conditions, context),
  );

/** By policy and action: the same few questions are asked of a policy with every message. */
const known = new WeakMap<Policy, Map<string, Statement[]>>();

function about(policy: Policy, action: string): Statement[] {
  let byAction = known.get(policy);
  if (!byAction) known.set(policy, (byAction = new Map()));
  let statements = byAction.get(action);
  if (!statements) {
    statements = policy.statements.filter(({ actions }) =>
      chosen(actions, (pattern) => matches(pattern, action, { ignoreCase: true })),
    );
    byAction.set(action, statements);
  }
  return statements;
}

const chosen = ({ not, patterns }: Choice, fits: (pattern: string) => boolean): boolean =>
  patterns.some(fits) !== not;

function onResource(pattern: string, resource: string, context: Context): boolean {
  const whole = filled(pattern, context);
  return whole !== undefined && matches(whole, resource);
}

function speaksOf({ not, anyone, aws, services }: Principals, principal: Principal): boolean {
  const named =
    anyone ||
    (principal.kind === 'service'
      ? services.includes(principal.service) || aws.includes('*')
      : aws.some((one) => names(one, principal)));
  return named !== not;
}

/** An account stands for everybody in it; a role stands for its sessions. */
function names(pattern: string, principal: Principal): boolean {
  if (pattern === '*' || pattern === principal.arn) return true;
  if (principal.kind === 'role' && pattern === principal.roleArn) return true;
  return isAccount(pattern, principal);
}

const isAccount = (pattern: string, { account }: Principal): boolean =>
  pattern === account || pattern === `arn:aws:iam::${account}:root`;

/** Whether a statement only hands the decision to the principal's own account: then its identity policies must allow too. */
function delegates(principals: Principals | undefined, principal: Principal): boolean {
  if (!principals || principals.not || principals.anyone || principal.kind === 'administrator') return false;
  return (
    !principals.aws.some((pattern) => names(pattern, principal) && !isAccount(pattern, principal)) &&
    principal.kind !== 'service'
  );
}
