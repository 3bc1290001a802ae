import type { LogLine } from '../../hosts/host.ts';
import type { World } from '../../world.ts';

/** Log groups with their streams. */
export interface LogStore {
  world: World;
  groups: Map<string, LogGroup>;
  /** Adds events to a stream, making group and stream if need be. */
  append(group: string, stream: string, events: LogLine[]): void;
}

export interface LogGroup {
  name: string;
  created: number;
  streams: Map<string, LogStream>;
  /** In days. @default for ever */
  retention: number | undefined;
  tags: Record<string, string>;
  /** Of all messages. */
  bytes: number;
}

export interface LogStream {
  name: string;
  created: number;
  events: StoredEvent[];
}

export interface StoredEvent extends LogLine {
  ingested: number;
  /** Rises over the whole store. */
  id: number;
}

export function logStore(world: World): LogStore {
  const groups = new Map<string, LogGroup>();
  let lastId = 0;

  return {
    world,
    groups,
    append(group, stream, events) {
      const now = world.clock.now();
      let into = groups.get(group);
      if (!into) groups.set(group, (into = newGroup(group, now)));
      let streamed = into.streams.get(stream);
      if (!streamed) into.streams.set(stream, (streamed = { name: stream, created: now, events: [] }));
      for (const { timestamp, message } of events) {
        streamed.events.push({ timestamp, message, ingested: now, id: lastId++ });
        into.bytes += message.length;
      }
    },
  };
}

export const newGroup = (name: string, created: number): LogGroup => ({
  name,
  created,
  streams: new Map(),
  retention: undefined,
  tags: {},
  bytes: 0,
});
