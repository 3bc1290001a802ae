/** Commits as items of transactions, and the answers to them. */
import type { CancellationReason, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { refusal, type Fault } from '../errors.ts';
import type { Commit } from './commit.ts';

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

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html */
const MAX_ITEMS = 100;
const MAX_BYTES = 4 * 1024 * 1024;

/** Fills transactions by count and bytes; a commit is never split. */
export function transactions(commits: readonly Commit[]): Commit[][] {
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

export const rowsOf =
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
    ...aggregates.map((aggregate) => ({ Put: aggregateRow(table, aggregate) })),
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

/** Written only on top of the version that was read. */
export const aggregateRow = (TableName: string, { pk, from, text }: Commit['aggregates'][number]) => ({
  TableName,
  Item: {
    pk: { S: pk },
    version: { N: String(from + 1) },
    ...(text === undefined ? {} : { state: { S: text } }),
  },
  ...(from === 0
    ? { ConditionExpression: 'attribute_not_exists(pk)' }
    : {
        ConditionExpression: 'version = :read',
        ExpressionAttributeValues: { ':read': { N: String(from) } },
      }),
});

/** Reasons come one for each item, in order; the mark is the first of its commit. */
export function verdicts(rows: TransactWriteItem[][], reasons: CancellationReason[]): Verdict[] {
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
