/** Outbox rows as the relay sees them, in any consumer's table. */
import {
  BatchWriteItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
  type AttributeValue,
  type DynamoDBClient,
  type QueryCommandInput,
  type QueryCommandOutput,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { pause, type Ambient } from '../ambient.ts';
import { batchGet } from '../batch-get.ts';
import type { OutboxRow } from '../consume/commit.ts';
import { outboxItem } from '../consume/rows.ts';
import type { CloudEvent } from '../contract/cloudevent.ts';
import { shortHash } from '../contract/ids.ts';

type Client = Pick<DynamoDBClient, 'send'>;

export interface Row extends OutboxRow {
  table: string;
}

/** `failed`: it can never be published as things are. */
export type Pending = OutboxRow['pending'] | 'failed';

export interface OutboxTables {
  /** Pages of rows that were due before, oldest first, as they are now. */
  due(table: string, pending: Pending, before: number): AsyncIterable<Row[]>;
  /** How many rows are marked failed. */
  failed(table: string): Promise<number>;
  /** Forgets published rows. A row that could not be deleted is published again, with the same ids. */
  remove(rows: readonly Row[]): Promise<void>;
  /** Leaves in a row what is still to be published. */
  keep(row: Row, left: readonly CloudEvent[]): Promise<void>;
  /** Keeps what can never be published, with the reason, out of the sweeper's way. */
  markFailed(row: Row, refused: readonly CloudEvent[], reason: string): Promise<void>;
  /** As `markFailed`, in a row beside: the rest of this one is still to be published. */
  setAside(row: Row, refused: readonly CloudEvent[], reason: string): Promise<void>;
}

/** A row that a stream brought to be published now; undefined for anything else. */
export function rowOfStream({ eventName, eventSourceARN = '', dynamodb }: DynamoDBRecord): Row | undefined {
  const item = dynamodb?.NewImage as Record<string, AttributeValue> | undefined;
  if (eventName !== 'INSERT' || !item?.pk?.S?.startsWith('o#') || item.pending?.S !== 'now') return undefined;
  return rowOf(item, eventSourceARN.split('/')[1] ?? '');
}

export function outboxTables(dynamodb: Client, ambient: Ambient): OutboxTables {
  return {
    async *due(table, pending, before) {
      const pages = query(dynamodb, table, {
        KeyConditionExpression: 'pending = :pending AND dueAt <= :before',
        ExpressionAttributeValues: { ':pending': { S: pending }, ':before': { N: String(before) } },
        Limit: 100,
      });
      for await (const { Items = [] } of pages) {
        const rows = await wholeRows(dynamodb, table, Items, ambient);
        yield rows.filter((row) => row.pending === pending);
      }
    },

    async failed(table) {
      const pages = query(dynamodb, table, {
        KeyConditionExpression: 'pending = :failed',
        ExpressionAttributeValues: { ':failed': { S: 'failed' } },
        Select: 'COUNT',
      });
      let count = 0;
      for await (const { Count = 0 } of pages) count += Count;
      return count;
    },

    async remove(rows) {
      for (let i = 0; i < rows.length; i += MAX_WRITES) {
        const requests = new Map<string, WriteRequest[]>();
        for (const { table, pk } of rows.slice(i, i + MAX_WRITES))
          requests.set(table, [
            ...(requests.get(table) ?? []),
            { DeleteRequest: { Key: { pk: { S: pk } } } },
          ]);
        await deleteAll(dynamodb, Object.fromEntries(requests), ambient);
      }
    },

    keep: (row, left) => update(dynamodb, row, { entries: JSON.stringify(left) }),
    markFailed: (row, refused, reason) =>
      update(dynamodb, row, { entries: JSON.stringify(refused), pending: 'failed', reason }),
    async setAside(row, refused, reason) {
      const text = JSON.stringify(refused);
      // Named after what it holds: it takes the place of nothing else that was set aside, only of itself after a crash.
      const pk = `${row.pk}/failed/${shortHash(text)}`;
      const beside = outboxItem({ ...row, pk, pending: 'failed', text });
      const Item = { ...beside, reason: { S: reason } };
      await dynamodb.send(new PutItemCommand({ TableName: row.table, Item }));
    },
  };
}

/** Writes these attributes of a row that is still there. */
async function update(
  dynamodb: Client,
  { table, pk }: Row,
  attributes: Record<string, string>,
): Promise<void> {
  const names = Object.keys(attributes);
  const updating = dynamodb.send(
    new UpdateItemCommand({
      TableName: table,
      Key: { pk: { S: pk } },
      UpdateExpression: `SET ${names.map((name) => `${name} = :${name}`).join(', ')}`,
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: Object.fromEntries(
        names.map((name) => [`:${name}`, { S: attributes[name]! }]),
      ),
    }),
  );
  await updating.catch((error: Error) => {
    // Another relay has published it meanwhile.
    if (error.name !== 'ConditionalCheckFailedException') throw error;
  });
}

async function deleteAll(
  dynamodb: Client,
  requests: Record<string, WriteRequest[]>,
  ambient: Ambient,
): Promise<void> {
  let RequestItems: Record<string, WriteRequest[]> | undefined = requests;
  for (
    let attempt = 1;
    RequestItems && Object.keys(RequestItems).length > 0 && attempt <= MAX_ATTEMPTS;
    attempt++
  ) {
    if (attempt > 1) await pause(ambient, attempt - 1, 20, 500);
    const answer: { UnprocessedItems?: Record<string, WriteRequest[]> | undefined } = await dynamodb.send(
      new BatchWriteItemCommand({ RequestItems }),
    );
    RequestItems = answer.UnprocessedItems;
  }
}

/** Pages of the index of what is pending. */
async function* query(
  dynamodb: Client,
  TableName: string,
  conditions: Omit<QueryCommandInput, 'TableName'>,
): AsyncGenerator<QueryCommandOutput> {
  let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
  do {
    const page: QueryCommandOutput = await dynamodb.send(
      new QueryCommand({ TableName, IndexName: 'pending', ...conditions, ExclusiveStartKey }),
    );
    yield page;
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
}

/** At most 100 rows by their keys, in that order: the index holds nothing else, so that a row costs little there. */
async function wholeRows(
  dynamodb: Client,
  table: string,
  keys: readonly Record<string, AttributeValue>[],
  ambient: Ambient,
): Promise<Row[]> {
  const pks = keys.map(({ pk }) => pk!.S!);
  const items = await batchGet(table, pks, (command) => dynamodb.send(command), ambient);
  const found = new Map(items.map((item) => [item.pk!.S!, rowOf(item, table)]));
  return pks.map((pk) => found.get(pk)).filter((row) => row !== undefined);
}

/** Of one request, before giving up on what DynamoDB leaves unprocessed. */
const MAX_ATTEMPTS = 8;

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
const MAX_WRITES = 25;

const rowOf = (item: Record<string, AttributeValue>, table: string): Row => ({
  table,
  pk: item.pk!.S!,
  kind: item.kind!.S as Row['kind'],
  ...(item.to?.S === undefined ? {} : { to: item.to.S }),
  entries: JSON.parse(item.entries!.S!),
  pending: item.pending!.S as Row['pending'],
  dueAt: Number(item.dueAt!.N),
});
