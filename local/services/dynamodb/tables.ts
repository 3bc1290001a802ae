/** Making, changing and removing tables. What AWS does over minutes is done at once here; the answers still say CREATING. */
import type * as DDB from '@aws-sdk/client-dynamodb';
import { AwsError, notModelled } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import { constrained, refuse } from './constraints.ts';
import {
  billing,
  checkName,
  checkStream,
  checkTogether,
  globalIndex,
  keySchema,
  localIndex,
} from './definition.ts';
import { described } from './description.ts';
import { invalid, invalidParameter } from './errors.ts';
import { rowsByKey } from './rows.ts';
import { existing, stopExpiring } from './settings.ts';
import { closeStream, openStream } from './streams.ts';
import { backfill, type Database, type Table } from './table.ts';

export const tableOperations = (db: Database) => ({
  CreateTable(input: DDB.CreateTableCommandInput) {
    refuse('CreateTable', input, NOT_MODELLED);
    constrained(input, {
      KeySchema: { atLeast: 1 },
      BillingMode: { oneOf: ['PROVISIONED', 'PAY_PER_REQUEST'] },
    });
    checkName(input.TableName!, 'TableName');
    const table = newTable(db, input);
    if (db.tables.has(table.name))
      throw new AwsError('ResourceInUseException', `Table already exists: ${table.name}`);
    db.tables.set(table.name, table);
    if (input.StreamSpecification?.StreamEnabled) setStream(db, table, input.StreamSpecification);
    return { TableDescription: described(table, 'CREATING') } satisfies Answer<DDB.CreateTableCommandOutput>;
  },

  DescribeTable({ TableName }: DDB.DescribeTableCommandInput) {
    return { Table: described(existing(db, TableName)) } satisfies Answer<DDB.DescribeTableCommandOutput>;
  },

  ListTables(input: DDB.ListTablesCommandInput) {
    constrained(input, { Limit: { atLeast: 1, atMost: 100 } });
    const { ExclusiveStartTableName: after = '', Limit = 100 } = input;
    const names = [...db.tables.keys()].sort().filter((name) => name > after);
    const page = names.slice(0, Limit);
    return {
      TableNames: page,
      ...(page.length < names.length ? { LastEvaluatedTableName: page.at(-1)! } : {}),
    } satisfies Answer<DDB.ListTablesCommandOutput>;
  },

  DeleteTable({ TableName }: DDB.DeleteTableCommandInput) {
    const table = existing(db, TableName);
    if (table.deletionProtection)
      throw invalid(
        'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
      );
    stopExpiring(table);
    closeStream(db, table);
    db.tables.delete(table.name);
    db.kept?.forget(table);
    return { TableDescription: described(table, 'DELETING') } satisfies Answer<DDB.DeleteTableCommandOutput>;
  },

  UpdateTable(input: DDB.UpdateTableCommandInput) {
    refuse('UpdateTable', input, NOT_MODELLED);
    const table = existing(db, input.TableName);
    checkStream(input.StreamSpecification);
    const updates = UPDATES.filter(([member]) => input[member] !== undefined);
    if (updates.length === 0) throw invalid(NOTHING_TO_UPDATE);
    for (const [, update] of updates) update(db, table, input);
    return { TableDescription: described(table, 'UPDATING') } satisfies Answer<DDB.UpdateTableCommandOutput>;
  },
});

const NOT_MODELLED = [
  'WarmThroughput',
  'ResourcePolicy',
  'GlobalTableSourceArn',
  'GlobalTableSettingsReplicationMode',
  'VectorIndexes',
  'ReplicaUpdates',
  'MultiRegionConsistency',
  'GlobalTableWitnessUpdates',
  'DisassociationProtectionEnabled',
  'VectorIndexUpdates',
];

const NOTHING_TO_UPDATE =
  'At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required';

function newTable({ world }: Database, input: DDB.CreateTableCommandInput): Table {
  const {
    TableName,
    AttributeDefinitions: attributes = [],
    LocalSecondaryIndexes,
    GlobalSecondaryIndexes,
  } = input;
  for (const [member, list] of Object.entries({ LocalSecondaryIndexes, GlobalSecondaryIndexes }))
    if (list?.length === 0) throw invalidParameter(`List of ${member} is empty`);
  checkStream(input.StreamSpecification);
  const created = world.clock.now();
  const bill = billing(input.BillingMode, input.ProvisionedThroughput, input.OnDemandThroughput, created);
  const schema = keySchema(input.KeySchema, attributes);
  const indexes = [
    ...(LocalSecondaryIndexes ?? []).map((index) => localIndex(index, attributes, schema)),
    ...(GlobalSecondaryIndexes ?? []).map((index) => globalIndex(index, attributes, bill.mode)),
  ];
  checkTogether(schema, indexes, attributes);
  return {
    name: TableName!,
    arn: `arn:aws:dynamodb:${world.region}:${world.account}:table/${TableName}`,
    id: world.random.uuid(),
    created,
    attributes,
    schema,
    rows: rowsByKey(),
    indexes,
    billing: bill,
    tags: new Map((input.Tags ?? []).map(({ Key, Value }) => [Key!, Value!])),
    deletionProtection: input.DeletionProtectionEnabled ?? false,
    tableClass: input.TableClass,
    encryption: encryptionOf(world, input.SSESpecification),
    stream: undefined,
    latestStream: undefined,
    expiry: undefined,
    recovery: undefined,
  };
}

