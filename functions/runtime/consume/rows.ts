/** Commits as items of transactions, and the answers to them. */
import type { CancellationReason, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { Unavailable, type Fault } from '../errors.ts';
import { MAX_ROW_BYTES, type Commit, type StampedRow, type Written } from './commit.ts';

/** What became of one commit of a transaction. */
export type Verdict =
  | { kind: 'committed' }
  /** The mark was there already, with the hash that it was written with. */
  | { kind: 'marked'; hash: string }
  /** Somebody else was faster: an aggregate moved, or a transaction on the same items was running. */
  | { kind: 'conflict' }
  /** Nothing was wrong with it, but with another one, or with the size of them all. */
  | { kind: 'again' }
  | { kind: 'failed'; fault: Fault };

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html */
const MAX_ITEMS = 100;
const MAX_BYTES = 4 * 1024 * 1024;

/** Whether commits that build on each other fit one transaction. Most do without sharing any rows, which is quick to see. */
export const fits = (commits: readonly Commit[]): boolean =>
  within(commits.length, commits) ||
  within(commits.length, [{ aggregates: written(commits), outbox: sharedRows(commits) }]);

/**
 * Bytes are an upper bound: a character of UTF-8 has at most three bytes per UTF-16 unit; names and numbers are within 200
 * a row.
 */
function within(marks: number, parts: readonly Pick<Commit, 'aggregates' | 'outbox'>[]): boolean {
  let items = marks;
  let characters = 0;
  for (const { aggregates, outbox } of parts) {
    items += aggregates.length + outbox.length;
    for (const { text = '' } of aggregates) characters += text.length;
    for (const { text } of outbox) characters += text.length;
  }
  return items <= MAX_ITEMS && 200 * items + 3 * characters <= MAX_BYTES;
}

/** Commits that build on each other as one transaction: what the last of them makes of an aggregate is written. */
export const rowsOf = (table: string, commits: readonly Commit[]): TransactWriteItem[] => [
  ...commits.map(({ mark: { id, hash, at, expires } }) => ({
    Put: {
      TableName: table,
      Item: {
        pk: { S: `m#${id}` },
        hash: { S: hash },
        at: { N: String(at) },
        ...(expires === undefined ? {} : { expires: { N: String(expires) } }),
      },
      ConditionExpression: 'attribute_not_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    },
  })),
  ...written(commits).map((aggregate) => ({ Put: aggregateRow(table, aggregate) })),
  ...sharedRows(commits).map((row) => ({ Put: { TableName: table, Item: outboxItem(row) } })),
];

/** `text` is the entries as JSON. */
export const outboxItem = ({
  pk,
  kind,
  to,
  text,
  pending,
  dueAt,
}: Omit<StampedRow, 'entries' | 'pending'> & { pending: string }) => ({
  pk: { S: pk },
  kind: { S: kind },
  ...(to === undefined ? {} : { to: { S: to } }),
  entries: { S: text },
  pending: { S: pending },
  dueAt: { N: String(dueAt) },
});

/** What is due together shares a row, as far as it fits: each row costs a write, a record of the stream and a delete. */
function sharedRows(commits: readonly Commit[]): StampedRow[] {
  const rows: StampedRow[] = [];
  const open = new Map<string, StampedRow>();
  for (const row of commits.flatMap(({ outbox }) => outbox)) {
    const due = JSON.stringify([row.kind, row.to, row.pending === 'now' || row.dueAt]);
    const last = open.get(due);
    if (last && 3 * (last.text.length + row.text.length) <= MAX_ROW_BYTES)
      last.text = `${last.text.slice(0, -1)},${row.text.slice(1)}`;
    else {
      const first = { ...row };
      open.set(due, first);
      rows.push(first);
    }
  }
  return rows;
}

/** Each aggregate once: as the last commit leaves it, on top of the version that the first one read. */
function written(commits: readonly Commit[]): Written[] {
  const last = new Map<string, Written>();
  for (const aggregate of commits.flatMap(({ aggregates }) => aggregates))
    last.set(aggregate.pk, { ...aggregate, from: last.get(aggregate.pk)?.from ?? aggregate.from });
  return [...last.values()];
}

/** Written only on top of the version that was read. */
export const aggregateRow = (TableName: string, { pk, from, version, text }: Written) => ({
  TableName,
  Item: {
    pk: { S: pk },
    version: { N: String(version) },
    ...(text === undefined ? {} : { state: { S: text } }),
  },
  ...(from === 0
    ? { ConditionExpression: 'attribute_not_exists(pk)' }
    : {
        ConditionExpression: 'version = :read',
        ExpressionAttributeValues: { ':read': { N: String(from) } },
      }),
});

/** Why a transaction was cancelled, for each commit. Reasons come one for each row, in order. Who is throttled is not in the way of anybody. */
export function verdicts(
  commits: readonly Commit[],
  rows: readonly TransactWriteItem[],
  reasons: readonly CancellationReason[],
): Verdict[] {
  const stoodInTheWay = new Map<string, CancellationReason>();
  for (const [i, { Code = 'None', Item }] of reasons.entries())
    if (Code !== 'None') stoodInTheWay.set(rows[i]!.Put!.Item!.pk!.S!, { Code, Item });
  const throttled = reasons.find(({ Code = 'None' }) => THROTTLED.has(Code));
  return commits.map(({ mark, aggregates, outbox }): Verdict => {
    const marked = stoodInTheWay.get(`m#${mark.id}`);
    if (marked?.Code === 'ConditionalCheckFailed')
      return { kind: 'marked', hash: marked.Item?.hash?.S ?? '' };
    if (throttled) return { kind: 'failed', fault: unavailable(throttled.Code!) };
    const moved = marked ?? [...aggregates, ...outbox].find(({ pk }) => stoodInTheWay.has(pk));
    return { kind: moved ? 'conflict' : 'again' };
  });
}

/** DynamoDB did not do it; `why` is its name for the cause. */
export const unavailable = (why: string, cause?: unknown): Fault =>
  new Unavailable(`DynamoDB: ${why}`, { code: 'STORE_UNAVAILABLE', cause });

/** What is wrong with a row itself; anything else passes. */
export const refusalIn = (reasons: readonly CancellationReason[]): CancellationReason | undefined =>
  reasons.find(({ Code = 'None' }) => !PASSING.has(Code));

const THROTTLED = new Set(['ThrottlingError', 'ProvisionedThroughputExceeded']);
const PASSING = new Set(['None', 'ConditionalCheckFailed', 'TransactionConflict', ...THROTTLED]);
