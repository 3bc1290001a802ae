/**
 * The way in: a request as it stands on the wire becomes a call of an operation, and its outcome an answer in the same
 * protocol. Node's server and the clients of a test use the same function, so a test needs no socket.
 */
import type { Dispatch } from '../dispatch.ts';
import { AwsError } from '../errors.ts';
import { LostAnswer } from '../faults/failing.ts';
import type { Principal } from '../principal.ts';
import type { Call, ServiceModule } from '../service.ts';
import { addressOf } from '../services/apigateway/execute/address.ts';
import { urlAddressOf } from '../services/lambda/url/address.ts';
import type { World } from '../world.ts';
import { unchunked } from './chunked.ts';
import { refusalOf } from './failure.ts';
import { identify } from './identity.ts';
import { latest } from './latest.ts';
import { EMPTY, type WireAnswer, type WireRequest } from './message.ts';
import type { OperationModel } from './model.ts';
import { modelsOf } from './models.ts';
import { protocolsWith } from './protocols.ts';
import { nullValues, requiredIn } from './required.ts';
import { routeOf, type Route } from './route.ts';

export type { WireAnswer, WireRequest } from './message.ts';

/** Never rejects: whatever goes wrong becomes an answer. */
export type Wire = (request: WireRequest) => Promise<WireAnswer>;

export function wire(world: World, dispatch: Dispatch, modules: Record<string, ServiceModule>): Wire {
  const models = modelsOf(modules, world.clock);
  const spoken = protocolsWith(world.clock);

  const answered = async (request: WireRequest, requestId: string): Promise<WireAnswer> => {
    let route: Route | undefined;
    try {
      route = await routeOf(request, models);
      const { operation } = route;
      const principal = identify(world, request, route);
      const whole = unchunked(request);
      const { read, write } = await spoken(route.protocol);
      const input = read(route, whole);
      refuseMissing(operation, input, modules[operation.model.service]!);
      const output = await dispatch(
        operation.model.service,
        operation.name,
        input,
        callOf(route, whole, requestId, principal),
      );
      return write(route, output ?? {}, request, requestId);
    } catch (error) {
      if (error instanceof LostAnswer) return { status: 0, headers: {}, body: EMPTY, lost: true };
      if (!(error instanceof AwsError))
        world.activity.tell({ kind: 'fault', error: error instanceof Error ? error.stack : String(error) });
      const { fail } = await spoken(route?.protocol ?? protocolOf(request));
      return fail(refusalOf(error, route?.operation.model, requestId), request);
    }
  };

  const callOf = (
    { protocol }: Route,
    { headers, whenGone }: WireRequest,
    requestId: string,
    principal: Principal,
  ): Call => ({
    principal,
    requestId,
    account: world.account,
    region: world.region,
    endpoint: headers.host === undefined ? world.endpoint() : `http://${headers.host}`,
    protocol,
    headers,
    whenGone,
    now: world.clock.now,
  });

  return async (request) => {
    const requestId = world.random.uuid();
    const deployed = deployedAt(world, request);
    const answer = deployed
      ? await deployed.execute(deployed.address, request, requestId)
      : await answered(request, requestId);
    answer.headers['date'] = dateOf(Math.floor(world.clock.now() / 1000)); // SDKs correct their own clock by it
    answer.headers['x-amzn-requestid'] = requestId;
    // the answer to a HEAD says how long the body would be
    if (request.method !== 'HEAD') answer.headers['content-length'] = String(answer.body.length);
    return answer;
  };
}

/** What was deployed to answer a request: an API or a function. @default the request is for a service */
function deployedAt(world: World, request: WireRequest) {
  const url = urlAddressOf(request);
  if (url) return { address: url, execute: world.service('lambda').execute };
  const address = addressOf(request);
  if (!address) return undefined;
  const http = world.service('apigatewayv2');
  const { execute } = http.has(address.apiId) ? http : world.service('apigateway');
  return { address, execute };
}

/** A second since 1970 as HTTP writes it. */
const dateOf = latest((second: number) => new Date(second * 1000).toUTCString());

const required = new WeakMap<OperationModel, ReturnType<typeof requiredIn>>();

function refuseMissing(operation: OperationModel, input: object, { missing = nullValues }: ServiceModule) {
  if (!required.has(operation)) required.set(operation, requiredIn(operation.input));
  const paths = required.get(operation)?.(input) ?? [];
  const refusal = paths.length > 0 && missing(paths);
  if (refusal) throw refusal;
}

/** How to answer a request that could not be routed. */
function protocolOf({ headers }: WireRequest): Route['protocol'] {
  if (headers['x-amz-target'] !== undefined) return 'json';
  if (headers['smithy-protocol'] === 'rpc-v2-cbor') return 'cbor';
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return 'query';
  return headers['content-type']?.includes('json') ? 'rest-json' : 'rest-xml';
}
