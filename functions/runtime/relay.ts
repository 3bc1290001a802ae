/**
 * The relay publishes what consumers have committed. Two kinds of invocation, one handler: batches of the tables' streams
 * make it prompt; a schedule sweeps up what was left behind and what has fallen due, so a stream that stands still, or a
 * relay that is down for a week, loses nothing.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context, DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { ambient as production, type Ambient } from './ambient.ts';
import { Fault } from './errors.ts';
import { log } from './log.ts';
import { writeMetrics } from './metrics.ts';
import { sendCommands } from './publish/commands.ts';
import { putEvents } from './publish/events.ts';
import type { Result } from './publish/failures.ts';
import { outboxTables, rowOfStream, type OutboxTables, type Row } from './relay/outbox.ts';

export interface RelayCollaborators {
  /** @default a client of the function's region */
  dynamodb?: Pick<DynamoDBClient, 'send'>;
  /** @default a client of the function's region */
  eventbridge?: Pick<EventBridgeClient, 'send'>;
  /** @default a client of the function's region */
  sqs?: Pick<SQSClient, 'send'>;
  /** @default the process's */
  ambient?: Ambient;
}

/** A batch of a table's stream; anything else starts a sweep. */
export type RelayEvent = DynamoDBStreamEvent | { Records?: undefined };

export type RelayHandler = (
  event: RelayEvent,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
) => Promise<DynamoDBBatchResponse>;

/**
 * Settings: `SPILLWAY_BUS` name of the bus, `SPILLWAY_TABLES` consumer to table, `SPILLWAY_QUEUES` command type to queue
 * URL, both as JSON.
 *
 * Rows of which all entries were accepted are deleted. Rows of which some failed stay for the sweeper: those accepted
 * are then sent twice, with the same ids. A row that fails for good is marked `failed` with its reason and counted.
 */
export function relay(collaborators: RelayCollaborators = {}): RelayHandler {
  let parts: Parts | undefined;
  return async (event, context) => {
    parts ??= partsOf(collaborators);
    const deadline = parts.ambient.now() + context.getRemainingTimeInMillis() - RESERVE_MS;
    if (event.Records)
      await publishRows(
        event.Records.map(rowOfStream).filter((row) => row !== undefined),
        parts,
        deadline,
      );
    else await sweep(parts, deadline);
    return { batchItemFailures: [] };
  };
}

interface Parts {
  bus: string;
  queues: Record<string, string>;
  tables: string[];
  eventbridge: Pick<EventBridgeClient, 'send'>;
  sqs: Pick<SQSClient, 'send'>;
  outbox: OutboxTables;
  ambient: Ambient;
}

/** Milliseconds kept back at the end of an invocation, to delete what was published. */
const RESERVE_MS = 5_000;

/** The stream publishes within this; what is older was left behind. */
const GRACE_MS = 10_000;

async function sweep(parts: Parts, deadline: number): Promise<void> {
  const { outbox, tables, ambient } = parts;
  const now = ambient.now();
  for (const table of tables) {
    for (const [pending, before] of [
      ['now', now - GRACE_MS],
      ['later', now],
    ] as const) {
      for await (const rows of outbox.due(table, pending, before)) {
        await publishRows(rows, parts, deadline);
        if (ambient.now() >= deadline) return;
      }
    }
  }
}

async function publishRows(rows: readonly Row[], parts: Parts, deadline: number): Promise<void> {
  const { outbox, ambient } = parts;
  if (rows.length === 0) return;
  const results = await publishEntries(rows, parts, Math.max(0, deadline - ambient.now()));
  const outcomes = rows.map((_, i) => outcomeOf(results[i]!));
  await outbox.remove(rows.filter((_, i) => outcomes[i] === 'published'));
  const refused = rows.flatMap((row, i) =>
    outcomes[i] === 'refused' ? [{ row, code: codeOf(results[i]!) }] : [],
  );
  await Promise.all(refused.map(({ row, code }) => outbox.markFailed(row, code)));
  for (const { code } of refused) log(ambient, 'error', { relay: parts.bus, outcome: 'refused', code });
  writeMetrics(
    ambient,
    { Relay: parts.bus },
    {
      Published: { unit: 'Count', value: outcomes.filter((outcome) => outcome === 'published').length },
      Left: { unit: 'Count', value: outcomes.filter((outcome) => outcome === 'left').length },
      Refused: { unit: 'Count', value: refused.length },
      Lag: { unit: 'Milliseconds', value: Math.max(0, ...rows.map(({ dueAt }) => ambient.now() - dueAt)) },
    },
  );
}

/** The results of each row's entries: events in calls side by side, commands in order. */
async function publishEntries(
  rows: readonly Row[],
  { bus, queues, eventbridge, sqs, ambient }: Parts,
  budgetMs: number,
): Promise<Result[][]> {
  const results: Result[][] = rows.map(() => []);
  const of = (kind: Row['kind']) =>
    rows.flatMap((row, i) => (row.kind === kind ? row.entries.map((entry) => ({ entry, i })) : []));
  const [events, commands] = [of('events'), of('commands')];
  const [published, sent] = await Promise.all([
    putEvents(
      events.map(({ entry }) => entry),
      { bus, eventbridge, budgetMs, ambient },
    ),
    sendCommands(
      commands.map(({ entry }) => entry),
      { queues, sqs, budgetMs, ambient },
    ),
  ]);
  events.forEach(({ i }, n) => results[i]!.push(published[n]!));
  commands.forEach(({ i }, n) => results[i]!.push(sent[n]!));
  return results;
}

const outcomeOf = (results: readonly Result[]): 'published' | 'refused' | 'left' =>
  results.every(({ kind }) => kind === 'accepted')
    ? 'published'
    : results.some((result) => result.kind !== 'accepted' && result.permanent)
      ? 'refused'
      : 'left';

const codeOf = (results: readonly Result[]): string =>
  results.flatMap((result) => (result.kind !== 'accepted' && result.permanent ? [result.code] : []))[0] ?? '';

/** The relay tries failed entries again itself. */
const CLIENT = { maxAttempts: 1, requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000 } };

function partsOf({ dynamodb, eventbridge, sqs, ambient = production }: RelayCollaborators): Parts {
  const { SPILLWAY_BUS: bus, SPILLWAY_TABLES = '{}', SPILLWAY_QUEUES = '{}' } = ambient.env;
  if (!bus) throw new Fault('EVT_BAD_BUS', 'SPILLWAY_BUS is not set');
  return {
    bus,
    queues: JSON.parse(SPILLWAY_QUEUES),
    tables: Object.values(JSON.parse(SPILLWAY_TABLES) as Record<string, string>),
    eventbridge: eventbridge ?? new EventBridgeClient(CLIENT),
    sqs: sqs ?? new SQSClient(CLIENT),
    outbox: outboxTables(dynamodb ?? new DynamoDBClient({ ...CLIENT, maxAttempts: 3 }), ambient),
    ambient,
  };
}
