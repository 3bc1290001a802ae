import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import type { Aws } from './aws.ts';
import type { Discovered } from './discovery.ts';
import { letterQueues } from './letters/queues.ts';

/** What is still on its way, and what gave up. */
export interface Backlog {
  /** Messages in the consumers' queues: visible, in flight or delayed. */
  queued: number;
  /** Outbox rows that fall due now and are not published yet. */
  unpublished: number;
  /** Dead letters by the URL of their queue; queues without any are left out. */
  deadLetters: Record<string, number>;
}

/** Counts are SQS's own, approximate on AWS and exact on the embedded AWS. `now` is milliseconds since 1970. */
export async function backlog(aws: Aws, discovered: Discovered, now: number): Promise<Backlog> {
  const unpublished = await dueRows(aws, tablesOf(discovered), now); // first: what leaves there comes into the queues
  const ofConsumers = letterQueues(discovered).filter(({ owner }) => owner in discovered.consumers);
  const letters = await Promise.all(
    ofConsumers.map(async ({ url }) => [url, await depth(aws, url)] as const),
  );
  return {
    queued: await queuedMessages(aws, discovered),
    unpublished,
    deadLetters: Object.fromEntries(letters.filter(([, count]) => count > 0)),
  };
}

/** Messages in the consumers' queues, visible, in flight or delayed, and outbox rows on their way there. */
export async function messagesUnderWay(aws: Aws, discovered: Discovered): Promise<number> {
  const rows = tablesOf(discovered).map((table) => due(aws, table, 'now', Number.MAX_SAFE_INTEGER));
  return (await queuedMessages(aws, discovered)) + sum(await Promise.all(rows));
}

async function queuedMessages(aws: Aws, { consumers }: Discovered): Promise<number> {
  const urls = Object.values(consumers).flatMap(({ queueUrls }) => queueUrls);
  return sum(await Promise.all(urls.map((url) => depth(aws, url))));
}

async function depth(aws: Aws, QueueUrl: string): Promise<number> {
  const { Attributes = {} } = await aws(SQSClient).send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...COUNTS] }),
  );
  return sum(COUNTS.map((name) => Number(Attributes[name] ?? 0)));
}

const COUNTS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

const tablesOf = ({ consumers, apis }: Discovered): string[] =>
  [...Object.values(consumers), ...Object.values(apis)].flatMap(({ table }) => table ?? []);

/** Outbox rows in these tables that were due before, milliseconds since 1970, and are not published. */
export async function dueRows(aws: Aws, tables: readonly string[], before: number): Promise<number> {
  const kinds = ['now', 'later'];
  const all = tables.flatMap((table) => kinds.map((pending) => due(aws, table, pending, before)));
  return sum(await Promise.all(all));
}

async function due(aws: Aws, TableName: string, pending: string, before: number): Promise<number> {
  let count = 0;
  const pages = paginateQuery(
    { client: aws(DynamoDBClient) },
    {
      TableName,
      IndexName: 'pending',
      KeyConditionExpression: 'pending = :pending AND dueAt <= :before',
      ExpressionAttributeValues: { ':pending': { S: pending }, ':before': { N: String(before) } },
      Select: 'COUNT',
    },
  );
  for await (const { Count = 0 } of pages) count += Count;
  return count;
}

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);
