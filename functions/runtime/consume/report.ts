import { ambient as production, type Ambient } from '../ambient.ts';
import { versionOf } from '../contract/cloudevent.ts';
import { traceIdOf } from '../contract/ids.ts';
import { log, type Level } from '../log.ts';
import { writeMetrics } from '../metrics.ts';
import type { Arrival, Outcome } from './outcome.ts';
import { codeOf, redact } from './redact.ts';

/**
 * One log line per record (its shape is described in `log.ts`) and one metric line per invocation: `Received` (N),
 * `Succeeded` (N_s), `Committed`, `Duplicates`, `Retries`, `Unrun`, `DeadLetters`, and samples of `Waiting`, `Transit`,
 * `Processing` and `RetryAge` (of what is to be tried again, since its first attempt), by `Bus` and `Consumer`: stages in
 * one account have a bus each.
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
    log(ambient, LEVELS[outcome.kind], fieldsOf(arrival, outcome, times[i]!, { consumer, requestId }));
  }
  const samples = (name: keyof (typeof times)[number]) => ({
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
      RetryAge: samples('retryAge'),
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

/** Clocks of different machines differ. */
const since = (from: number, to: number) => Math.max(0, Math.round(to - from));

function timesOf({ received, record, outcome, settledAt }: Arrival, started: number) {
  const { SentTimestamp, ApproximateFirstReceiveTimestamp } = record.attributes;
  const sent = Number(SentTimestamp);
  return {
    waiting: since(sent, started),
    transit: received ? since(Date.parse(received.time), sent) : undefined,
    processing: settledAt === undefined ? undefined : since(started, settledAt),
    retryAge:
      outcome!.kind === 'retry' ? since(Number(ApproximateFirstReceiveTimestamp), started) : undefined,
  };
}

/** Of one shape whatever happened; what does not apply is undefined. One literal, because this is written for every record. */
function fieldsOf(
  { received, record, receives, decisions }: Arrival,
  outcome: Outcome,
  { waiting, transit, processing }: ReturnType<typeof timesOf>,
  { consumer, requestId }: { consumer: string; requestId: string },
): Record<string, unknown> {
  const committed = outcome.kind === 'committed' ? outcome : undefined;
  const fault = 'fault' in outcome ? outcome.fault : undefined;
  return {
    messageId: received ? undefined : record.messageId,
    type: received?.type,
    version: received && versionOf(received.type, received.dataschema),
    id: received?.id,
    correlationid: received?.correlationid,
    causationid: received?.causationid,
    traceid: received && traceIdOf(received.traceparent),
    hops: received?.hops,
    waiting,
    transit,
    processing,
    outcome: outcome.kind,
    attempt: receives,
    decisions: decisions > 1 ? decisions : undefined,
    code: fault && codeOf(fault),
    message: fault && redact(fault.message, received?.data, 500),
    published: committed?.published,
    sent: committed?.sent,
    consumer,
    requestId,
  };
}
