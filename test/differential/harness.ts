/** What the differential test does on either side. */
import * as DDB from '@aws-sdk/client-dynamodb';
import * as Streams from '@aws-sdk/client-dynamodb-streams';
import { table } from '../local/dynamodb/table.ts';
import { comparable, type Outcome } from './comparable.ts';
import { TABLES, type Step } from './operations.ts';

export interface Side {
  db: DDB.DynamoDBClient;
  streams: Streams.DynamoDBStreamsClient;
}

export const sideOf = (client: <C>(Class: new (config: object) => C) => C): Side => ({
  db: client(DDB.DynamoDBClient as never),
  streams: client(Streams.DynamoDBStreamsClient as never),
});

export async function freshTables({ db }: Side): Promise<void> {
  for (const TableName of TABLES) {
    await db.send(new DDB.DeleteTableCommand({ TableName })).catch(() => undefined);
    const StreamSpecification = { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' as const };
    await db.send(
      new DDB.CreateTableCommand(
        table(TableName, { StreamSpecification, ...(TableName === 'sorted' ? INDEXED : {}) }),
      ),
    );
  }
}

const INDEXED = {
  sorted: true,
  AttributeDefinitions: [
    { AttributeName: 'g', AttributeType: 'S' as const },
    { AttributeName: 'l', AttributeType: 'S' as const },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'global',
      KeySchema: [
        { AttributeName: 'g', KeyType: 'HASH' as const },
        { AttributeName: 'sk', KeyType: 'RANGE' as const },
      ],
      Projection: { ProjectionType: 'ALL' as const },
    },
  ],
  LocalSecondaryIndexes: [
    {
      IndexName: 'local',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' as const },
        { AttributeName: 'l', KeyType: 'RANGE' as const },
      ],
      Projection: { ProjectionType: 'INCLUDE' as const, NonKeyAttributes: ['a'] },
    },
  ],
};

export async function outcome({ db }: Side, { operation, input }: Step): Promise<Outcome> {
  // oxlint-disable-next-line typescript/no-explicit-any -- the operation is chosen by chance
  const Command = (DDB as any)[`${operation}Command`];
  try {
    const { $metadata: _, ...output } = await db.send(new Command(structuredClone(input)));
    return { output: comparable(output, operation) };
  } catch (error) {
    const { name, message, CancellationReasons, Item } = error as DDB.TransactionCanceledException & {
      Item?: unknown;
    };
    return {
      error: comparable({ name, message, CancellationReasons, Item }, operation) as Outcome['error'] & object,
    };
  }
}

/** What the table's stream says, item by item: between items of one transaction there is no order. */
export async function changes({ db, streams }: Side, TableName: string) {
  const { Table } = await db.send(new DDB.DescribeTableCommand({ TableName }));
  const StreamArn = Table!.LatestStreamArn!;
  const { StreamDescription } = await streams.send(new Streams.DescribeStreamCommand({ StreamArn }));
  const found: unknown[] = [];
  for (const { ShardId } of StreamDescription!.Shards!) {
    const { ShardIterator } = await streams.send(
      new Streams.GetShardIteratorCommand({
        StreamArn,
        ShardId: ShardId!,
        ShardIteratorType: 'TRIM_HORIZON',
      }),
    );
    const { Records } = await streams.send(new Streams.GetRecordsCommand({ ShardIterator: ShardIterator! }));
    for (const { eventName, dynamodb } of Records!) {
      const { Keys, OldImage, NewImage } = dynamodb!;
      found.push(comparable({ eventName, Keys, OldImage, NewImage }, 'GetRecords'));
    }
  }
  return found.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0));
}

const keyOf = (change: unknown): string => JSON.stringify((change as Streams.StreamRecord).Keys);
