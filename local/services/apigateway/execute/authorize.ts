/** Who calls a REST API, and whether policies let them. */
import { AwsError } from '../../../errors.ts';
import type { Decision } from '../../../policies/decide.ts';
import type { Principal } from '../../../principal.ts';
import type { ResponseType } from '../gateway-responses.ts';
import { ANONYMOUS, decided, identityOf, identityPoliciesOf, signerOf } from './caller.ts';
import type { Invocation, Target } from './invocation.ts';
import { asked, methodArn, type AuthorizerVerdicts } from './lambda-authorizer.ts';
import { Refused } from './refused.ts';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html */
export const authorizing =
  (verdicts: AuthorizerVerdicts) =>
  async (invocation: Invocation, target: Target): Promise<void> => {
    const { world, api, context, wire } = invocation;
    const { authorizationType } = target.method;
    if (authorizationType === 'CUSTOM') return byFunction(invocation, target, verdicts);
    const signed = authorizationType === 'AWS_IAM';
    const principal = signed ? signer(invocation) : ANONYMOUS;
    if (signed) Object.assign(context.identity, identityOf(principal, wire));
    if (world.policies === 'off' || (!signed && !api.settings.policy)) return;
    const decision = decisionOf(invocation, principal, identityPoliciesOf(world, principal));
    if (!decision.allowed) throw denied(invocation, principal, decision);
  };

/** The API's policy may keep a request out before the function is asked, and let in what the function is silent on. */
async function byFunction(
  invocation: Invocation,
  target: Target,
  verdicts: AuthorizerVerdicts,
): Promise<void> {
  const first = decisionOf(invocation, ANONYMOUS, []);
  if (!first.allowed && first.explicit) throw denied(invocation, ANONYMOUS, first);
  const { policy, usageKey } = await asked(invocation, target, verdicts);
  invocation.usageKey = usageKey;
  const decision = decisionOf(invocation, ANONYMOUS, [policy]);
  if (decision.allowed) return;
  // Recorded against AWS, in 2026.
  const because = decision.explicit ? ' with an explicit deny in an identity-based policy' : '';
  throw accessDenied(`User is not authorized to access this resource${because}`);
}

function signer({ world, wire }: Invocation): Principal {
  try {
    return signerOf(world, wire);
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

function decisionOf(invocation: Invocation, principal: Principal, identityPolicies: string[]): Decision {
  const { world, api, apiId, wire, context } = invocation;
  const own = `arn:aws:execute-api:${world.region}:${world.account}:${apiId}/`;
  return decided(world, {
    wire,
    requestId: context.requestId,
    principal,
    resource: methodArn(invocation),
    identityPolicies,
    // `execute-api:/stage/GET/path` stands for this API's own.
    ...(world.policies !== 'off' && {
      resourcePolicy: api.settings.policy?.replaceAll('"execute-api:/', `"${own}`),
    }),
  });
}

function denied(
  invocation: Invocation,
  principal: Principal,
  { explicit, kind }: Extract<Decision, { allowed: false }>,
): Refused {
  const { account } = invocation.world;
  const masked = methodArn(invocation).replace(`:${account}:`, `:********${account.slice(-4)}:`);
  const because = explicit
    ? ' with an explicit deny'
    : principal === ANONYMOUS
      ? ''
      : ` because no ${kind}-based policy allows the execute-api:Invoke action`;
  return accessDenied(
    `User: ${principal.arn} is not authorized to perform: execute-api:Invoke on resource: ${masked}${because}`,
  );
}

const accessDenied = (message: string) => new Refused('ACCESS_DENIED', 'AccessDeniedException', message);
