/** Outbox rows as the relay sees them, in any consumer's table. */
import {
  BatchWriteItemCommand,
  QueryCommand,
  UpdateItemCommand,
  type AttributeValue,
  type DynamoDBClient,
  type QueryCommandOutput,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { pause, type Ambient } from '../ambient.ts';
import type { OutboxRow } from '../consume/commit.ts';

export interface Row extends OutboxRow {
  table: string;
}

export interface OutboxTables {
  /** Pages of rows that were due before, oldest first. */
  due(table: string, pending: OutboxRow['pending'], before: number): AsyncIterable<Row[]>;
  /** Forgets published rows. A row that could not be deleted is published again, with the same ids. */
  remove(rows: readonly Row[]): Promise<void>;
  /** Keeps a row that can never be published, with the reason, out of the sweeper's way. */
  markFailed(row: Row, reason: string): Promise<void>;
}

/** A row that a stream brought to be published now; undefined for anything else. */
export function rowOfStream({ eventName, eventSourceARN = '', dynamodb }: DynamoDBRecord): Row | undefined {
  const item = dynamodb?.NewImage as Record<string, AttributeValue> | undefined;
  if (eventName !== 'INSERT' || !item?.pk?.S?.startsWith('o#') || item.pending?.S !== 'now') return undefined;
  return rowOf(item, eventSourceARN.split('/')[1] ?? '');
}

export function outboxTables(dynamodb: Pick<DynamoDBClient, 'send'>, ambient: Ambient): OutboxTables {
  return {
    async *due(table, pending, before) {
      let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
      do {
        const page: QueryCommandOutput = await dynamodb.send(
          new QueryCommand({
            TableName: table,
            IndexName: 'pending',
            KeyConditionExpression: 'pending = :pending AND dueAt <= :before',
            ExpressionAttributeValues: { ':pending': { S: pending }, ':before': { N: String(before) } },
            ExclusiveStartKey,
            Limit: 100,
          }),
        );
        yield (page.Items ?? []).map((item) => rowOf(item, table));
        ExclusiveStartKey = page.LastEvaluatedKey;
      } while (ExclusiveStartKey);
    },

    async remove(rows) {
      for (let i = 0; i < rows.length; i += MAX_WRITES) {
        const requests = new Map<string, WriteRequest[]>();
        for (const { table, pk } of rows.slice(i, i + MAX_WRITES))
          requests.set(table, [
            ...(requests.get(table) ?? []),
            { DeleteRequest: { Key: { pk: { S: pk } } } },
          ]);
        await deleteAll(Object.fromEntries(requests));
      }
    },

    async markFailed({ table, pk }, reason) {
      await dynamodb.send(
        new UpdateItemCommand({
          TableName: table,
          Key: { pk: { S: pk } },
          UpdateExpression: 'SET pending = :failed, reason = :reason',
          ConditionExpression: 'attribute_exists(pk)',
          ExpressionAttributeValues: { ':failed': { S: 'failed' }, ':reason': { S: reason } },
        }),
      );
    },
  };

  async function deleteAll(requests: Record<string, WriteRequest[]>): Promise<void> {
    let RequestItems: Record<string, WriteRequest[]> | undefined = requests;
    for (let attempt = 1; RequestItems && Object.keys(RequestItems).length > 0 && attempt <= 8; attempt++) {
      if (attempt > 1) await pause(ambient, attempt - 1, 20, 500);
      const answer: { UnprocessedItems?: Record<string, WriteRequest[]> | undefined } = await dynamodb.send(
        new BatchWriteItemCommand({ RequestItems }),
      );
      RequestItems = answer.UnprocessedItems;
    }
  }
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
const MAX_WRITES = 25;

const rowOf = (item: Record<string, AttributeValue>, table: string): Row => ({
  table,
  pk: item.pk!.S!,
  kind: item.kind!.S as Row['kind'],
  entries: JSON.parse(item.entries!.S!),
  pending: item.pending!.S as Row['pending'],
  dueAt: Number(item.dueAt!.N),
});
