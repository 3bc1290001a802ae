/** What can be set of a table besides its shape: time to live, point-in-time recovery, tags. */
import type * as DDB from '@aws-sdk/client-dynamodb';
import { AwsError } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import { invalid, noSuchTable } from './errors.ts';
import { expiryBy } from './expiry.ts';
import { commit, tableNamed, type Database, type Table } from './table.ts';

export const settingOperations = (db: Database) => ({
  UpdateTimeToLive(input: DDB.UpdateTimeToLiveCommandInput) {
    const { Enabled, AttributeName = '' } = input.TimeToLiveSpecification!;
    const table = existing(db, input.TableName);
    const { expiry } = table;
    if (expiry && Enabled)
      throw invalid(
        expiry.attribute === AttributeName
          ? 'TimeToLive is already enabled'
          : `TimeToLive is active on a different AttributeName: current AttributeName is ${expiry.attribute}`,
      );
    if (!expiry && !Enabled) throw invalid('TimeToLive is already disabled');
    if (Enabled) expire(db, table, AttributeName);
    else stopExpiring(table);
    return {
      TimeToLiveSpecification: { Enabled, AttributeName },
    } satisfies Answer<DDB.UpdateTimeToLiveCommandOutput>;
  },

  DescribeTimeToLive(input: DDB.DescribeTimeToLiveCommandInput) {
    const { expiry } = existing(db, input.TableName);
    return {
      TimeToLiveDescription: expiry
        ? { TimeToLiveStatus: 'ENABLED', AttributeName: expiry.attribute }
        : { TimeToLiveStatus: 'DISABLED' },
    } satisfies Answer<DDB.DescribeTimeToLiveCommandOutput>;
  },

  UpdateContinuousBackups(input: DDB.UpdateContinuousBackupsCommandInput) {
    const table = existing(db, input.TableName);
    const { PointInTimeRecoveryEnabled, RecoveryPeriodInDays = 35 } = input.PointInTimeRecoverySpecification!;
    if (RecoveryPeriodInDays < 1 || RecoveryPeriodInDays > 35)
      throw invalid(
        `1 validation error detected: Value '${RecoveryPeriodInDays}' at 'pointInTimeRecoverySpecification.recoveryPeriodInDays' failed to satisfy constraint: Member must have value ${RecoveryPeriodInDays < 1 ? 'greater than or equal to 1' : 'less than or equal to 35'}`,
      );
    table.recovery = PointInTimeRecoveryEnabled
      ? { since: table.recovery?.since ?? db.world.clock.now(), days: RecoveryPeriodInDays }
      : undefined;
    return {
      ContinuousBackupsDescription: backupsOf(db, table),
    } satisfies Answer<DDB.UpdateContinuousBackupsCommandOutput>;
  },

  DescribeContinuousBackups(input: DDB.DescribeContinuousBackupsCommandInput) {
    const table = db.tables.get(input.TableName!);
    if (!table) throw new AwsError('TableNotFoundException', `Table not found: ${input.TableName}`);
    return {
      ContinuousBackupsDescription: backupsOf(db, table),
    } satisfies Answer<DDB.DescribeContinuousBackupsCommandOutput>;
  },
});

/** A table for an operation that names it in its refusal. Throws ResourceNotFoundException. */
export function existing(db: Database, name = ''): Table {
  try {
    return tableNamed(db, name);
  } catch {
    throw noSuchTable(name);
  }
}

/** Deletes the items of a table when they expire, from now on. */
export function expire(db: Database, table: Table, attribute: string): void {
  const { clock } = db.world;
  table.expiry = expiryBy(attribute, clock, (row) => {
    if (table.rows.get(row) !== row) return;
    commit(db, { table, before: row, after: undefined }, DYNAMODB_ITSELF);
  });
  for (const { rows } of table.rows.scan()) for (const row of rows) table.expiry.watch(row);
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html */
const DYNAMODB_ITSELF = { Type: 'Service', PrincipalId: 'dynamodb.amazonaws.com' };

export function stopExpiring(table: Table): void {
  table.expiry?.stop();
  table.expiry = undefined;
}

function backupsOf({ world }: Database, { recovery }: Table): DDB.ContinuousBackupsDescription {
  if (!recovery)
    return {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
    };
  const now = world.clock.now();
  const { since, days } = recovery;
  return {
    ContinuousBackupsStatus: 'ENABLED',
    PointInTimeRecoveryDescription: {
      PointInTimeRecoveryStatus: 'ENABLED',
      RecoveryPeriodInDays: days,
      EarliestRestorableDateTime: new Date(Math.max(since, now - days * 86_400_000)),
      LatestRestorableDateTime: new Date(Math.max(since, now - 5 * 60_000)),
    },
  };
}
