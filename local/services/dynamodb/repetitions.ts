/** Transactions that were done, by client token: who repeats one within ten minutes changes nothing. */
import { hash } from 'node:crypto';
import type * as DDB from '@aws-sdk/client-dynamodb';
import { AwsError } from '../../errors.ts';
import type { Units } from './capacity.ts';
import type { Database } from './table.ts';

const TOKEN_LIFETIME = 10 * 60_000;

interface Done {
  at: number;
  request: string;
  /** What a repetition costs. */
  reads: Units[];
}

interface KeptDone extends Omit<Done, 'reads'> {
  reads: { table: string; own: number }[];
}

export function repetitions({ world, tables }: Database) {
  const { clock, durable } = world;
  const shelf = durable?.shelf('dynamodb/transactions', keptDone);
  const done = new Map<string, Done>(
    shelf?.records().map(([token, kept]) => [token, { ...kept, reads: readsFrom(kept, tables) }]),
  );

  return {
    /** What the transaction costs that this one repeats; throws IdempotentParameterMismatchException if it is another. */
    costOf(token: string, input: DDB.TransactWriteItemsCommandInput): Units[] | undefined {
      for (const [old, { at }] of done) {
        if (at + TOKEN_LIFETIME > clock.now()) break;
        done.delete(old);
        shelf?.delete(old);
      }
      const earlier = done.get(token);
      if (earlier && earlier.request !== fingerprint(input))
        throw new AwsError(
          'IdempotentParameterMismatchException',
          'The provided idempotency token was already used with different request parameters',
        );
      return earlier?.reads;
    },
    /** `reads` is what a repetition will cost. */
    add(token: string, input: DDB.TransactWriteItemsCommandInput, reads: Units[]): void {
      const one = { at: clock.now(), request: fingerprint(input), reads };
      done.set(token, one);
      shelf?.put(token, one);
    },
  };
}

const fingerprint = ({ TransactItems }: DDB.TransactWriteItemsCommandInput): string =>
  hash('sha256', JSON.stringify(TransactItems), 'base64');

const keptDone = ({ reads, ...done }: Done): KeptDone => ({
  ...done,
  reads: reads.map(({ table, own }) => ({ table: table.name, own })),
});

/** Without those of tables that are gone. */
const readsFrom = ({ reads }: KeptDone, tables: Database['tables']): Units[] =>
  reads.flatMap(({ table: name, own }) => {
    const table = tables.get(name);
    return table ? [{ table, own, indexes: [] }] : [];
  });
