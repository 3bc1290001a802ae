import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Ambient } from '../ambient.ts';
import { log } from '../log.ts';
import { writeMetrics } from '../metrics.ts';
import { sendMessages } from '../publish/commands.ts';
import { putEvents } from '../publish/events.ts';
import type { Result } from '../publish/failures.ts';
import { REPLY_QUEUE_PREFIX } from '../request/address.ts';
import type { OutboxTables, Row } from './outbox.ts';

/** Where rows go, and where they are. */
export interface Publishing {
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
 * Publishes rows. Those of which all entries were accepted are deleted. Those of which some failed stay for the sweeper:
 * what was accepted is then sent twice, with the same ids. One that fails for good is marked with its reason and counted.
 */
export async function publishRows(
  unsorted: readonly Row[],
  publishing: Publishing,
  budgetMs: number,
): Promise<void> {
  const { bus, outbox, ambient } = publishing;
  if (unsorted.length === 0) return;
  const rows = unsorted.toSorted((a, b) => a.dueAt - b.dueAt || sequenceOf(a) - sequenceOf(b));
  const results = await publishEntries(rows, publishing, budgetMs);
  const outcomes = rows.map((row, i) => outcomeOf(row, results[i]!));
  const having = (outcome: Outcome) => rows.filter((_, i) => outcomes[i] === outcome);
  const codes = (outcome: Outcome) => codesOf(results.filter((_, i) => outcomes[i] === outcome).flat());

  await outbox.remove(having('published'));
  await Promise.all(
    rows.map(async (row, i) => {
      if (outcomes[i] === 'refused') await outbox.markFailed(row, codesOf(results[i]!)[0]!);
    }),
  );
  for (const code of codes('refused')) log(ambient, 'error', { relay: bus, outcome: 'refused', code });
  for (const code of codes('left'))
    log(ambient, 'warn', { relay: bus, outcome: 'left', code, count: having('left').length });
  writeMetrics(
    ambient,
    { Relay: bus },
    {
      Published: { unit: 'Count', value: having('published').length },
      Left: { unit: 'Count', value: having('left').length },
      Refused: { unit: 'Count', value: having('refused').length },
      Lag: { unit: 'Milliseconds', value: Math.max(0, ...rows.map(({ dueAt }) => ambient.now() - dueAt)) },
    },
  );
}

/** Commits of one millisecond come in any order; those of one aggregate are told apart by its version. */
const sequenceOf = ({ entries: [first] }: Row): number => first?.sequence ?? 0;

/** The results of each row's entries: events in calls side by side, commands and replies in order. */
async function publishEntries(
  rows: readonly Row[],
  { bus, queues, replies, eventbridge, sqs, ambient }: Publishing,
  budgetMs: number,
): Promise<Result[][]> {
  const results: Result[][] = rows.map(() => []);
  const all = rows.flatMap((row, i) => row.entries.map((entry) => ({ row, entry, i })));
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
  events.forEach(({ i }, n) => results[i]!.push(published[n]!));
  messages.forEach(({ i }, n) => results[i]!.push(sent[n]!));
  return results;
}

/** `replyto` comes from whoever sent the request: a URL is only taken for what is named like a reply queue. */
const replyUrl = (to: string, replies: Publishing['replies']): string | undefined =>
  replies[to] ?? (to.includes(`/${REPLY_QUEUE_PREFIX}`) ? to : undefined);

/** `left`: some entries are to be tried again. `refused`: that would be in vain. */
type Outcome = 'published' | 'left' | 'refused';

function outcomeOf({ kind }: Row, results: readonly Result[]): Outcome {
  const failed = results.filter((result) => result.kind !== 'accepted');
  if (failed.every(({ code }) => kind === 'replies' && GONE.has(code.replace(/Exception$/, ''))))
    return 'published';
  return failed.some(({ permanent }) => permanent) ? 'refused' : 'left';
}

/** The process that asked has ended, and its queue with it: the reply came too late. */
const GONE = new Set(['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue']);

/** Those for good first. */
const codesOf = (results: readonly Result[]): string[] => {
  const failed = results.filter((result) => result.kind !== 'accepted');
  const sorted = failed.toSorted((a, b) => Number(b.permanent) - Number(a.permanent));
  return [...new Set(sorted.map(({ code }) => code))];
};
