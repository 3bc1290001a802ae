/** Lambda authorizers. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html */
import type { WireAnswer } from '../../../wire/message.ts';
import { ANONYMOUS, decided } from '../../apigateway/execute/caller.ts';
import { invoked } from '../../apigateway/execute/function.ts';
import { Refused } from '../../apigateway/execute/refused.ts';
import type { Verdicts } from '../../apigateway/execute/verdicts.ts';
import type { Authorizer } from '../api.ts';
import { said } from './answer.ts';
import { eventIn1, eventIn2 } from './events.ts';
import { routeArn, selected, type Invocation, type Target } from './invocation.ts';

/** What a function said, which may serve several requests. */
interface Verdict {
  /** Whether all is allowed; or a policy, as JSON text. */
  allows: boolean | string;
  principalId?: string | undefined;
  context: object | null;
}

export type AuthorizerVerdicts = Verdicts<Authorizer, Verdict>;

export function lambdaAuthorizing(verdicts: AuthorizerVerdicts) {
  return async (
    invocation: Invocation,
    target: Target,
    authorizer: Authorizer,
  ): Promise<WireAnswer | undefined> => {
    const { context } = invocation;
    const sources = authorizer.IdentitySource ?? [];
    const identity = sources.flatMap((source) => selected(invocation, source) ?? []);
    if (identity.length < sources.length) return said(401, 'Unauthorized');
    try {
      const { AuthorizerResultTtlInSeconds: seconds = 0 } = authorizer;
      const named = { stage: invocation.stage.StageName, identity, seconds };
      const verdict = await verdicts.of(authorizer, named, () =>
        verdictOf(invocation, target, authorizer, identity),
      );
      invocation.authorizer = { lambda: verdict.context };
      context['authorizer'] = { ...verdict.context, principalId: verdict.principalId };
      return lets(invocation, verdict) ? undefined : said(403, 'Forbidden');
    } catch (error) {
      if (!(error instanceof Refused || error instanceof NoVerdict || error instanceof SyntaxError))
        throw error;
      context['authorizer'] = { error: error.message };
      return said(500, 'Internal Server Error');
    }
  };
}

function lets(invocation: Invocation, { allows }: Verdict): boolean {
  if (typeof allows === 'boolean') return allows;
  const { world, wire, context } = invocation;
  return decided(world, {
    wire,
    requestId: context.requestId,
    principal: ANONYMOUS,
    resource: routeArn(invocation),
    identityPolicies: [allows],
  }).allowed;
}

/** What a function answered is none. */
class NoVerdict extends Error {}

async function verdictOf(
  invocation: Invocation,
  target: Target,
  authorizer: Authorizer,
  identity: string[],
): Promise<Verdict> {
  const { world, apiId, stage, context } = invocation;
  const { AuthorizerId, AuthorizerUri = '', AuthorizerCredentialsArn: role } = authorizer;
  const { payload, failed } = await invoked(
    { world, place: `${apiId}/authorizers/${AuthorizerId}`, role },
    {
      uri: AuthorizerUri,
      variables: stage.variables,
      traceId: String(context['xrayTraceId']),
      event: eventFor(invocation, target, authorizer, identity),
    },
  );
  if (failed) throw new NoVerdict('The Lambda authorizer failed.');
  return read(payload, authorizer.EnableSimpleResponses === true);
}

function eventFor(
  invocation: Invocation,
  target: Target,
  { AuthorizerPayloadFormatVersion }: Authorizer,
  identity: string[],
): object {
  const type = 'REQUEST';
  const arn = routeArn(invocation);
  if (AuthorizerPayloadFormatVersion === '2.0') {
    const { version, body: _body, isBase64Encoded: _binary, ...said } = eventIn2(invocation, target);
    return { version, type, routeArn: arn, identitySource: identity, ...said };
  }
  const {
    version,
    body: _body,
    isBase64Encoded: _binary,
    multiValueHeaders: _headers,
    multiValueQueryStringParameters: _query,
    ...said
  } = eventIn1(invocation, target);
  const authorizationToken = identity.join(',');
  return { version, type, methodArn: arn, identitySource: authorizationToken, authorizationToken, ...said };
}

function read(payload: string, simple: boolean): Verdict {
  const {
    isAuthorized,
    principalId,
    policyDocument,
    context = null,
  } = Object(JSON.parse(payload)) as {
    isAuthorized?: unknown;
    principalId?: unknown;
    policyDocument?: unknown;
    context?: object | null;
  };
  if (simple && typeof isAuthorized === 'boolean') return { allows: isAuthorized, context };
  if (!simple && typeof principalId === 'string' && typeof policyDocument === 'object')
    return { allows: JSON.stringify(policyDocument), principalId, context };
  throw new NoVerdict('The Lambda authorizer answered in an invalid format.');
}
