/** Whether a route lets a request in, as it is said to decide. */
import { AwsError } from '../../../errors.ts';
import type { Principal } from '../../../principal.ts';
import type { WireAnswer } from '../../../wire/message.ts';
import type { World } from '../../../world.ts';
import { decided, identityOf, identityPoliciesOf, signerOf } from '../../apigateway/execute/caller.ts';
import { said } from './answer.ts';
import { routeArn, type Invocation, type Target } from './invocation.ts';
import { lambdaAuthorizing, type AuthorizerVerdicts } from './lambda-authorizer.ts';
import { jwtAuthorizing } from './jwt-authorizer.ts';

/** Notes in the invocation who calls; answers those who may not. */
type Authorize = (invocation: Invocation, target: Target) => Promise<WireAnswer | undefined>;

export function authorizing(world: World, verdicts: AuthorizerVerdicts): Authorize {
  const byToken = jwtAuthorizing(world);
  const byFunction = lambdaAuthorizing(verdicts);
  return async (invocation, target) => {
    const { AuthorizationType, AuthorizerId = '' } = target.route;
    if (AuthorizationType === 'AWS_IAM') return bySignature(invocation);
    const authorizer = invocation.definition.authorizers.get(AuthorizerId);
    if (!authorizer) return undefined;
    return authorizer.AuthorizerType === 'JWT'
      ? byToken(invocation, target, authorizer)
      : byFunction(invocation, target, authorizer);
  };
}

/**
 * Clients are told nothing but that it is forbidden.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html
 */
function bySignature(invocation: Invocation): WireAnswer | undefined {
  const { world, wire, context } = invocation;
  const principal = signer(invocation);
  if (!principal) return said(403, 'Forbidden');
  const identity = identityOf(principal, wire);
  Object.assign(context.identity, identity);
  invocation.authorizer = iamOf(identity);
  if (world.policies === 'off') return undefined;
  const { allowed } = decided(world, {
    wire,
    requestId: context.requestId,
    principal,
    resource: routeArn(invocation),
    identityPolicies: identityPoliciesOf(world, principal),
  });
  return allowed ? undefined : said(403, 'Forbidden');
}

/** What events in format 2.0 say of who signed. */
export function iamOf(identity: Record<string, string>): object {
  const { accessKey, accountId, caller: callerId, userArn, user: userId } = identity;
  const none = { cognitoIdentity: null, principalOrgId: null };
  return { iam: { accessKey, accountId, callerId, ...none, userArn, userId } };
}

function signer({ world, wire }: Invocation): Principal | undefined {
  try {
    return signerOf(world, wire);
  } catch (error) {
    if (error instanceof AwsError) return undefined;
    throw error;
  }
}
