/** Requests of clients to deployed APIs. */
import { AwsError } from '../../errors.ts';
import { bytes, type WireAnswer, type WireRequest } from '../../wire/message.ts';
import type { Apis } from './api.ts';
import type { ApiKeys } from './api-keys.ts';
import type { Address } from './execute/address.ts';
import { admitting } from './execute/admit.ts';
import { authorizing } from './execute/authorize.ts';
import { worded } from './execute/gateway-response.ts';
import { integrated } from './execute/integrate.ts';
import { contextOf, incoming, traceOf, type Invocation } from './execute/invocation.ts';
import type { AuthorizerVerdicts } from './execute/lambda-authorizer.ts';
import { checkSize } from './execute/limits.ts';
import { Refused } from './execute/refused.ts';
import { recording } from './execute/record.ts';
import { routed } from './execute/routing.ts';
import { validate } from './execute/validate.ts';
import type { Quotas } from './quotas.ts';
import type { Plans } from './usage-plans.ts';

/** Answers one request, whatever goes wrong. */
export type Execute = (address: Address, request: WireRequest, requestId: string) => Promise<WireAnswer>;

export function executing(
  apis: Apis,
  keys: ApiKeys,
  plans: Plans,
  quotas: Quotas,
  verdicts: AuthorizerVerdicts,
): Execute {
  const { world } = apis;
  const authorize = authorizing(verdicts);
  const admit = admitting(world, keys, plans, quotas);
  const record = recording(world);

  return async ({ path, ...named }, request, requestId) => {
    const address = { ...named, path: path || '/' };
    const api = apis.all.get(address.apiId);
    const stage = api?.stages.get(address.stage);
    const deployment = stage && api?.deployments.get(stage.deploymentId);
    if (!stage || !deployment || deployment.frozen.settings.disableExecuteApiEndpoint) return NOBODY();
    const traceId = traceOf(request, world);
    const invocation: Invocation = {
      world,
      apiId: address.apiId,
      api: deployment.frozen,
      stage,
      request: incoming(request, address, traceId),
      wire: request,
      context: { ...contextOf(world, address, stage, request, requestId), xrayTraceId: traceId },
    };
    const begun = world.clock.now();
    const answer = await answered(invocation);
    answer.headers['x-amz-apigw-id'] = invocation.context.extendedRequestId;
    record(invocation, answer, world.clock.now() - begun);
    return answer;
  };

  /** The steps in the order in which AWS takes them. */
  async function answered(invocation: Invocation): Promise<WireAnswer> {
    const { api, request, context } = invocation;
    try {
      checkSize(invocation.wire);
      const target = routed(api, request.method, request.path);
      invocation.target = target;
      Object.assign(context, { resourceId: target.resource.id, resourcePath: target.resource.path });
      if (target.method.operationName) context['operationName'] = target.method.operationName;
      await authorize(invocation, target);
      admit(invocation, target);
      validate(invocation, target);
      return await integrated(invocation, target);
    } catch (error) {
      if (error instanceof Refused) return worded(error, invocation);
      return unexpected(error, invocation);
    }
  }

  /** What is not modelled says so; a fault of ours is told to whoever watches. */
  function unexpected(error: unknown, invocation: Invocation): WireAnswer {
    if (error instanceof AwsError) {
      invocation.context['error'] = { message: error.message, messageString: JSON.stringify(error.message) };
      return plainAnswer(error.status ?? 500, error.code, error.message);
    }
    world.activity.tell({ kind: 'fault', error: error instanceof Error ? error.stack : String(error) });
    return plainAnswer(500, 'InternalServerErrorException', 'Internal server error');
  }
}

const plainAnswer = (status: number, errorType: string, message: string): WireAnswer => ({
  status,
  headers: { 'content-type': 'application/json', 'x-amzn-errortype': errorType },
  body: bytes(JSON.stringify({ message })),
});

/** AWS does not say which part of the address is wrong. */
const NOBODY = () => plainAnswer(403, 'ForbiddenException', 'Forbidden');
