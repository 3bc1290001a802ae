/** Who calls a deployed API, and what policies say to it. REST and HTTP APIs ask alike, and word refusals differently. */
import type { Step } from '../../../dispatch.ts';
import { AwsError } from '../../../errors.ts';
import { contextOf } from '../../../policies/context.ts';
import { decide, type Decision } from '../../../policies/decide.ts';
import { boundaryOf } from '../../../policies/guard.ts';
import type { Principal, UserPrincipal } from '../../../principal.ts';
import { identify } from '../../../wire/identity.ts';
import type { WireRequest } from '../../../wire/message.ts';
import { claimOf } from '../../../wire/signature.ts';
import type { World } from '../../../world.ts';

/** Nobody in particular: only `*` names them. */
export const ANONYMOUS: UserPrincipal = {
  kind: 'user',
  account: 'anonymous',
  arn: 'anonymous',
  userId: 'anonymous',
};

/** The principal behind the signature of a request for a service. Throws AwsError. */
export function signerOf(world: World, wire: WireRequest, service = 'execute-api'): Principal {
  const claim = claimOf(wire);
  const principal = identify(world, wire, { protocol: 'rest-json' });
  if (world.policies === 'enforced' && claim && 'service' in claim && claim.service !== service)
    throw new AwsError(
      'InvalidSignatureException',
      `Credential should be scoped to correct service: '${service}'. `,
    );
  return principal;
}

/** Of `$context.identity`, what a signature tells. */
export function identityOf(principal: Principal, wire: WireRequest): Record<string, string> {
  const claim = claimOf(wire);
  const userId = principal.kind === 'service' ? principal.arn : principal.userId;
  return {
    accountId: principal.account,
    caller: userId,
    user: userId,
    userArn: principal.arn,
    ...(claim && 'accessKeyId' in claim && { accessKey: claim.accessKeyId }),
  };
}

/** What policies that are attached to the caller say. */
export function identityPoliciesOf(world: World, principal: Principal): string[] {
  if (principal.kind === 'role') return world.service('iam').policiesOf(principal.roleArn);
  return principal.kind === 'user' && principal !== ANONYMOUS
    ? world.service('iam').policiesOf(principal.arn)
    : [];
}

/** One request, as policies see it. */
export interface Knock {
  wire: WireRequest;
  requestId: string;
  principal: Principal;
  /** The method's, the route's or the function's: `arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/GET/path`. */
  resource: string;
  /** JSON texts. */
  identityPolicies: string[];
  /** JSON text. @default the API has none */
  resourcePolicy?: string | undefined;
}

/** Throws SyntaxError for a policy that is none. */
export function decided(
  world: World,
  { wire, requestId, ...question }: Knock,
  asked: Pick<Step, 'service' | 'operation' | 'input'> = {
    service: 'execute-api',
    operation: 'Invoke',
    input: {},
  },
): Decision {
  const { principal, resource } = question;
  const call = {
    principal,
    requestId,
    account: world.account,
    region: world.region,
    endpoint: world.endpoint(),
    protocol: 'rest-json' as const,
    headers: wire.headers,
    now: world.clock.now,
  };
  const context = contextOf({ ...asked, call }, resource);
  return decide({
    resourcePolicy: undefined,
    boundary: boundaryOf(world, principal),
    ...question,
    action: `${asked.service}:${asked.operation}`,
    context,
  });
}
