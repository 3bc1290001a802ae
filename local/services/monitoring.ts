/** Amazon CloudWatch: metrics and alarms. */
import type { Operation, ServiceModule } from '../service.ts';
import type { World } from '../world.ts';

declare module '../world.ts' {
  interface Services {
    monitoring: Monitoring;
  }
}

export default {
  sdk: [() => import('@aws-sdk/client-cloudwatch')],
  start: monitoring,
} satisfies ServiceModule;

type Monitoring = ReturnType<typeof monitoring>;

function monitoring(_world: World) {
  const operations: Record<string, Operation> = {};
  return {
    operations,
    /** Adds a value to a metric of a service; cheap. */
    record: (namespace: string, metric: string, dimensions: Record<string, string>, value: number) =>
      meter(namespace, metric, dimensions)(value),
    /** The same for a metric that is recorded often. */
    meter,
  };
}

const meter =
  (_namespace: string, _metric: string, _dimensions: Record<string, string>) => (_value: number) => {};
