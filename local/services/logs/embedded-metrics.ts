import type { World } from '../../world.ts';

interface Embedded {
  _aws?: {
    CloudWatchMetrics?: { Namespace: string; Dimensions?: string[][]; Metrics?: { Name: string }[] }[];
  };
  [member: string]: unknown;
}

/**
 * Records the metrics that a log event carries in the embedded metric format.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function embeddedMetrics(world: World, message: string): void {
  if (!message.includes('"_aws"')) return;
  const event = parsed(message);
  for (const { Namespace, Dimensions = [[]], Metrics = [] } of event?._aws?.CloudWatchMetrics ?? [])
    for (const names of Dimensions) {
      const dimensions = Object.fromEntries(names.map((name) => [name, String(event![name])]));
      for (const { Name } of Metrics)
        for (const value of [event![Name]].flat())
          if (typeof value === 'number')
            world.service('monitoring').record(Namespace, Name, dimensions, value);
    }
}

/** Lambda's text format puts time, request and level before what a function writes. */
function parsed(message: string): Embedded | undefined {
  try {
    return JSON.parse(message.slice(message.indexOf('{'))) as Embedded;
  } catch {
    return undefined;
  }
}
