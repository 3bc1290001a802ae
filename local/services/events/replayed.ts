/** What a replay sends: archived events, minute by minute. */
import type { Random } from '../../random.ts';
import { sealed, type Envelope } from './event.ts';
import { parseExactly } from './pattern/numbers.ts';

export interface Replaying {
  name: string;
  random: Random;
  now(): number;
  keepsId: boolean;
}

/** Slices of one minute of event time, oldest first; order within a slice is not promised, so it is left to chance. */
export function* slicesOf(
  events: { time: number; text: string }[],
  replaying: Replaying,
): Generator<Envelope[], void> {
  const minutes = new Map<number, { text: string }[]>();
  for (const event of events) {
    const minute = Math.floor(event.time / 60_000);
    const slice = minutes.get(minute);
    if (slice) slice.push(event);
    else minutes.set(minute, [event]);
  }
  for (const minute of [...minutes.keys()].toSorted((a, b) => a - b))
    yield shuffled(minutes.get(minute)!, replaying.random).map(({ text }) => replayed(text, replaying));
}

/** The same event with the name of the replay in its envelope. */
function replayed(text: string, { name, random, now, keepsId }: Replaying): Envelope {
  const event = parseExactly(text) as Record<string, string> & { resources: string[] };
  return sealed(
    {
      id: keepsId ? event['id']! : random.uuid(),
      source: event['source']!,
      detailType: event['detail-type']!,
      time: Date.parse(event['time']!),
      resources: event.resources,
      detail: text.slice(text.indexOf(',"detail":') + ',"detail":'.length, -1),
      account: event['account']!,
      region: event['region']!,
      ingested: now(),
      replayName: name,
    },
    event['detail'],
  );
}

function shuffled<T>(items: T[], random: Random): T[] {
  const all = [...items];
  for (let i = all.length - 1; i > 0; i--) {
    const j = random.integer(0, i);
    [all[i], all[j]] = [all[j]!, all[i]!];
  }
  return all;
}
