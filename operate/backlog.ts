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
  const all = Object.values(discovered.consumers);
  const unpublished = await Promise.all(
    all.flatMap(({ table }) => (table === undefined ? [] : [due(aws, table, now)])),
  );
  const letterQueues = all.flatMap(({ deadLetterUrls, ruleDeadLetterUrl }) => [
    ...deadLetterUrls,
    ...(ruleDeadLetterUrl ? [ruleDeadLetterUrl] : []),
  ]);
  const letters = await Promise.all(letterQueues.map(async (url) => [url, await depth(aws, url)] as const));
  return {
    queued: await queuedMessages(aws, discovered),
    unpublished: sum(unpublished),
    deadLetters: Object.fromEntries(letters.filter(([, count]) => count > 0)),
  };
}

/** Messages in the consumers' queues: visible, in flight or delayed. */
export async function queuedMessages(aws: Aws, { consumers }: Discovered): Promise<number> {
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

/** Outbox rows that are to be published now, and those for later whose moment has come. */
async function due(aws: Aws, TableName: string, now: number): Promise<number> {
  let count = 0;
  for (const pending of ['now', 'later']) {
    const pages = paginateQuery(
      { client: aws(DynamoDBClient) },
      {
        TableName,
        IndexName: 'pending',
        KeyConditionExpression: 'pending = :pending AND dueAt <= :now',
        ExpressionAttributeValues: { ':pending': { S: pending }, ':now': { N: String(now) } },
        Select: 'COUNT',
      },
    );
    for await (const { Count = 0 } of pages) count += Count;
  }
  return count;
}

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);
