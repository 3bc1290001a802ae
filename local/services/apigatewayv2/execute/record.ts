/** What is written down of every request: metrics, and the access log of the stage. */
import type { World } from '../../../world.ts';
import type { WireAnswer } from '../../../wire/message.ts';
import { count, logAccess } from '../../apigateway/execute/record.ts';
import type { Invocation } from './invocation.ts';

export function recording(world: World) {
  return (invocation: Invocation, { status, body }: WireAnswer, latency: number): void => {
    measure(world, invocation, status, latency);
    const { DestinationArn: destinationArn, Format: format } = invocation.stage.AccessLogSettings ?? {};
    logAccess(invocation, { destinationArn, format }, { status, length: body.length, latency });
  };
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html */
function measure(world: World, invocation: Invocation, status: number, latency: number): void {
  const { apiId: ApiId, stage, target, integrationLatency } = invocation;
  const dimensions: Record<string, string>[] = [{ ApiId }, { ApiId, Stage: stage.StageName }];
  const { RouteKey } = target?.route ?? {};
  const settings = { ...stage.DefaultRouteSettings, ...stage.RouteSettings?.[RouteKey ?? ''] };
  const [, Method, Resource] = /^(\S+) (.+)$/.exec(RouteKey ?? '') ?? [];
  if (settings.DetailedMetricsEnabled && Method && Resource)
    dimensions.push({ ApiId, Stage: stage.StageName, Method, Resource });
  count(world, dimensions, { client: '4xx', server: '5xx' }, { status, latency, integrationLatency });
}
