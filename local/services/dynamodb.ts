/**
 * Amazon DynamoDB and its streams: tables with their indexes, items, expressions, transactions, time to live.
 *
 * A request's expressions become trees once per text (dynamodb/expression), writes go through one path whatever
 * operation asks for them (change.ts, then `commit` of table.ts), and rows lie sorted in their partitions (rows.ts).
 * The parameters that expressions replaced in 2014, PartiQL, backups, exports and global tables are not modelled.
 */
import type { Service, ServiceModule } from '../service.ts';
import type { World } from '../world.ts';
import { batchOperations } from './dynamodb/batch.ts';
import { getOperations } from './dynamodb/get.ts';
import { insightOperations } from './dynamodb/insights.ts';
import { keepDatabase } from './dynamodb/kept.ts';
import { leadingKeysIn } from './dynamodb/leading-keys.ts';
import { readOperations } from './dynamodb/read.ts';
import { resourcesOf } from './dynamodb/resources.ts';
import { settingOperations, stopExpiring } from './dynamodb/settings.ts';
import { streamOperations, whenStreamed } from './dynamodb/streams.ts';
import type { Database } from './dynamodb/table.ts';
import { tableOperations } from './dynamodb/tables.ts';
import { tagOperations } from './dynamodb/tags.ts';
import { transactOperations } from './dynamodb/transact.ts';
import { writeOperations } from './dynamodb/write.ts';

declare module '../world.ts' {
  interface Services {
    dynamodb: DynamoDB;
  }
}

export default {
  sdk: [() => import('@aws-sdk/client-dynamodb'), () => import('@aws-sdk/client-dynamodb-streams')],
  start: dynamodb,
} satisfies ServiceModule;

type DynamoDB = ReturnType<typeof dynamodb>;

function dynamodb(world: World) {
  const db: Database = { world, tables: new Map(), streams: new Map() };
  db.kept = world.durable && keepDatabase(db, world.durable);

  return {
    operations: {
      ...tableOperations(db),
      ...settingOperations(db),
      ...insightOperations(db),
      ...tagOperations(db),
      ...getOperations(db),
      ...readOperations(db),
      ...writeOperations(db),
      ...batchOperations(db),
      ...transactOperations(db),
      ...streamOperations(db),
    },
    resources: resourcesOf(world),
    conditions: { 'dynamodb:leadingkeys': leadingKeysIn(db) },
    /** Calls `run` when records of the stream may be new; throws ResourceNotFoundException. Returns how to stop. */
    whenStreamed: (streamArn: string, run: () => void) => whenStreamed(db, streamArn, run),
    /** The tables, for whoever looks on. */
    state: () => ({
      tables: [...db.tables.values()].map(({ name, rows, latestStream }) => ({
        name,
        items: rows.count(),
        bytes: rows.bytes(),
        ...(latestStream ? { stream: latestStream.arn } : {}),
      })),
    }),
    stop: () => db.tables.forEach(stopExpiring),
  } satisfies Service & Record<string, unknown>;
}
