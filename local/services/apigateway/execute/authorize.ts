/** Who calls, and whether policies let them. */
import { AwsError } from '../../../errors.ts';
import { contextOf } from '../../../policies/context.ts';
import { decide } from '../../../policies/decide.ts';
import type { Principal, UserPrincipal } from '../../../principal.ts';
import { identify } from '../../../wire/identity.ts';
import { claimOf } from '../../../wire/signature.ts';
import type { ResponseType } from '../gateway-responses.ts';
import type { Invocation, Target } from './invocation.ts';
import { Refused } from './refused.ts';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html */
export function authorize(invocation: Invocation, { method }: Target): void {
  const { world, api, context } = invocation;
  const signed = method.authorizationType === 'AWS_IAM';
  const principal = signed ? signerOf(invocation) : ANONYMOUS;
  if (signed) Object.assign(context.identity, identityOf(principal, invocation));
  if (world.policies === 'off' || (!signed && !api.settings.policy)) return;
  checkPolicies(invocation, principal);
}

/** Nobody in particular: only `*` names them. */
const ANONYMOUS: UserPrincipal = {
  kind: 'user',
  account: 'anonymous',
  arn: 'anonymous',
  userId: 'anonymous',
};

function signerOf({ world, wire }: Invocation): Principal {
  const claim = claimOf(wire);
  try {
    const principal = identify(world, wire, { protocol: 'rest-json' });
    if (world.policies === 'enforced' && claim && 'service' in claim && claim.service !== 'execute-api')
      throw new AwsError(
        'InvalidSignatureException',
        "Credential should be scoped to correct service: 'execute-api'. ",
      );
    return principal;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const said =
      error.code === 'IncompleteSignatureException'
        ? `${error.message} Authorization=${wire.headers.authorization}`
        : error.message;
    throw new Refused(TYPES[error.code] ?? 'DEFAULT_4XX', error.code, said, { status: 403 });
  }
}

const TYPES: Record<string, ResponseType> = {
  MissingAuthenticationTokenException: 'MISSING_AUTHENTICATION_TOKEN',
  IncompleteSignatureException: 'INVALID_SIGNATURE',
  InvalidSignatureException: 'INVALID_SIGNATURE',
  UnrecognizedClientException: 'INVALID_SIGNATURE',
  ExpiredTokenException: 'EXPIRED_TOKEN',
};

function identityOf(principal: Principal, { wire }: Invocation): Record<string, string> {
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

function checkPolicies(invocation: Invocation, principal: Principal): void {
  const { world, api, apiId, stage, request, wire, context } = invocation;
  const within = `${apiId}/${stage.stageName}/${request.method}${request.path}`;
  const api_ = `arn:aws:execute-api:${world.region}:${world.account}:`;
  const call = {
    principal,
    requestId: context.requestId,
    account: world.account,
    region: world.region,
    endpoint: world.endpoint(),
    protocol: 'rest-json' as const,
    headers: wire.headers,
    now: world.clock.now,
  };
  const step = { service: 'execute-api', operation: 'Invoke', input: {}, call };
  const decision = decide({
    principal,
    action: 'execute-api:Invoke',
    resource: api_ + within,
    context: contextOf(step, api_ + within),
    identityPolicies: identityPoliciesOf(invocation, principal),
    // `execute-api:/stage/GET/path` stands for this API's own.
    resourcePolicy: api.settings.policy?.replaceAll('"execute-api:/', `"${api_}${apiId}/`),
  });
  if (decision.allowed) return;
  const masked = `arn:aws:execute-api:${world.region}:********${world.account.slice(-4)}:${within}`;
  const because = decision.explicit
    ? ' with an explicit deny'
    : principal === ANONYMOUS
      ? ''
      : ` because no ${decision.kind}-based policy allows the execute-api:Invoke action`;
  throw new Refused(
    'ACCESS_DENIED',
    'AccessDeniedException',
    `User: ${principal.arn} is not authorized to perform: execute-api:Invoke on resource: ${masked}${because}`,
  );
}

function identityPoliciesOf({ world }: Invocation, principal: Principal): string[] {
  if (principal.kind === 'role') return world.service('iam').policiesOf(principal.roleArn);
  return principal.kind === 'user' && principal !== ANONYMOUS
    ? world.service('iam').policiesOf(principal.arn)
    : [];
}
