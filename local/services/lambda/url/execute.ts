/** Requests to function URLs. */
import { AwsError } from '../../../errors.ts';
import type { Principal } from '../../../principal.ts';
import type { WireAnswer, WireRequest } from '../../../wire/message.ts';
import type { World } from '../../../world.ts';
import type { Address } from '../../apigateway/execute/address.ts';
import { ANONYMOUS, identityOf } from '../../apigateway/execute/caller.ts';
import { contextOf, traceOf, type Incoming } from '../../apigateway/execute/invocation.ts';
import { iamOf } from '../../apigatewayv2/execute/authorize.ts';
import { preflight, told } from '../../apigatewayv2/execute/cors.ts';
import { eventIn2 } from '../../apigatewayv2/execute/events.ts';
import { incoming } from '../../apigatewayv2/execute/invocation.ts';
import type { FunctionUrl } from '../function.ts';
import { checkSize } from '../invoke.ts';
import type { Registry } from '../registry.ts';
import type { Invoke } from '../run.ts';
import { answerOfFunction, broken, nobody, refusalOf } from './answer.ts';
import { permitted, type Asked } from './permit.ts';

/** Answers one request, whatever goes wrong. */
export function executing(registry: Registry, invoke: Invoke) {
  const { world, functions, resolved, meter } = registry;

  return async (address: Address, wire: WireRequest, requestId: string): Promise<WireAnswer> => {
    const asked = askedBy(functions.values(), address.apiId);
    if (!asked) return nobody();
    const at = world.clock.now();
    const traceId = traceOf(wire, world);
    const request = requestOf(wire, address, traceId);
    const { Cors: cors } = asked.url;
    const first = preflight({ request, definition: { cors } });
    const answer = first
      ? { ...first, status: 200 }
      : withCors(asked.url, request, await answered(asked, { address, wire, requestId, traceId, request }));
    answer.headers['x-amzn-trace-id'] = traceId;
    const { UrlRequestCount, UrlRequestLatency, Url4xxCount, Url5xxCount } = meter(asked.fn.name);
    UrlRequestCount(1);
    UrlRequestLatency(world.clock.now() - at);
    Url4xxCount(answer.status >= 400 && answer.status < 500 ? 1 : 0);
    Url5xxCount(answer.status >= 500 ? 1 : 0);
    return answer;
  };

  async function answered(asked: Asked, said: Said): Promise<WireAnswer> {
    const { wire, requestId, traceId } = said;
    try {
      const principal = permitted(world, asked, wire, requestId);
      const payload = JSON.stringify(eventOf(world, principal, said));
      checkSize(Buffer.byteLength(payload));
      const target = resolved(asked.url.FunctionArn);
      return answerOfFunction(await invoke(target, { requestId, payload, traceId }));
    } catch (error) {
      if (error instanceof AwsError) return refusalOf(error);
      world.activity.tell({ kind: 'fault', error: error instanceof Error ? error.stack : String(error) });
      return broken();
    }
  }
}

function askedBy(functions: Iterable<Asked['fn']>, id: string): Asked | undefined {
  for (const fn of functions)
    for (const [qualifier, url] of fn.urls)
      if (url.FunctionUrl.startsWith(`https://${id}.`)) return { fn, qualifier, url };
  return undefined;
}

/** Unlike an HTTP API, a URL says nothing of the length of no body. */
function requestOf(wire: WireRequest, address: Address, traceId: string): Incoming {
  const request = incoming(wire, address, traceId);
  const headers = request.headers.filter(([name]) => wire.body.length > 0 || name !== 'Content-Length');
  return { ...request, headers };
}

interface Said {
  address: Address;
  wire: WireRequest;
  requestId: string;
  traceId: string;
  request: Incoming;
}

/**
 * As an HTTP API says it in payload format 2.0, without routes and stages; under the name that AWS has for the host. As
 * recorded in https://docs.powertools.aws.dev/lambda/typescript/latest/api/variables/_aws-lambda-powertools_parser.schemas.LambdaFunctionUrlSchema.html
 */
function eventOf(world: World, principal: Principal, { address, wire, requestId, request }: Said): object {
  const host = address.host?.replace(/\.localhost$/, '.on.aws');
  const stage = { stageName: '$default', deploymentId: '' };
  const signed = principal !== ANONYMOUS;
  const context = {
    ...contextOf(world, { ...address, ...(host !== undefined && { host }) }, stage, wire, requestId),
    path: address.path,
    accountId: signed ? principal.account : 'anonymous',
  };
  return eventIn2(
    {
      request,
      context,
      query: address.query,
      stage: { variables: undefined },
      ...(signed && { authorizer: iamOf(identityOf(principal, wire)) }),
    },
    { route: { RouteKey: '$default' }, pathParameters: {} },
  );
}

/** What a function says of CORS stands beside what its URL says, so that both saying it is too much for browsers. */
function withCors({ Cors: cors }: FunctionUrl, request: Incoming, answer: WireAnswer): WireAnswer {
  for (const [name, value] of Object.entries(cors ? told(cors, request) : {})) {
    const own = answer.headers[name];
    answer.headers[name] = own === undefined ? value : [own, value].flat();
  }
  return answer;
}
