/** Requests of clients to deployed HTTP APIs. */
import { AwsError } from '../../errors.ts';
import type { WireAnswer, WireRequest } from '../../wire/message.ts';
import type { Address } from '../apigateway/execute/address.ts';
import { contextOf, traceOf } from '../apigateway/execute/invocation.ts';
import { tooLargeOf } from '../apigateway/execute/limits.ts';
import { Refused } from '../apigateway/execute/refused.ts';
import type { Execute } from '../apigateway/execute.ts';
import type { Api, Apis, Stage } from './api.ts';
import { admitting } from './execute/admit.ts';
import { said } from './execute/answer.ts';
import { authorizing } from './execute/authorize.ts';
import { preflight, withCors } from './execute/cors.ts';
import { integrated } from './execute/integrate.ts';
import { incoming, type Invocation } from './execute/invocation.ts';
import type { AuthorizerVerdicts } from './execute/lambda-authorizer.ts';
import { recording } from './execute/record.ts';
import { routed } from './execute/routing.ts';

/** Answers one request, whatever goes wrong. */
export function executing(apis: Apis, verdicts: AuthorizerVerdicts): Execute {
  const { world } = apis;
  const authorize = authorizing(world, verdicts);
  const admit = admitting(world);
  const record = recording(world);

  return async (address, wire, requestId) => {
    const { stage, path, api } = stageOf(apis, address);
    const deployment = api?.deployments.get(stage?.DeploymentId ?? '');
    if (!api || !stage || !deployment || api.settings.DisableExecuteApiEndpoint)
      return said(404, 'Not Found');
    const invocation = begun(api, stage, { ...address, path }, wire, requestId);
    const at = world.clock.now();
    const answer = preflight(invocation) ?? withCors(invocation, await answered(invocation));
    answer.headers['apigw-requestid'] = invocation.context.requestId;
    record(invocation, answer, world.clock.now() - at);
    return answer;
  };

  function begun(api: Api, stage: Stage, address: Address, wire: WireRequest, requestId: string): Invocation {
    const { StageName: stageName, DeploymentId: deploymentId = '' } = stage;
    const path = stageName === '$default' ? address.path : `/${stageName}${address.path}`;
    const xrayTraceId = traceOf(wire, world);
    const context = contextOf(world, address, { stageName, deploymentId }, wire, requestId);
    return {
      world,
      apiId: address.apiId,
      definition: api.deployments.get(deploymentId)!.frozen,
      stage: { ...stage, variables: stage.StageVariables },
      request: incoming(wire, address, xrayTraceId),
      wire,
      query: address.query,
      context: { ...context, requestId: context.extendedRequestId, path, xrayTraceId },
    };
  }

  /** The steps in the order in which AWS takes them. */
  async function answered(invocation: Invocation): Promise<WireAnswer> {
    try {
      const tooLarge = tooLargeOf(invocation.wire);
      if (tooLarge) return TOO_LARGE[tooLarge]();
      const target = routed(invocation.definition, invocation.request);
      if (!target) return said(404, 'Not Found');
      invocation.target = target;
      invocation.context['routeKey'] = target.route.RouteKey;
      const refused = await authorize(invocation, target);
      if (refused) return refused;
      if (!admit(invocation, target)) return said(429, 'Too Many Requests');
      return await integrated(invocation, target);
    } catch (error) {
      return failed(error, invocation);
    }
  }
}

/** Whatever is wrong behind the API, its clients see one of two answers; what is not modelled says so. */
function failed(error: unknown, invocation: Invocation): WireAnswer {
  if (error instanceof Refused) {
    invocation.context['integrationErrorMessage'] = error.message;
    return UNAVAILABLE.has(error.type)
      ? said(503, 'Service Unavailable')
      : said(500, 'Internal Server Error');
  }
  if (error instanceof AwsError) return said(error.status ?? 500, error.message);
  invocation.world.activity.tell({
    kind: 'fault',
    error: error instanceof Error ? error.stack : String(error),
  });
  return said(500, 'Internal Server Error');
}

/** A request to `/NAME/…` is for the stage of that name if there is one, else for `$default`. */
function stageOf(apis: Apis, { apiId, stage: first, path }: Address) {
  const api = apis.all.get(apiId);
  const named = api?.stages.get(first);
  if (named) return { api, stage: named, path: path || '/' };
  return { api, stage: api?.stages.get('$default'), path: `/${first}${path}` };
}

const TOO_LARGE = {
  body: () => said(413, 'Request Entity Too Large'),
  headers: () => said(431, 'Request Header Fields Too Large'),
};

const UNAVAILABLE = new Set(['INTEGRATION_TIMEOUT', 'INTEGRATION_FAILURE']);
