/** What a run has left behind. */
import {
  CloudWatchLogsClient,
  paginateDescribeLogGroups,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, paginateScan, type AttributeValue } from '@aws-sdk/client-dynamodb';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient, type Message } from '@aws-sdk/client-sqs';
import type { CloudEvent } from '../../functions/runtime/contract/cloudevent.ts';
import { deadLetterOf, type DeadLetter } from '../../functions/runtime/dead-letters.ts';
import type { Local } from '../../local/index.ts';
import type { Discovered } from '../../operate/discovery.ts';

/** An aggregate, its state parsed. */
export interface Kept {
  version: number;
  state: unknown;
}

export interface Evidence {
  /** Aggregates by consumer and key. */
  states: Record<string, Record<string, Kept>>;
  /** What is still in the outbox to be published at once, or was given up, by consumer. */
  unpublished: string[];
  /** In every dead-letter queue, of rules too. */
  letters: DeadLetter[];
  /** Ids of what nobody listened to. */
  unrouted: string[];
  /** Everything on the bus, each once. */
  events: CloudEvent[];
  /** All log lines, each a text. */
  logs: string[];
}

/** Empties the queues that it reads. */
export async function gather(local: Local, discovered: Discovered, everything: string): Promise<Evidence> {
  const letters: DeadLetter[] = [];
  for (const [name, { deadLetterUrls, ruleDeadLetterUrl }] of Object.entries(discovered.consumers))
    for (const url of [...deadLetterUrls, ...(ruleDeadLetterUrl ? [ruleDeadLetterUrl] : [])])
      letters.push(...(await drained(local, url)).map((message) => deadLetterOf(message, name)));
  const ofBus = async (url: string) =>
    (await drained(local, url)).map(({ Body }) => (JSON.parse(Body!) as { detail: CloudEvent }).detail);
  const events = await ofBus(everything);
  return {
    states: await statesOf(local, discovered),
    unpublished: await rowsOf(local, discovered),
    letters,
    unrouted: (await ofBus(discovered.unroutedQueueUrl!)).map(({ id }) => id),
    events: [...new Map(events.map((event) => [event.id, event])).values()],
    logs: await logsOf(local),
  };
}

export async function statesOf(local: Local, { consumers }: Discovered): Promise<Evidence['states']> {
  const states: Evidence['states'] = {};
  for (const [name, { table }] of Object.entries(consumers)) {
    const own: Record<string, Kept> = (states[name] = {});
    for (const { pk, state, version } of await items(local, table))
      if (pk!.S!.startsWith('a#') && state?.S)
        own[pk!.S!.slice(2)] = { version: Number(version!.N), state: JSON.parse(state.S) };
  }
  return states;
}

/** Outbox rows but those that fall due later. */
async function rowsOf(local: Local, { consumers }: Discovered): Promise<string[]> {
  const rows: string[] = [];
  for (const [name, { table }] of Object.entries(consumers))
    for (const { pk, pending, dueAt } of await items(local, table))
      if (pk!.S!.startsWith('o#') && (pending?.S !== 'later' || Number(dueAt?.N) <= local.world.clock.now()))
        rows.push(`${name} ${pk!.S}`);
  return rows;
}

async function items(local: Local, TableName: string | undefined): Promise<Record<string, AttributeValue>[]> {
  const all: Record<string, AttributeValue>[] = [];
  if (TableName === undefined) return all;
  const pages = paginateScan({ client: local.client(DynamoDBClient) }, { TableName });
  for await (const { Items = [] } of pages) all.push(...Items);
  return all;
}

async function drained(local: Local, QueueUrl: string): Promise<Message[]> {
  const sqs = local.client(SQSClient);
  const all: Message[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
      }),
    );
    if (Messages.length === 0) return all;
    all.push(...Messages);
    for (const { ReceiptHandle } of Messages)
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  }
}

async function logsOf(local: Local): Promise<string[]> {
  const client = local.client(CloudWatchLogsClient);
  const lines: string[] = [];
  for await (const { logGroups = [] } of paginateDescribeLogGroups({ client }, {}))
    for (const { logGroupName } of logGroups)
      for await (const { events = [] } of paginateFilterLogEvents({ client }, { logGroupName }))
        lines.push(...events.map(({ message = '' }) => message));
  return lines;
}
