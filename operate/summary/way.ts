import type { RecordLine, recordLines } from '../records.ts';

/** What the consumers did, counted. */
export interface Traffic {
  deliveries: number;
  commits: number;
  duplicates: number;
  retries: number;
  /** Messages that were taken in, by type. */
  events: Record<string, number>;
  /** Dead letters that the runtime wrote, by code. */
  deadLetters: Record<string, number>;
  /** Means over shipped orders, summed along the way of each, in milliseconds. */
  parts: { waiting: number; transit: number; processing: number };
}

/** `shippedBy` is the consumer with whose commit an order's way ends. */
export async function readTraffic(
  lines: ReturnType<typeof recordLines>,
  shippedBy = 'shipping',
): Promise<Traffic> {
  const traffic: Traffic = {
    deliveries: 0,
    commits: 0,
    duplicates: 0,
    retries: 0,
    events: {},
    deadLetters: {},
    parts: { waiting: 0, transit: 0, processing: 0 },
  };
  const taken = new Map<string, RecordLine[]>();
  const ends = new Map<string, RecordLine>();
  for await (const line of lines) {
    count(traffic, line);
    if (line.outcome !== 'committed' || line.id === undefined) continue;
    taken.set(line.id, [...(taken.get(line.id) ?? []), line]);
    if (line.consumer === shippedBy && (line.published ?? 0) > 0)
      ends.set(line.correlationid ?? line.id, line);
  }
  for (const lines of taken.values()) {
    const type = lines[0]!.type ?? 'unknown';
    traffic.events[type] = (traffic.events[type] ?? 0) + 1;
  }
  for (const end of ends.values()) {
    for (const { waiting, transit, processing } of way(end, taken)) {
      traffic.parts.waiting += waiting / ends.size;
      traffic.parts.transit += transit / ends.size;
      traffic.parts.processing += processing / ends.size;
    }
  }
  return traffic;
}

function count(traffic: Traffic, { outcome, code = 'UNKNOWN' }: RecordLine): void {
  traffic.deliveries++;
  if (outcome === 'committed') traffic.commits++;
  if (outcome === 'duplicate') traffic.duplicates++;
  if (outcome === 'retry') traffic.retries++;
  if (outcome === 'dead-lettered') traffic.deadLetters[code] = (traffic.deadLetters[code] ?? 0) + 1;
}

/** A line, then the line of the message that caused it, and so on back to the command. */
function way(end: RecordLine, taken: Map<string, RecordLine[]>): RecordLine[] {
  const lines = [end];
  for (let line: RecordLine | undefined = end; line;) {
    line = line.causationid === undefined ? undefined : whoMinted(line, taken.get(line.causationid) ?? []);
    if (line) lines.push(line);
  }
  return lines;
}

/** Several consumers took the same cause; the one that minted this message settled about when it was minted. */
function whoMinted(message: RecordLine, candidates: RecordLine[]): RecordLine | undefined {
  const minted = Date.parse(message.at) - message.processing - message.waiting - message.transit;
  const away = (line: RecordLine) => Math.abs(Date.parse(line.at) - minted);
  return candidates.toSorted((a, b) => away(a) - away(b))[0];
}
