import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Ambient } from '../ambient.ts';
import type { CloudEvent } from '../contract/cloudevent.ts';
import { log } from '../log.ts';
import { writeMetrics } from '../metrics.ts';
import { sendMessages } from '../publish/commands.ts';
import { putEvents } from '../publish/events.ts';
import type { Result } from '../publish/failures.ts';
import { REPLY_QUEUE_PREFIX } from '../request/address.ts';
import type { OutboxTables, Row } from './outbox.ts';

/** Where rows go, and where they are. */
export interface Publishing {
  /** The function's, by which its metrics are told from those of another pipeline on the same bus. */
  name: string;
  bus: string;
  /** Command type to queue URL. */
  queues: Readonly<Record<string, string>>;
  /** Consumer to the URL of the queue that takes its replies. */
  replies: Readonly<Record<string, string>>;
  eventbridge: Pick<EventBridgeClient, 'send'>;
  sqs: Pick<SQSClient, 'send'>;
  outbox: OutboxTables;
  ambient: Ambient;
}

/**
 * Publishes rows. Those of which all entries were accepted are deleted; of the others only what failed stays, for the
 * sweeper. What fails for good is marked with its reason and counted, in a row of its own where others are to be tried
 * again. A crash before that publishes a row twice, with the same ids.
 */
export async function publishRows(
  rows: readonly Row[],
  publishing: Publishing,
  budgetMs: number,
): Promise<void> {
  const { name, bus, outbox, ambient } = publishing;
  if (rows.length === 0) return;
  const results = await publishEntries(rows, publishing, budgetMs);
  const rests = rows.map((row, i) => restOf(row, results[i]!));
  const left = rests.flatMap((rest) => rest.left);
  const refused = rests.flatMap((rest) => rest.refused);

  await outbox.remove(rows.filter((_, i) => rests[i]!.left.length + rests[i]!.refused.length === 0));
  await Promise.all(rows.map((row, i) => keepRest(row, rests[i]!, outbox)));
  for (const code of codesOf(refused)) log(ambient, 'error', { relay: bus, outcome: 'refused', code });
  for (const code of codesOf(left))
    log(ambient, 'warn', { relay: bus, outcome: 'left', code, count: left.length });
  const all = rows.reduce((sum, { entries }) => sum + entries.length, 0);
  writeMetrics(
    ambient,
    { Relay: name },
    {
      Published: { unit: 'Count', value: all - left.length - refused.length },
      Left: { unit: 'Count', value: left.length },
      Refused: { unit: 'Count', value: refused.length },
      Lag: { unit: 'Milliseconds', value: Math.max(0, ...rows.map(({ dueAt }) => ambient.now() - dueAt)) },
    },
  );
}

async function keepRest(row: Row, { left, refused }: Rest, outbox: OutboxTables): Promise<void> {
  if (refused.length > 0) {
    const reason = codesOf(refused)[0]!;
    if (left.length === 0) return outbox.markFailed(row, entriesOf(refused), reason);
    await outbox.setAside(row, entriesOf(refused), reason);
  }
  if (left.length > 0 && left.length < row.entries.length) await outbox.keep(row, entriesOf(left));
}

/** The results of each row's entries: events in calls side by side, commands and replies in order. */
async function publishEntries(
  rows: readonly Row[],
  { bus, queues, replies, eventbridge, sqs, ambient }: Publishing,
  budgetMs: number,
): Promise<Result[][]> {
  const results: Result[][] = rows.map(() => []);
  const all = rows
    .flatMap((row, i) => row.entries.map((entry, n) => ({ row, entry, i, n })))
    // Commits of one millisecond come in any order; those of one aggregate are told apart by its version.
    .toSorted((a, b) => a.row.dueAt - b.row.dueAt || (a.entry.sequence ?? 0) - (b.entry.sequence ?? 0));
  const events = all.filter(({ row }) => row.kind === 'events');
  const messages = all.filter(({ row }) => row.kind !== 'events');
  const [published, sent] = await Promise.all([
    putEvents(
      events.map(({ entry }) => entry),
      { bus, eventbridge, budgetMs, ambient },
    ),
    sendMessages(
      messages.map(({ entry }) => entry),
      messages.map(({ row: { to }, entry }) =>
        to === undefined ? queues[entry.type] : replyUrl(to, replies),
      ),
      { sqs, budgetMs, ambient },
    ),
  ]);
  for (const [at, { i, n }] of events.entries()) results[i]![n] = published[at]!;
  for (const [at, { i, n }] of messages.entries()) results[i]![n] = sent[at]!;
  return results;
}

/** `replyto` comes from whoever sent the request: a URL is only taken for what is named like a reply queue. */
const replyUrl = (to: string, replies: Publishing['replies']): string | undefined =>
  replies[to] ?? (to.includes(`/${REPLY_QUEUE_PREFIX}`) ? to : undefined);

interface Failed {
  entry: CloudEvent;
  code: string;
}

/** What is to be tried again, and what would be tried in vain. */
interface Rest {
  left: Failed[];
  refused: Failed[];
}

/** Behind one that is refused for good its key stays in order: it is refused too. */
function restOf({ kind, entries }: Row, results: readonly Result[]): Rest {
  const rest: Rest = { left: [], refused: [] };
  const blocked = new Set<string>();
  for (const [i, entry] of entries.entries()) {
    const result = results[i]!;
    if (result.kind === 'accepted' || (kind === 'replies' && isGone(result.code))) continue;
    const { code, permanent } = result;
    const lane = `${entry.type} ${entry.partitionkey}`;
    if (permanent || (code === 'BEHIND' && blocked.has(lane))) {
      blocked.add(lane);
      rest.refused.push({ entry, code });
    } else rest.left.push({ entry, code });
  }
  return rest;
}

/** The process that asked has ended, and its queue with it: the reply came too late. */
const isGone = (code: string) => GONE.has(code.replace(/Exception$/, ''));
const GONE = new Set(['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue']);

const entriesOf = (failed: readonly Failed[]): CloudEvent[] => failed.map(({ entry }) => entry);

const codesOf = (failed: readonly Failed[]): string[] => [...new Set(failed.map(({ code }) => code))];
