/** Amazon CloudWatch: metrics, alarms and dashboards. */
import type { Service, ServiceModule } from '../service.ts';
import type { World } from '../world.ts';
import { alarmOperations } from './monitoring/alarm-operations.ts';
import { alarms as allAlarms } from './monitoring/alarms.ts';
import { dashboardOperations } from './monitoring/dashboards.ts';
import { readOperations } from './monitoring/get-metrics.ts';
import { metersOf } from './monitoring/meters.ts';
import { putMetricData } from './monitoring/put-metric-data.ts';
import { metricStore } from './monitoring/store.ts';
import { tagsOfAlarms } from './monitoring/tags.ts';
import { queryOf } from './monitoring/put-alarm.ts';

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

function monitoring(world: World) {
  const store = metricStore(world);
  const alarms = allAlarms(world);
  world.durable?.onceStarted(() => {
    for (const alarm of alarms.all())
      alarms.put(alarm.kind === 'MetricAlarm' ? { ...alarm, query: queryOf(store, alarm.given) } : alarm);
  });
  const tags = tagsOfAlarms(world);

  const operations = {
    PutMetricData: putMetricData(world, store),
    ...readOperations(world, store),
    ...alarmOperations(world, store, alarms, tags),
    ...dashboardOperations(world),
    ...tags.operations,
  };
  const resources = (_operation: string, input: Named): string[] => {
    const { account, region } = world;
    const names = [...(input.AlarmNames ?? []), ...(input.AlarmName === undefined ? [] : [input.AlarmName])];
    const boards = [
      ...(input.DashboardNames ?? []),
      ...(input.DashboardName === undefined ? [] : [input.DashboardName]),
    ];
    const touched = [
      ...names.map((name) => `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`),
      ...boards.map((name) => `arn:aws:cloudwatch::${account}:dashboard/${name}`),
      ...(input.ResourceARN === undefined ? [] : [input.ResourceARN]),
    ];
    return touched.length > 0 ? touched : ['*'];
  };

  const state = () => ({ metrics: store.all().length, alarms: alarms.all().length });

  return { operations, resources, state, ...metersOf(world, store) } satisfies Service & object;
}

interface Named {
  AlarmName?: string;
  AlarmNames?: string[];
  DashboardName?: string;
  DashboardNames?: string[];
  ResourceARN?: string;
}
