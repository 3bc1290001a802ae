/** What of log groups outlives the process: what they are as a whole, and each event by its number. */
import type { Durability } from '../../durability/index.ts';
import type { Shelf } from '../../durability/shelf.ts';
import type { LogGroup, LogStream, StoredEvent } from './store.ts';

/** The events of a stream, by id. */
export type EventsOf = (group: string, stream: string) => Shelf<StoredEvent>;

export function keepGroups(durable: Durability, groups: Map<string, LogGroup>): EventsOf {
  const eventsOf: EventsOf = (group, stream) => durable.shelf(`logs/events/${group}:${stream}`);
  const streamFrom = (group: string, { name, created }: KeptStream): LogStream => {
    const events = eventsOf(group, name)
      .records()
      .map(([, event]) => event);
    return { name, created, events, lastIngested: events.at(-1)?.ingested ?? created };
  };
  durable.map('logs/groups', groups, {
    store: ({ streams, bytes: _bytes, ...group }): KeptGroup => ({
      ...group,
      streams: Array.from(streams.values(), ({ name, created }) => ({ name, created })),
    }),
    load: ({ streams, ...group }: KeptGroup): LogGroup => ({
      ...group,
      bytes: 0,
      streams: new Map(streams.map((stream) => [stream.name, streamFrom(group.name, stream)])),
    }),
  });
  return eventsOf;
}

type KeptStream = Pick<LogStream, 'name' | 'created'>;

interface KeptGroup extends Omit<LogGroup, 'streams' | 'bytes'> {
  streams: KeptStream[];
}
