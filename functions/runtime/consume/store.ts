/** The consumer's table. Its only reader and writer; every write is one transaction. */
import {
  GetItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  type BatchGetItemCommand,
  type CancellationReason,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import type { Ambient } from '../ambient.ts';
import { batchGet } from '../batch-get.ts';
import { refusal } from '../errors.ts';
import { callsIn, type Calls } from './calls.ts';
import type { Aggregate, Commit } from './commit.ts';
import { parkedIn, parkedKeys, parkedRow, waitingIn } from './parking.ts';
import { aggregateRow, refusalIn, rowsOf, unavailable, verdicts, type Verdict } from './rows.ts';

export interface Store {
  /** Aggregates (`a#<key>`) and parked groups (`p#<group>`) by `pk`, as of now. Throws STORE_UNAVAILABLE. */
  load(pks: readonly string[]): Promise<Map<string, Aggregate>>;
  /** The hash of a mark, or undefined. Throws STORE_UNAVAILABLE. */
  marked(id: string): Promise<string | undefined>;
  /** Notes that what follows `id` in its group is not to be run before it. Throws STORE_UNAVAILABLE. */
  park(group: string, id: string): Promise<void>;
  /** Writes `receive` as the version of a row that does not exist yet. Throws STORE_UNAVAILABLE. */
  begin(pk: string, receive: number): Promise<void>;
  /** Calls to the outside world. */
  readonly calls: Calls;
  /** Writes commits that build on each other in one transaction, if any. A verdict for each, in order. */
  write(commits: readonly Commit[]): Promise<Verdict[]>;
}

export function tableStore(name: string, dynamodb: Pick<DynamoDBClient, 'send'>, ambient: Ambient): Store {
  const send = (command: BatchGetItemCommand) => reached(() => dynamodb.send(command));
  const get = async (pks: string[]) =>
    (await Promise.all(chunks(pks, 100).map((some) => batchGet(name, some, send, ambient)))).flat();
  return {
    calls: callsIn({ name, dynamodb, get, reached }),

    async load(pks) {
      const found = new Map<string, Aggregate>();
      const items = await get([...new Set(pks)]);
      for (const { pk, state, version } of items)
        found.set(pk!.S!, {
          text: state?.S,
          version: Number(version!.N),
        });
      return found;
    },

    async marked(id) {
      const { Item } = await reached(() =>
        dynamodb.send(
          new GetItemCommand({ TableName: name, Key: { pk: { S: `m#${id}` } }, ConsistentRead: true }),
        ),
      );
      return Item?.hash?.S;
    },

    async park(group, id) {
      const parked = parkedIn(await this.load(parkedKeys(group)), group);
      const now = ambient.now();
      const waiting = new Map(waitingIn(parked, now)).set(id, now); // one that was parked before keeps its place
      const row = aggregateRow(name, parkedRow(group, parked ?? { version: 0 }, [...waiting]));
      await reached(() => dynamodb.send(new PutItemCommand(row)));
    },

    async begin(pk, receive) {
      const row = aggregateRow(name, { pk, from: 0, version: receive });
      await reached(() => dynamodb.send(new PutItemCommand(row)));
    },

    async write(commits) {
      return commits.length === 0 ? [] : transact(commits, { name, dynamodb, ambient });
    },
  };
}

interface Table {
  name: string;
  dynamodb: Pick<DynamoDBClient, 'send'>;
  ambient: Ambient;
}

/** What DynamoDB refuses is halved, the rest to be decided again: in the end the one at fault is alone. */
async function transact(commits: readonly Commit[], table: Table): Promise<Verdict[]> {
  const rows = rowsOf(table.name, commits);
  try {
    await table.dynamodb.send(
      new TransactWriteItemsCommand({ TransactItems: rows, ClientRequestToken: table.ambient.newId() }),
    );
    return commits.map(() => ({ kind: 'committed' }));
  } catch (error) {
    const { name, message, CancellationReasons } = error as Error & {
      CancellationReasons?: CancellationReason[];
    };
    const refused =
      name === 'ValidationException' ? { Message: message } : refusalIn(CancellationReasons ?? []);
    if (refused && commits.length > 1) {
      const half = Math.floor(commits.length / 2);
      return [
        ...(await transact(commits.slice(0, half), table)),
        ...commits.slice(half).map(() => ({ kind: 'again' as const })),
      ];
    }
    if (refused)
      return [{ kind: 'failed', fault: refusal('WRITE_REFUSED', refused.Message ?? '', { cause: error }) }];
    if (CancellationReasons) return verdicts(commits, rows, CancellationReasons);
    return commits.map(() => ({ kind: 'failed', fault: unavailable(name, error) }));
  }
}

async function reached<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw unavailable((error as Error).name, error);
  }
}

const chunks = <T>(all: T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
