/** Who calls a REST API, and whether policies let them. */
import { AwsError } from '../../../errors.ts';
import type { Principal } from '../../../principal.ts';
import type { ResponseType } from '../gateway-responses.ts';
import { ANONYMOUS, decided, identityOf, identityPoliciesOf, signerOf } from './caller.ts';
import type { Invocation, Target } from './invocation.ts';
import { Refused } from './refused.ts';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html */
export function authorize(invocation: Invocation, { method }: Target): void {
  const { world, api, context, wire } = invocation;
  const signed = method.authorizationType === 'AWS_IAM';
  const principal = signed ? signer(invocation) : ANONYMOUS;
  if (signed) Object.assign(context.identity, identityOf(principal, wire));
  if (world.policies === 'off' || (!signed && !api.settings.policy)) return;
  checkPolicies(invocation, principal);
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

function checkPolicies(invocation: Invocation, principal: Principal): void {
  const { world, api, apiId, stage, request, wire, context } = invocation;
  const within = `${apiId}/${stage.stageName}/${request.method}${request.path}`;
  const all = `arn:aws:execute-api:${world.region}:${world.account}:`;
  const decision = decided(world, {
    wire,
    requestId: context.requestId,
    principal,
    resource: all + within,
    identityPolicies: identityPoliciesOf(world, principal),
    // `execute-api:/stage/GET/path` stands for this API's own.
    resourcePolicy: api.settings.policy?.replaceAll('"execute-api:/', `"${all}${apiId}/`),
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
