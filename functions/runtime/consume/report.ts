import { ambient as production, type Ambient } from '../ambient.ts';
import { versionOf } from '../contract/cloudevent.ts';
import { log, type Level } from '../log.ts';
import { writeMetrics } from '../metrics.ts';
import type { Arrival, Outcome } from './outcome.ts';
import { codeOf, redact } from './redact.ts';

/**
 * One log line per record (its shape is described in `log.ts`) and one metric line per invocation: `Received` (N),
 * `Succeeded` (N_s), `Committed`, `Duplicates`, `Retries`, `Unrun`, `DeadLetters`, and samples of `Waiting`, `Transit` and
 * `Processing`, by `Bus` and `Consumer`: stages in one account have a bus each.
 */
export function report(
  arrivals: readonly Arrival[],
  {
    bus,
    consumer,
    requestId,
    started,
  }: { bus: string; consumer: string; requestId: string; started: number },
  ambient: Pick<Ambient, 'now' | 'write'> = production,
): void {
  const counts: Record<Outcome['kind'], number> = {
    committed: 0,
    duplicate: 0,
    'dead-lettered': 0,
    retry: 0,
    unrun: 0,
  };
  const times = arrivals.map((arrival) => timesOf(arrival, started));
  for (const [i, arrival] of arrivals.entries()) {
    const outcome = arrival.outcome!;
    counts[outcome.kind]++;
    log(ambient, LEVELS[outcome.kind], {
      ...identity(arrival),
      ...times[i],
      ...whatHappened(arrival, outcome),
      consumer,
      requestId,
    });
  }
  const samples = (name: 'waiting' | 'transit' | 'processing') => ({
    unit: 'Milliseconds' as const,
    value: times.map((time) => time[name]).filter((ms) => ms !== undefined),
  });
  writeMetrics(
    ambient,
    { Bus: bus, Consumer: consumer },
    {
      Received: count(arrivals.length),
      Succeeded: count(counts.committed + counts.duplicate),
      Committed: count(counts.committed),
      Duplicates: count(counts.duplicate),
      Retries: count(counts.retry),
      Unrun: count(counts.unrun),
      DeadLetters: count(counts['dead-lettered']),
      Waiting: samples('waiting'),
      Transit: samples('transit'),
      Processing: samples('processing'),
    },
  );
}

const count = (value: number) => ({ unit: 'Count' as const, value });

const LEVELS: Record<Outcome['kind'], Level> = {
  committed: 'info',
  duplicate: 'info',
  retry: 'warn',
  unrun: 'warn',
  'dead-lettered': 'error',
};

/** Ids are the sender's; a line is to stay readable and one line. */
const identity = ({ received, record }: Arrival): Record<string, unknown> => {
  if (!received) return { messageId: record.messageId };
  const { type, dataschema, id, correlationid, causationid, hops } = received;
  return { type, version: versionOf(type, dataschema), id, correlationid, causationid, hops };
};

/** Clocks of different machines differ. */
const since = (from: number, to: number) => Math.max(0, Math.round(to - from));

function timesOf({ received, record, settledAt }: Arrival, started: number) {
  const sent = Number(record.attributes.SentTimestamp);
  return {
    waiting: since(sent, started),
    transit: received ? since(Date.parse(received.time), sent) : undefined,
    processing: settledAt === undefined ? undefined : since(started, settledAt),
  };
}

function whatHappened({ receives, decisions, received }: Arrival, outcome: Outcome): Record<string, unknown> {
  const base = { outcome: outcome.kind, attempt: receives, decisions: decisions > 1 ? decisions : undefined };
  if (outcome.kind === 'committed') return { ...base, published: outcome.published, sent: outcome.sent };
  if (outcome.kind === 'duplicate') return base;
  return {
    ...base,
    code: codeOf(outcome.fault),
    message: redact(outcome.fault.message, received?.data, 500),
  };
}
