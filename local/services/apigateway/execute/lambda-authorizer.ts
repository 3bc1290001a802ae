/** Lambda authorizers of REST APIs. https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html */
import { policyOf } from '../../../policies/document.ts';
import type { Authorizer } from '../api.ts';
import { invoked } from './function.ts';
import { inTime } from './integrate.ts';
import type { Invocation, Target } from './invocation.ts';
import { requestContextOf, saidIn1 } from './lambda-proxy.ts';
import { Refused } from './refused.ts';
import { valueOf } from './substitute.ts';
import type { Verdicts } from './verdicts.ts';

/** What a function said, which may serve several requests. */
interface Verdict {
  /** JSON text. */
  policy: string;
  /** What it told besides, all of it texts, and who it says calls. */
  context: Record<string, string>;
  /** The value of an API key. @default it named none */
  usageKey: string | undefined;
}

export type AuthorizerVerdicts = Verdicts<Authorizer, Verdict>;

/** Of an authorizer, as `method.request.header.Authorization` or `context.path`. */
export const sourcesOf = ({ identitySource = '' }: Authorizer): string[] =>
  identitySource.split(',').flatMap((source) => source.trim() || []);

/** What the function behind a method says of a request. Throws Refused. */
export async function asked(
  invocation: Invocation,
  target: Target,
  verdicts: AuthorizerVerdicts,
): Promise<Verdict> {
  const { api, stage, world, context } = invocation;
  const authorizer = api.authorizers.get(target.method.authorizerId ?? '');
  if (!authorizer) throw failure();
  const identity = identityOf(invocation, authorizer);
  const { authorizerResultTtlInSeconds: seconds = 300 } = authorizer;
  const begun = world.clock.now();
  const verdict = await verdicts.of(authorizer, { stage: stage.stageName, identity, seconds }, () =>
    inTime(verdictOf(invocation, target, authorizer, identity), LONGEST_MS, world.clock).catch(failed),
  );
  context['authorizer'] = { ...verdict.context, integrationLatency: world.clock.now() - begun };
  return verdict;
}

const LONGEST_MS = 29_000;

/** Clients are told nothing but `null`; recorded against AWS. */
const failure = () => new Refused('AUTHORIZER_CONFIGURATION_ERROR', 'AuthorizerConfigurationException', null);

const unauthorized = () => new Refused('UNAUTHORIZED', 'UnauthorizedException', 'Unauthorized');

/** What keeps a function from being asked, or from answering, is a fault of the authorizer. */
function failed(error: unknown): never {
  if (error instanceof Refused && error.type === 'UNAUTHORIZED') throw error;
  if (error instanceof Refused || error instanceof SyntaxError) throw failure();
  throw error;
}

/** A request without one of the sources, or whose token is not of the form that is wanted, is not asked about. */
function identityOf(invocation: Invocation, authorizer: Authorizer): string[] {
  const sources = sourcesOf(authorizer);
  const identity = sources.flatMap((source) => valueOf(invocation, source) || []);
  if (identity.length < sources.length) throw unauthorized();
  const { type, identityValidationExpression: pattern } = authorizer;
  if (type === 'TOKEN' && pattern && !new RegExp(`^(?:${pattern})$`).test(identity[0]!)) throw unauthorized();
  return identity;
}

async function verdictOf(
  invocation: Invocation,
  target: Target,
  authorizer: Authorizer,
  identity: string[],
): Promise<Verdict> {
  const { world, apiId, stage, context } = invocation;
  const { payload, failed: threw } = await invoked(
    { world, place: `${apiId}/authorizers/${authorizer.id}`, role: authorizer.authorizerCredentials },
    {
      uri: authorizer.authorizerUri ?? '',
      variables: stage.variables,
      traceId: String(context['xrayTraceId']),
      event: eventFor(invocation, target, authorizer, identity),
    },
  );
  if (!threw) return read(payload);
  throw (JSON.parse(payload) as { errorMessage?: string }).errorMessage === 'Unauthorized'
    ? unauthorized()
    : failure();
}

/** What policies call the request: `arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/GET/path`. */
export const methodArn = ({ world, apiId, stage, request }: Invocation): string =>
  `arn:aws:execute-api:${world.region}:${world.account}:${apiId}/${stage.stageName}/${request.method}${request.path}`;

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html */
function eventFor(
  invocation: Invocation,
  { resource, pathParameters }: Target,
  { type }: Authorizer,
  identity: string[],
): object {
  const { request, stage, context } = invocation;
  const about = { type, methodArn: methodArn(invocation) };
  if (type === 'TOKEN') return { ...about, authorizationToken: identity[0] };
  const said = saidIn1(request);
  return {
    ...about,
    resource: resource.path,
    path: request.path,
    ...said,
    queryStringParameters: said.queryStringParameters ?? {},
    multiValueQueryStringParameters: said.multiValueQueryStringParameters ?? {},
    pathParameters,
    stageVariables: stage.variables ?? {},
    requestContext: requestContextOf(context),
  };
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html */
function read(payload: string): Verdict {
  const {
    principalId,
    policyDocument,
    context = {},
    usageIdentifierKey,
  } = Object(JSON.parse(payload)) as Record<string, unknown>;
  if (typeof principalId !== 'string' || typeof context !== 'object' || context === null) throw failure();
  const policy = JSON.stringify(policyDocument ?? null);
  policyOf(policy);
  const entries = Object.entries(context);
  if (entries.some(([, value]) => !['string', 'number', 'boolean'].includes(typeof value))) throw failure();
  return {
    policy,
    context: { ...Object.fromEntries(entries.map(([name, value]) => [name, String(value)])), principalId },
    usageKey: typeof usageIdentifierKey === 'string' ? usageIdentifierKey : undefined,
  };
}
