/** What is written down of every request: metrics, and the access log of the stage. */
import type { World } from '../../../world.ts';
import type { WireAnswer } from '../../../wire/message.ts';
import { logAccess } from '../../apigateway/execute/record.ts';
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
  const monitoring = world.service('monitoring');
  for (const one of dimensions) {
    const count = (name: string, value: number) => monitoring.record('AWS/ApiGateway', name, one, value);
    count('Count', 1);
    count('4xx', status >= 400 && status < 500 ? 1 : 0);
    count('5xx', status >= 500 ? 1 : 0);
    monitoring.record('AWS/ApiGateway', 'Latency', one, latency, 'Milliseconds');
    if (integrationLatency !== undefined)
      monitoring.record('AWS/ApiGateway', 'IntegrationLatency', one, integrationLatency, 'Milliseconds');
  }
}
