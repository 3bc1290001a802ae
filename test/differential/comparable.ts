/** Brings the answers of both sides into one form, and lists where they may differ. */
import { plainNumber } from '../../local/services/dynamodb/number.ts';
import type { Step } from './operations.ts';

/** Sets and scans have no order, numbers many notations, and what is undefined is absent. */
export function comparable(answer: unknown, operation: string): unknown {
  const plain = (it: unknown, name = ''): unknown => {
    if (it instanceof Uint8Array) return [...it];
    if (name === 'N') return plainNumber(it as string);
    if (name === 'NS') return (it as string[]).map(plainNumber).sort();
    if (name === 'SS') return [...(it as string[])].sort();
    if (name === 'BS') return (it as Uint8Array[]).map((bytes) => [...bytes].join()).sort();
    if (Array.isArray(it)) {
      const list = it.map((element) => plain(element));
      const unordered =
        name === 'ConsumedCapacity' ||
        (name === 'Items' && operation === 'Scan') ||
        operation === 'BatchGetItem';
      return unordered ? list.map((element) => JSON.stringify(element)).sort() : list;
    }
    if (typeof it !== 'object' || it === null) return it;
    return Object.fromEntries(
      Object.entries(it)
        .filter(([, value]) => value !== undefined)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, value]) => [key, plain(value, key)]),
    );
  };
  return plain(answer);
}

export interface Outcome {
  output?: unknown;
  error?: { name: string; message: string; CancellationReasons?: { Code: string; Message?: string }[] };
}

/** Why the two answers may differ; undefined where they may not. */
export const known = (mine: Outcome, theirs: Outcome, step: Step): string | undefined =>
  DIVERGENCES.find(({ holds }) => holds(mine, theirs, step))?.why;

const DIVERGENCES: { why: string; holds(mine: Outcome, theirs: Outcome, step: Step): boolean }[] = [
  {
    why: 'an expression with several faults: each side may name another one',
    holds: ({ error: mine }, { error: theirs }) =>
      mine?.name === 'ValidationException' &&
      theirs?.name === 'ValidationException' &&
      /^Invalid \w+Expression: /.exec(mine.message)?.[0] ===
        (/^Invalid \w+Expression: /.exec(theirs.message)?.[0] ?? 'none'),
  },
  {
    why: 'DynamoDB Local reports the capacity of deleting nothing to those who did not ask',
    holds: ({ output }, theirs, { operation, input }) =>
      operation === 'DeleteItem' &&
      output !== undefined &&
      theirs.output !== undefined &&
      !input['ReturnConsumedCapacity'],
  },
  {
    why: 'DynamoDB Local does not name what AWS names, or says it in other words',
    holds: ({ error: mine }, { error: theirs }) =>
      WORDINGS.some(([ours, local]) => ours.test(mine?.message ?? '') && local.test(theirs?.message ?? '')),
  },
  {
    why: 'DynamoDB Local words the reasons of a cancelled transaction otherwise, and stops at the first that is invalid',
    holds: ({ error: mine }, { error: theirs }) =>
      mine?.name === 'TransactionCanceledException' &&
      mine.name === theirs?.name &&
      (mine.message === theirs.message || mine.message.includes('ValidationError')),
  },
  {
    why: 'what AWS gives as reason for cancelling a transaction, DynamoDB Local throws by itself',
    holds: ({ error: mine }, { error: theirs }) =>
      theirs?.name === 'ValidationException' &&
      mine?.CancellationReasons?.some(({ Code }) => Code === 'ValidationError') === true,
  },
  {
    why: 'DynamoDB Local halves or doubles the cost of deleting nothing within several writes',
    holds: (mine, theirs, { operation }) =>
      (operation === 'TransactWriteItems' || operation === 'BatchWriteItem') &&
      mine.output !== undefined &&
      theirs.output !== undefined,
  },
  {
    why: 'AWS refuses index keys of the wrong type, DynamoDB Local stores some of them',
    holds: ({ error: mine }, { error: theirs }) =>
      theirs === undefined &&
      /Type mismatch for Index Key|unsupported type|"ValidationError"/.test(JSON.stringify(mine ?? '')),
  },
  {
    why: 'to read nothing costs as much as to read little; DynamoDB Local has it for free',
    holds: (mine, theirs) => scannedNothing(mine) && scannedNothing(theirs),
  },
];

const scannedNothing = ({ output }: Outcome): boolean =>
  (output as { ScannedCount?: number } | undefined)?.ScannedCount === 0;

/** Several can be true of one update, in any order. */
const UPDATE_FAULT =
  /^Invalid attribute value type|^The provided expression refers|^The document path|^An operand in the update|^Type mismatch for Index|Index Key|Two document paths|more than 38|38 digits|secondary index key/;

/** What AWS says (recorded by dynalite), and what DynamoDB Local says instead. */
const WORDINGS: [RegExp, RegExp][] = [
  [/^Query condition missed key schema element: /, /^Query condition missed key schema element$/],
  [/Type mismatch for Index Key|unsupported type$|IndexKey: /, UPDATE_FAULT],
  [UPDATE_FAULT, UPDATE_FAULT],
  [/multiple operations on one item/, UPDATE_FAULT],
  [/multiple operations on one item/, /^Transaction cancelled/],
  [/^The provided starting key /, /starting key|Exclusive Start Key/],
];
