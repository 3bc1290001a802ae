/** Events kept for later. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-archive.html */
import type { World } from '../../world.ts';
import { notFound, type Bus } from './bus.ts';
import type { Envelope } from './event.ts';
import { kept, type Kept } from './kept.ts';
import { compilePattern, type Pattern } from './pattern/compile.ts';
import type { Settings } from './settings.ts';

export interface Archive {
  name: string;
  arn: string;
  busArn: string;
  created: number;
  description: string | undefined;
  eventPattern: string | undefined;
  pattern: Pattern | undefined;
  /** 0 keeps for ever. */
  retentionDays: number;
  events: Kept;
}

export interface Archives {
  /** Keeps an event in every archive of the bus whose pattern it matches. A replayed event is never kept again. */
  keep(bus: Bus, event: Envelope): void;
  /** Throws ResourceNotFoundException. */
  at(name: string | undefined): Archive;
  withArn(arn: string | undefined): Archive | undefined;
  all(): Archive[];
  add(archive: Omit<Archive, 'events'>): Archive;
  remove(archive: Archive): void;
}

export function archives({ clock, durable }: World, settings: Settings): Archives {
  const byName = new Map<string, Archive>();
  const eventsOf = (name: string) => kept(clock, settings, durable?.shelf(`events/archived/${name}`));
  durable?.map('events/archives', byName, {
    store: ({ pattern: _pattern, events: _events, ...archive }) => archive,
    load: (archive: Omit<Archive, 'pattern' | 'events'>): Archive => ({
      ...archive,
      pattern: archive.eventPattern ? compilePattern(archive.eventPattern) : undefined,
      events: eventsOf(archive.name),
    }),
  });
  return {
    keep(bus, event) {
      if (event.replayName !== undefined) return;
      for (const { busArn, pattern, events, retentionDays } of byName.values())
        if (busArn === bus.arn && (!pattern || pattern(event.parsed))) events.add(event, retentionDays);
    },
    at(name = '') {
      const archive = byName.get(name);
      if (!archive) throw notFound(`Archive ${name} does not exist.`);
      return archive;
    },
    withArn: (arn) => [...byName.values()].find((archive) => archive.arn === arn),
    all: () => [...byName.values()],
    add(archive) {
      const added = { ...archive, events: eventsOf(archive.name) };
      byName.set(archive.name, added);
      return added;
    },
    remove({ name, events }) {
      byName.delete(name);
      events.forget();
    },
  };
}
