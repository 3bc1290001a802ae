import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import type { Aws } from './aws.ts';
import type { Discovered } from './discovery.ts';

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
  const letterQueues = Object.values(discovered.consumers).flatMap(
    ({ deadLetterUrls, ruleDeadLetterUrl }) => [
      ...deadLetterUrls,
      ...(ruleDeadLetterUrl ? [ruleDeadLetterUrl] : []),
    ],
  );
  const unpublished =
    (await dueRows(aws, discovered, 'now', now)) + (await dueRows(aws, discovered, 'later', now));
  const letters = await Promise.all(letterQueues.map(async (url) => [url, await depth(aws, url)] as const));
  return {
    queued: await queuedMessages(aws, discovered),
    unpublished,
    deadLetters: Object.fromEntries(letters.filter(([, count]) => count > 0)),
  };
}

/** Messages in the consumers' queues, visible, in flight or delayed, and outbox rows on their way there. */
export async function messagesUnderWay(aws: Aws, discovered: Discovered): Promise<number> {
  return (
    (await queuedMessages(aws, discovered)) + (await dueRows(aws, discovered, 'now', Number.MAX_SAFE_INTEGER))
  );
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

/** Outbox rows of all consumers that are to be published at once, or later, and were due before. */
async function dueRows(
  aws: Aws,
  { consumers, apis }: Discovered,
  pending: 'now' | 'later',
  before: number,
): Promise<number> {
  const tables = [...Object.values(consumers), ...Object.values(apis)].flatMap(({ table }) => table ?? []);
  return sum(await Promise.all(tables.map((table) => due(aws, table, pending, before))));
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
