/** The consumer's table. Its only reader and writer; every write is one transaction. */
import {
  BatchGetItemCommand,
  GetItemCommand,
  TransactWriteItemsCommand,
  type AttributeValue,
  type BatchGetItemCommandOutput,
  type CancellationReason,
  type DynamoDBClient,
  type TransactWriteItem,
} from '@aws-sdk/client-dynamodb';
import { pause, type Ambient } from '../ambient.ts';
import { refusal, Unavailable, type Fault } from '../errors.ts';
import type { Aggregate, Commit } from './commit.ts';

/** What became of one commit of a group. */
export type Verdict =
  | { kind: 'committed' }
  /** The mark was there already, with the hash that it was written with. */
  | { kind: 'marked'; hash: string }
  /** Somebody else was faster: an aggregate moved, or a transaction on the same items was running. */
  | { kind: 'conflict' }
  /** Nothing was wrong with it, but with another of its group. */
  | { kind: 'again' }
  | { kind: 'failed'; fault: Fault };

export interface Store {
  /** The aggregates of these keys, as of now. Throws STORE_UNAVAILABLE. */
  load(keys: readonly string[]): Promise<Map<string, Aggregate>>;
  /** The hash of a mark, or undefined. Throws STORE_UNAVAILABLE. */
  marked(id: string): Promise<string | undefined>;
  /** Writes each commit whole or not at all; several in one transaction where they fit. A verdict for each, in order. */
  write(commits: readonly Commit[]): Promise<Verdict[]>;
}

export function tableStore(table: string, dynamodb: Pick<DynamoDBClient, 'send'>, ambient: Ambient): Store {
  return {
    async load(keys) {
      const found = new Map<string, Aggregate>();
      const asked = [...new Set(keys)].map((key) => `a#${key}`);
      const items = (await Promise.all(chunks(asked, 100).map((some) => batchGet(some)))).flat();
      for (const { pk, state, version } of items)
        found.set(pk!.S!.slice(2), {
          state: state?.S === undefined ? undefined : JSON.parse(state.S),
          version: Number(version!.N),
        });
      return found;
    },

    async marked(id) {
      const { Item } = await reached(() =>
        dynamodb.send(
          new GetItemCommand({ TableName: table, Key: { pk: { S: `m#${id}` } }, ConsistentRead: true }),
        ),
      );
      return Item?.hash?.S;
    },

    async write(commits) {
      return (await Promise.all(transactions(commits).map(transact))).flat();
    },
  };

  async function batchGet(keys: string[]): Promise<Record<string, AttributeValue>[]> {
    const items: Record<string, AttributeValue>[] = [];
    let Keys: Record<string, AttributeValue>[] | undefined = keys.map((pk) => ({ pk: { S: pk } }));
    for (let attempt = 1; Keys !== undefined; attempt++) {
      const request = new BatchGetItemCommand({ RequestItems: { [table]: { Keys, ConsistentRead: true } } });
      const answer: BatchGetItemCommandOutput = await reached(() => dynamodb.send(request));
      items.push(...(answer.Responses?.[table] ?? []));
      Keys = answer.UnprocessedKeys?.[table]?.Keys;
      if (Keys && attempt >= MAX_READS)
        throw new Unavailable('DynamoDB left keys unread', { code: 'STORE_UNAVAILABLE' });
      if (Keys) await pause(ambient, attempt, 20, 500);
    }
    return items;
  }

  async function transact(group: readonly Commit[]): Promise<Verdict[]> {
    const rows = group.map(rowsOf(table));
    try {
      await dynamodb.send(new TransactWriteItemsCommand({ TransactItems: rows.flat() }));
      return group.map(() => ({ kind: 'committed' }));
    } catch (error) {
      const { name, CancellationReasons } = error as {
        name?: string;
        CancellationReasons?: CancellationReason[];
      };
      if (CancellationReasons) return verdicts(rows, CancellationReasons);
      if (name !== 'ValidationException')
        return group.map(() => ({ kind: 'failed', fault: unavailable(error) }));
      if (group.length > 1) return (await Promise.all(group.map((commit) => transact([commit])))).flat();
      return [
        { kind: 'failed', fault: refusal('WRITE_REFUSED', (error as Error).message, { cause: error }) },
      ];
    }
  }
}

