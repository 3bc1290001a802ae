/** What the filters of a log group make of new events: metrics, and invocations of functions. */
import { gzipSync } from 'node:zlib';
import { tasks } from '../../durability/tasks.ts';
import type { World } from '../../world.ts';
import { patternOf, type MetricFilter, type SubscriptionFilter } from './filters.ts';
import type { LogGroup, StoredEvent } from './store.ts';
import { logsFor } from './subscription-filters.ts';

const MINUTE = 60_000;

/** @param arn of a group by its name */
export function watching(world: World, arn: (group: string) => string) {
  const counted = counting(world);
  const begin = tasks(world, 'logs/deliveries', (delivery: Delivery) => deliver(world, delivery));

  return (group: LogGroup, logStream: string, events: StoredEvent[]) => {
    for (const filter of group.metricFilters.values()) counted(filter, events);
    for (const filter of group.subscriptionFilters.values()) {
      const logEvents = wanted(filter, events);
      if (logEvents.length === 0) continue;
      const { service, destinationArn, filterName } = filter;
      const message = {
        messageType: 'DATA_MESSAGE',
        owner: world.account,
        logGroup: group.name,
        logStream,
        subscriptionFilters: [filterName],
        logEvents,
      };
      begin({ service, group: arn(group.name), destinationArn, message: JSON.stringify(message) });
    }
  };
}

interface Delivery {
  service: string;
  /** ARN */
  group: string;
  destinationArn: string;
  message: string;
}

/** What a function refuses is lost. https://docs.aws.amazon.com/lambda/latest/dg/services-cloudwatchlogs.html */
async function deliver(world: World, { service, group, destinationArn, message }: Delivery): Promise<void> {
  const data = gzipSync(message).toString('base64');
  await world
    .call(logsFor(world, service, group), 'lambda', 'Invoke', {
      FunctionName: destinationArn,
      InvocationType: 'Event',
      Payload: Buffer.from(JSON.stringify({ awslogs: { data } })),
    })
    .catch((error: unknown) =>
      world.activity.tell({ kind: 'delivery', from: group, to: destinationArn, error: String(error) }),
    );
}

function wanted(filter: SubscriptionFilter, events: StoredEvent[]): object[] {
  const { match } = patternOf(filter);
  return events.flatMap(({ id, timestamp, message }) => {
    const fields = match(message);
    if (!fields) return [];
    const extractedFields = fields.extracted;
    return {
      id: String(id).padStart(56, '0'),
      timestamp,
      message,
      ...(Object.keys(extractedFields).length > 0 && { extractedFields }),
    };
  });
}

/**
 * Values go to the minute of their events. The default value is for minutes in which events came and none of them matched.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringLogData.html
 */
function counting(world: World) {
  const { clock } = world;
  /** When a filter has matched last, and for which minute its default value waits. */
  const seen = new WeakMap<MetricFilter, { matched: number; waiting: number }>();

  const defaulted = (filter: MetricFilter, matches: boolean) => {
    const { defaultValue } = filter.transformation;
    if (defaultValue === undefined) return;
    const minute = Math.floor(clock.now() / MINUTE);
    const state = seen.get(filter) ?? { matched: -1, waiting: -1 };
    seen.set(filter, state);
    if (matches) state.matched = minute;
    else if (state.matched !== minute && state.waiting !== minute) {
      state.waiting = minute;
      clock.after((minute + 1) * MINUTE - 1 - clock.now(), () => {
        if (state.matched !== minute) record(world, filter, {}, defaultValue, clock.now());
      });
    }
  };

  return (filter: MetricFilter, events: StoredEvent[]) => {
    const { match } = patternOf(filter);
    const { metricValue = '', dimensions = {} } = filter.transformation;
    let matched = false;
    for (const { timestamp, message } of events) {
      const fields = match(message);
      if (!fields) continue;
      matched = true;
      const value = Number(metricValue.startsWith('$') ? (fields.valueOf(metricValue) ?? NaN) : metricValue);
      const named = Object.entries(dimensions).map(([name, selector]) => [name, fields.valueOf(selector)]);
      if (Number.isNaN(value) || named.some(([, text]) => text === undefined)) continue;
      record(world, filter, Object.fromEntries(named) as Record<string, string>, value, timestamp);
    }
    defaulted(filter, matched);
  };
}

function record(
  world: World,
  { transformation }: MetricFilter,
  dimensions: Record<string, string>,
  value: number,
  time: number,
): void {
  const { metricNamespace = '', metricName = '', unit = 'None' } = transformation;
  world.service('monitoring').record(metricNamespace, metricName, dimensions, value, unit, time);
}
