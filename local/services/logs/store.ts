import { AwsError } from '../../errors.ts';
import type { LogLine } from '../../hosts/host.ts';
import type { World } from '../../world.ts';
import { embeddedMetrics } from './embedded-metrics.ts';
import type { MetricFilter, SubscriptionFilter } from './filters.ts';
import { keepGroups, type EventsOf } from './kept.ts';
import { watching } from './watched.ts';

/** Log groups with their streams. */
export interface LogStore {
  world: World;
  groups: Map<string, LogGroup>;
  arn(group: string): string;
  /** Throws ResourceNotFoundException. `reference` is a name or an ARN. */
  groupOf(reference: string | undefined): LogGroup;
  /** Adds events to a stream, making group and stream if need be. */
  append(group: string, stream: string, events: LogLine[]): void;
  /** To be told of streams that are gone, so that nothing of them outlives the process. */
  forget(group: string, streams: Iterable<string>): void;
}

export interface LogGroup {
  name: string;
  created: number;
  streams: Map<string, LogStream>;
  /** In days. @default for ever */
  retention: number | undefined;
  tags: Record<string, string>;
  /** As it was given. @default the key is AWS's own */
  kmsKeyId?: string | undefined;
  /** By name, as are the next. */
  metricFilters: Map<string, MetricFilter>;
  subscriptionFilters: Map<string, SubscriptionFilter>;
  /** Of all messages that are kept. */
  bytes: number;
}

export interface LogStream {
  name: string;
  created: number;
  /** In the order of their arrival. */
  events: StoredEvent[];
  lastIngested: number;
}

export interface StoredEvent extends LogLine {
  ingested: number;
  /** Rises over the whole store. */
  id: number;
}

/** What a group keeps in memory; beyond it the oldest events go. */
const GROUP_BYTES = 32 * 2 ** 20;

export function logStore(world: World): LogStore {
  const groups = new Map<string, LogGroup>();
  const eventsOf = world.durable && keepGroups(world.durable, groups);
  let nextId = 0;
  for (const group of groups.values())
    for (const { events } of group.streams.values())
      for (const { message, id } of events) {
        group.bytes += sizeOf(message);
        nextId = Math.max(nextId, id + 1);
      }
  const newest = <T>(into: Map<string, T>, name: string, value: T): T => {
    world.durable?.changed('logs');
    return made(into, name, value);
  };
  const forget = (group: string, streams: Iterable<string>) => {
    if (eventsOf) for (const stream of streams) eventsOf(group, stream).clear();
  };

  const arn = (group: string) => `arn:aws:logs:${world.region}:${world.account}:log-group:${group}`;
  const watched = watching(world, arn);

  return {
    world,
    groups,
    arn,
    groupOf(reference = '') {
      const name = reference.startsWith('arn:') ? reference.split(':')[6]! : reference;
      const group = groups.get(name);
      if (!group) throw notFound('The specified log group does not exist.');
      return group;
    },
    append(name, streamName, events) {
      const now = world.clock.now();
      const group = groups.get(name) ?? newest(groups, name, newGroup(name, now));
      const stream =
        group.streams.get(streamName) ?? newest(group.streams, streamName, newStream(streamName, now));
      const kept = eventsOf?.(name, streamName);
      stream.lastIngested = now;
      const before = stream.events.length;
      for (const { timestamp, message } of events) {
        const event = { timestamp, message, ingested: now, id: nextId++ };
        stream.events.push(event);
        kept?.put(String(event.id), event);
        group.bytes += sizeOf(message);
        if (message.includes('"_aws"')) embeddedMetrics(world, message);
      }
      if (group.metricFilters.size + group.subscriptionFilters.size > 0)
        watched(group, streamName, stream.events.slice(before));
      if (group.bytes > GROUP_BYTES) shrink(group, eventsOf);
      if (group.retention !== undefined) expire(group, now, eventsOf);
    },
    forget,
  };
}

export const newGroup = (name: string, created: number): LogGroup => ({
  name,
  created,
  streams: new Map(),
  retention: undefined,
  tags: {},
  metricFilters: new Map(),
  subscriptionFilters: new Map(),
  bytes: 0,
});

export const newStream = (name: string, created: number): LogStream => ({
  name,
  created,
  events: [],
  lastIngested: created,
});

export const notFound = (message: string): AwsError => new AwsError('ResourceNotFoundException', message);

/** Each event counts 26 bytes besides its text. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html */
const sizeOf = (message: string) => message.length + 26;

function made<T>(into: Map<string, T>, name: string, value: T): T {
  into.set(name, value);
  return value;
}

/** Drops the oldest tenth: whole streams as far as that goes, else the first events of the oldest. */
function shrink(group: LogGroup, eventsOf: EventsOf | undefined): void {
  const byAge = [...group.streams.values()].toSorted((a, b) => a.lastIngested - b.lastIngested);
  for (const stream of byAge) {
    if (group.bytes <= GROUP_BYTES * 0.9) return;
    const last = stream === byAge.at(-1);
    const dropped = last ? stream.events.splice(0, Math.ceil(stream.events.length / 10)) : stream.events;
    const kept = eventsOf?.(group.name, stream.name);
    for (const { message, id } of dropped) {
      group.bytes -= sizeOf(message);
      kept?.delete(String(id));
    }
    if (!last) group.streams.delete(stream.name);
  }
}

function expire(group: LogGroup, now: number, eventsOf: EventsOf | undefined): void {
  const before = now - group.retention! * 86_400_000;
  for (const { name, events } of group.streams.values())
    for (let oldest = events[0]; oldest && oldest.timestamp < before; oldest = events[0]) {
      group.bytes -= sizeOf(oldest.message);
      eventsOf?.(group.name, name).delete(String(oldest.id));
      events.shift();
    }
}
