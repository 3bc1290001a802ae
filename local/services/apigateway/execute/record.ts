/** What is written down of every request: metrics, and the stage's logs. */
import type { AccessLogSettings } from '@aws-sdk/client-api-gateway';
import type { World } from '../../../world.ts';
import type { WireAnswer } from '../../../wire/message.ts';
import { settingOf } from '../method-settings.ts';
import { logExecution } from './execution-log.ts';
import type { Invocation } from './invocation.ts';
import { substituted, type Known } from './substitute.ts';

export function recording(world: World) {
  return (invocation: Invocation, answer: WireAnswer, latency: number): void => {
    const { status, body } = answer;
    measure(world, invocation, status, latency);
    logExecution(invocation, answer);
    logAccess(invocation, invocation.stage.accessLogSettings, { status, length: body.length, latency });
  };
}

/** Writes the line of a request that its stage wants. */
export function logAccess(
  invocation: Known & Pick<Invocation, 'world' | 'apiId' | 'integrationLatency'>,
  { destinationArn, format }: AccessLogSettings = {},
  { status, length, latency }: { status: number; length: number; latency: number },
): void {
  if (destinationArn === undefined || format === undefined) return;
  const { world, context, apiId, integrationLatency } = invocation;
  Object.assign(context, {
    status,
    responseLength: length,
    responseLatency: latency,
    ...(integrationLatency !== undefined && { integrationLatency }),
  });
  const group = destinationArn.split(':')[6]!;
  const message = substituted(format, invocation, '-');
  world
    .service('logs')
    .append(group, streamOf(apiId, String(context['stage'])), [{ timestamp: world.clock.now(), message }]);
}

/** Each stage writes into one stream here; on AWS into hundreds. */
const streamOf = (apiId: string, stage: string) => `${apiId}/${stage}`;

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html */
function measure(world: World, invocation: Invocation, status: number, latency: number): void {
  const { api, stage, target, integrationLatency } = invocation;
  const ApiName = api.settings.name;
  const dimensions: Record<string, string>[] = [{ ApiName }, { ApiName, Stage: stage.stageName }];
  if (target) {
    const { resource, method } = target;
    if (settingOf(stage, resource.path, method.httpMethod).metricsEnabled)
      dimensions.push({
        ApiName,
        Stage: stage.stageName,
        Resource: resource.path,
        Method: method.httpMethod,
      });
  }
  const errors = { client: '4XXError', server: '5XXError' };
  count(world, dimensions, errors, { status, latency, integrationLatency });
}

/** Counts a request under each set of dimensions. REST and HTTP APIs name their errors differently. */
export function count(
  world: World,
  dimensions: readonly Record<string, string>[],
  errors: { client: string; server: string },
  {
    status,
    latency,
    integrationLatency,
  }: { status: number; latency: number; integrationLatency: number | undefined },
): void {
  const monitoring = world.service('monitoring');
  for (const one of dimensions) {
    const add = (name: string, value: number) => monitoring.record('AWS/ApiGateway', name, one, value);
    add('Count', 1);
    add(errors.client, status >= 400 && status < 500 ? 1 : 0);
    add(errors.server, status >= 500 ? 1 : 0);
    monitoring.record('AWS/ApiGateway', 'Latency', one, latency, 'Milliseconds');
    if (integrationLatency !== undefined)
      monitoring.record('AWS/ApiGateway', 'IntegrationLatency', one, integrationLatency, 'Milliseconds');
  }
}
