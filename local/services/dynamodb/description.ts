/** How the table operations show a table. */
import type * as DDB from '@aws-sdk/client-dynamodb';
import type { Billing, Index, KeySchema, Table } from './table.ts';

/** `status` is ACTIVE unless the answer is that of the operation which changes the table: changes take no time. */
export function described(table: Table, status: DDB.TableStatus = 'ACTIVE'): DDB.TableDescription {
  const { billing, latestStream, stream, encryption, tableClass } = table;
  const ofKind = (kind: Index['kind']) => table.indexes.filter((index) => index.kind === kind);
  const [global, local] = [ofKind('global'), ofKind('local')];
  return {
    AttributeDefinitions: table.attributes,
    TableName: table.name,
    KeySchema: elements(table.schema),
    TableStatus: status,
    CreationDateTime: new Date(table.created),
    ProvisionedThroughput: throughputOf(billing.throughput),
    TableSizeBytes: table.rows.bytes(),
    ItemCount: table.rows.count(),
    TableArn: table.arn,
    TableId: table.id,
    ...billingSummary(billing),
    ...(local.length > 0 ? { LocalSecondaryIndexes: local.map((index) => indexOf(table, index)) } : {}),
    ...(global.length > 0
      ? { GlobalSecondaryIndexes: global.map((index) => globalIndexOf(table, index, status)) }
      : {}),
    ...(stream ? { StreamSpecification: { StreamEnabled: true, StreamViewType: stream.view } } : {}),
    ...(latestStream ? { LatestStreamLabel: latestStream.label, LatestStreamArn: latestStream.arn } : {}),
    ...(encryption
      ? { SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: encryption.key } }
      : {}),
    ...(tableClass ? { TableClassSummary: { TableClass: tableClass } } : {}),
    DeletionProtectionEnabled: table.deletionProtection,
  };
}

const billingSummary = ({ mode, onDemandSince, onDemandLimits }: Billing) => ({
  ...(onDemandSince === undefined
    ? {}
    : {
        BillingModeSummary: {
          BillingMode: mode,
          LastUpdateToPayPerRequestDateTime: new Date(onDemandSince),
        },
      }),
  ...(onDemandLimits ? { OnDemandThroughput: onDemandLimits } : {}),
});

const elements = ({ hash, range }: KeySchema): DDB.KeySchemaElement[] => [
  { AttributeName: hash.name, KeyType: 'HASH' },
  ...(range ? [{ AttributeName: range.name, KeyType: 'RANGE' as const }] : []),
];

const throughputOf = (throughput: DDB.ProvisionedThroughput | undefined) => ({
  NumberOfDecreasesToday: 0,
  ReadCapacityUnits: throughput?.ReadCapacityUnits ?? 0,
  WriteCapacityUnits: throughput?.WriteCapacityUnits ?? 0,
});

const indexOf = (table: Table, { name, schema, projection, rows }: Index) => ({
  IndexName: name,
  KeySchema: elements(schema),
  Projection: projection,
  IndexSizeBytes: rows.bytes(),
  ItemCount: rows.count(),
  IndexArn: `${table.arn}/index/${name}`,
});

const globalIndexOf = (
  table: Table,
  index: Index,
  status: DDB.TableStatus,
): DDB.GlobalSecondaryIndexDescription => ({
  ...indexOf(table, index),
  IndexStatus: status === 'CREATING' ? 'CREATING' : 'ACTIVE',
  ProvisionedThroughput: throughputOf(index.throughput),
  ...(index.onDemandLimits ? { OnDemandThroughput: index.onDemandLimits } : {}),
});