function encryptionOf(
  { account, region }: Database['world'],
  { Enabled, SSEType, KMSMasterKeyId = 'alias/aws/dynamodb' }: DDB.SSESpecification = {},
): Table['encryption'] {
  if (SSEType === 'AES256') throw invalidParameter('Unknown or unsupported SSEType: AES256');
  if (!Enabled) return undefined;
  if (KMSMasterKeyId.startsWith('arn:')) return { key: KMSMasterKeyId };
  const name = KMSMasterKeyId.startsWith('alias/') ? KMSMasterKeyId : `key/${KMSMasterKeyId}`;
  return { key: `arn:aws:kms:${region}:${account}:${name}` };
}

function setStream(
  db: Database,
  table: Table,
  { StreamEnabled, StreamViewType }: DDB.StreamSpecification,
): void {
  if (StreamEnabled && table.stream)
    throw invalid(`Table already has an enabled stream: TableName: ${table.name}`);
  if (!StreamEnabled && !table.stream)
    throw invalid(`Table has no stream to disable: TableName: ${table.name}`);
  if (!StreamEnabled) return closeStream(db, table);
  openStream(db, table, StreamViewType!);
}

type Update = (db: Database, table: Table, input: DDB.UpdateTableCommandInput) => void;

/** What each member of UpdateTable does, in the order in which they are done. */
const UPDATES: [keyof DDB.UpdateTableCommandInput, Update][] = [
  ['BillingMode', (db, table, input) => void (table.billing = newBilling(db, table, input))],
  ['ProvisionedThroughput', (db, table, input) => void (table.billing = newBilling(db, table, input))],
  ['OnDemandThroughput', (_, table, input) => void (table.billing.onDemandLimits = input.OnDemandThroughput)],
  ['StreamSpecification', (db, table, input) => setStream(db, table, input.StreamSpecification!)],
  ['GlobalSecondaryIndexUpdates', (_, table, input) => updateIndexes(table, input)],
  [
    'SSESpecification',
    ({ world }, table, input) => void (table.encryption = encryptionOf(world, input.SSESpecification)),
  ],
  [
    'DeletionProtectionEnabled',
    (_, table, input) => void (table.deletionProtection = input.DeletionProtectionEnabled!),
  ],
  ['TableClass', (_, table, input) => void (table.tableClass = input.TableClass)],
];

function newBilling({ world }: Database, table: Table, input: DDB.UpdateTableCommandInput) {
  const { mode, onDemandSince, onDemandLimits } = table.billing;
  const bill = billing(
    input.BillingMode ?? mode,
    input.ProvisionedThroughput,
    onDemandLimits,
    onDemandSince ?? world.clock.now(),
  );
  return { ...bill, onDemandSince: bill.onDemandSince ?? onDemandSince };
}

function updateIndexes(table: Table, input: DDB.UpdateTableCommandInput): void {
  const updates = input.GlobalSecondaryIndexUpdates!;
  if (updates.filter(({ Create, Delete }) => Create ?? Delete).length > 1)
    throw new AwsError(
      'LimitExceededException',
      'Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table',
    );
  for (const { Create, Delete, Update } of updates) {
    if (Create) createIndex(table, Create, input.AttributeDefinitions ?? []);
    if (Delete) {
      indexNamed(table, Delete.IndexName!);
      table.indexes = table.indexes.filter(({ name }) => name !== Delete.IndexName);
      const used = new Set([table.schema, ...table.indexes.map(({ schema }) => schema)].flatMap(names));
      table.attributes = table.attributes.filter(({ AttributeName }) => used.has(AttributeName));
    }
    if (Update) {
      if (Update.WarmThroughput) throw notModelled('WarmThroughput');
      const index = indexNamed(table, Update.IndexName!);
      index.throughput = Update.ProvisionedThroughput ?? index.throughput;
      index.onDemandLimits = Update.OnDemandThroughput ?? index.onDemandLimits;
    }
  }
}

const names = ({ hash, range }: Table['schema']) => [hash.name, range?.name];

function createIndex(
  table: Table,
  create: DDB.CreateGlobalSecondaryIndexAction,
  more: DDB.AttributeDefinition[],
): void {
  const known = new Set(table.attributes.map(({ AttributeName }) => AttributeName));
  const attributes = [...table.attributes, ...more.filter(({ AttributeName }) => !known.has(AttributeName))];
  const index = globalIndex(create, attributes, table.billing.mode);
  if (table.indexes.some(({ name }) => name === index.name))
    throw invalid(`Attempting to create an index which already exists: ${index.name}`);
  checkTogether(table.schema, [...table.indexes, index], attributes);
  table.attributes = attributes;
  backfill(index, table);
  table.indexes.push(index);
}

function indexNamed(table: Table, name: string) {
  const index = table.indexes.find((it) => it.name === name && it.kind === 'global');
  if (!index)
    throw new AwsError(
      'ResourceNotFoundException',
      `Requested resource not found: Index: ${name} not found for table: ${table.name}`,
    );
  return index;
}