/** Reads of one set of keys before giving up on those that DynamoDB leaves unprocessed. */
const MAX_READS = 8;

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html */
const MAX_ITEMS = 100;
const MAX_BYTES = 4 * 1024 * 1024;

/** Fills transactions by count and bytes; a commit is never split. */
function transactions(commits: readonly Commit[]): Commit[][] {
  const groups: Commit[][] = [];
  let items = Infinity;
  let bytes = Infinity;
  for (const commit of commits) {
    const count = 1 + commit.aggregates.length + commit.outbox.length;
    const size = sizeOf(commit);
    if (items + count > MAX_ITEMS || bytes + size > MAX_BYTES) {
      groups.push([]);
      items = 0;
      bytes = 0;
    }
    groups.at(-1)!.push(commit);
    items += count;
    bytes += size;
  }
  return groups;
}

/** An upper bound: a character of UTF-8 has at most three bytes per UTF-16 unit; names and numbers are within 200 a row. */
const sizeOf = ({ aggregates, outbox }: Commit): number =>
  200 * (1 + aggregates.length + outbox.length) +
  3 * [...aggregates, ...outbox].reduce((sum, { text }) => sum + (text?.length ?? 0), 0);

const rowsOf =
  (table: string) =>
  ({ mark, aggregates, outbox }: Commit): TransactWriteItem[] => [
    {
      Put: {
        TableName: table,
        Item: { pk: { S: `m#${mark.id}` }, hash: { S: mark.hash }, at: { N: String(mark.at) } },
        ConditionExpression: 'attribute_not_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    },
    ...aggregates.map(({ key, from, text }) => ({
      Put: {
        TableName: table,
        Item: {
          pk: { S: `a#${key}` },
          version: { N: String(from + 1) },
          ...(text === undefined ? {} : { state: { S: text } }),
        },
        ...(from === 0
          ? { ConditionExpression: 'attribute_not_exists(pk)' }
          : {
              ConditionExpression: 'version = :read',
              ExpressionAttributeValues: { ':read': { N: String(from) } },
            }),
      },
    })),
    ...outbox.map(({ pk, kind, text, pending, dueAt }) => ({
      Put: {
        TableName: table,
        Item: {
          pk: { S: pk },
          kind: { S: kind },
          entries: { S: text },
          pending: { S: pending },
          dueAt: { N: String(dueAt) },
        },
      },
    })),
  ];

/** Reasons come one for each item, in order; the mark is the first of its commit. */
function verdicts(rows: TransactWriteItem[][], reasons: CancellationReason[]): Verdict[] {
  let next = 0;
  return rows.map((items): Verdict => {
    const own = reasons.slice(next, (next += items.length));
    if (own[0]?.Code === 'ConditionalCheckFailed')
      return { kind: 'marked', hash: own[0].Item?.hash?.S ?? '' };
    const codes = new Set(own.map(({ Code }) => Code ?? 'None'));
    codes.delete('None');
    if (codes.size === 0) return { kind: 'again' };
    if ([...codes].every((code) => TRANSIENT.has(code))) return { kind: 'conflict' };
    const refused = own.find(({ Code }) => Code !== undefined && Code !== 'None' && !TRANSIENT.has(Code));
    return { kind: 'failed', fault: refusal('WRITE_REFUSED', refused?.Message ?? refused?.Code ?? '') };
  });
}

const TRANSIENT = new Set([
  'ConditionalCheckFailed',
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
]);

const unavailable = (error: unknown): Fault =>
  new Unavailable(`DynamoDB: ${(error as Error).name}`, { code: 'STORE_UNAVAILABLE', cause: error });

async function reached<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw unavailable(error);
  }
}

const chunks = <T>(all: T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
