/**
 * The relay publishes what consumers have committed. Two kinds of invocation, one handler: batches of the tables' streams
 * make it prompt; a schedule sweeps up what was left behind and what has fallen due, so a stream that stands still, or a
 * relay that is down for a week, loses nothing.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DescribeEventBusCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context, DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { ambient as production, type Ambient } from './ambient.ts';
import { clientSettings, onDemand } from './client.ts';
import { Fault } from './errors.ts';
import { log } from './log.ts';
import { writeMetrics } from './metrics.ts';
import { PlainJson10, PlainJson11 } from './plain-json.ts';
import { outboxTables, rowOfStream, type Pending } from './relay/outbox.ts';
import { publishRows, type Publishing } from './relay/publish-rows.ts';

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

/**
 * A batch of a table's stream; `{ "retry": "failed" }`, by hand, tries again what was marked failed; anything else starts
 * a sweep.
 */
export type RelayEvent = DynamoDBStreamEvent | { Records?: undefined; retry?: 'failed' };

export type RelayHandler = (
  event: RelayEvent,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
) => Promise<DynamoDBBatchResponse>;

/**
 * Settings: `SPILLWAY_BUS` name of the bus, `SPILLWAY_TABLES` consumer to table, `SPILLWAY_QUEUES` command type to queue
 * URL, `SPILLWAY_REPLIES` consumer to the URL of the queue that takes its replies, all three as JSON.
 * Throws EVT_BAD_BUS when the bus does not exist: EventBridge would accept the events and drop them.
 */
export function relay(collaborators: RelayCollaborators = {}): RelayHandler {
  let parts: Parts | undefined;
  let checked = false;
  return async (event, context) => {
    parts ??= partsOf(collaborators);
    const deadline = parts.ambient.now() + context.getRemainingTimeInMillis() - RESERVE_MS;
    if (!checked || !event.Records) await checkBus(parts);
    checked = true;
    if (event.Records)
      await publishRows(
        event.Records.map(rowOfStream).filter((row) => row !== undefined),
        parts,
        Math.max(0, deadline - parts.ambient.now()),
      );
    else await sweep(event.retry === 'failed' ? FAILED : PENDING, parts, deadline);
    return { batchItemFailures: [] };
  };
}

interface Parts extends Publishing {
  tables: string[];
}

/** Milliseconds kept back at the end of an invocation: half for a call that is under way, half to delete what was published. */
const RESERVE_MS = 10_000;

/** The stream publishes within this; what is older was left behind. */
const GRACE_MS = 10_000;

/** What cannot be published now leaves time for the rest. */
const PAGE_BUDGET_MS = 10_000;

/** Which rows are swept up, and for how many milliseconds they must have been due. */
type Swept = readonly (readonly [Pending, number])[];
const PENDING: Swept = [
  ['now', GRACE_MS],
  ['later', 0],
];
const FAILED: Swept = [['failed', 0]];

/**
 * The next sweep begins behind the table in which this one's time was up, lest that keeps the others from theirs. Throws
 * the first error of a table when the others have had their turn.
 */
async function sweep(swept: Swept, parts: Parts, deadline: number): Promise<void> {
  const { name, outbox, tables, ambient } = parts;
  const errors: unknown[] = [];
  for (const [i, table] of tables.entries()) {
    const inTime = await sweepTable(table, swept, parts, deadline).catch((error: unknown) => {
      errors.push(error);
      return true;
    });
    if (inTime) continue;
    parts.tables = [...tables.slice(i + 1), ...tables.slice(0, i + 1)];
    break;
  }
  let value = 0;
  for (const count of await Promise.allSettled(tables.map((table) => outbox.failed(table))))
    if (count.status === 'fulfilled') value += count.value;
    else errors.push(count.reason);
  writeMetrics(ambient, { Relay: name }, { Failed: { unit: 'Count', value } });
  if (errors.length > 0) throw errors[0];
}

/** Whether time was enough. */
async function sweepTable(table: string, swept: Swept, parts: Parts, deadline: number): Promise<boolean> {
  const { outbox, ambient } = parts;
  const now = ambient.now();
  for (const [pending, grace] of swept) {
    for await (const rows of outbox.due(table, pending, now - grace)) {
      if (ambient.now() >= deadline) return false;
      await publishRows(rows, parts, Math.min(PAGE_BUDGET_MS, deadline - ambient.now()));
    }
  }
  return true;
}

/** Whatever else may be wrong with the question, the work goes on. */
async function checkBus({ bus, eventbridge, ambient }: Parts): Promise<void> {
  try {
    await eventbridge.send(new DescribeEventBusCommand({ Name: bus }));
  } catch (error) {
    const { name } = error as Error;
    if (name === 'ResourceNotFoundException')
      throw new Fault('EVT_BAD_BUS', `the bus ${bus} does not exist`, { path: 'SPILLWAY_BUS', cause: error });
    log(ambient, 'warn', { relay: bus, code: name, notice: 'whether the bus exists is not known' });
  }
}

/** The relay tries failed entries again itself. */
const CLIENT = clientSettings(1, 5_000);

function partsOf({ dynamodb, eventbridge, sqs, ambient = production }: RelayCollaborators): Parts {
  const { SPILLWAY_BUS: bus, SPILLWAY_TABLES, SPILLWAY_QUEUES, SPILLWAY_REPLIES } = ambient.env;
  const { AWS_LAMBDA_FUNCTION_NAME: name = 'relay' } = ambient.env;
  if (!bus) throw new Fault('EVT_BAD_BUS', 'SPILLWAY_BUS is not set');
  return {
    name,
    bus,
    queues: named(SPILLWAY_QUEUES),
    replies: named(SPILLWAY_REPLIES),
    tables: Object.values(named(SPILLWAY_TABLES)),
    eventbridge: eventbridge ?? new EventBridgeClient({ ...CLIENT, protocol: PlainJson11 }),
    sqs: sqs ?? onDemand(() => new SQSClient({ ...CLIENT, protocol: PlainJson10 })),
    outbox: outboxTables(
      dynamodb ?? new DynamoDBClient({ ...CLIENT, protocol: PlainJson10, maxAttempts: 3 }),
      ambient,
    ),
    ambient,
  };
}

const named = (json = '{}'): Record<string, string> => JSON.parse(json);
