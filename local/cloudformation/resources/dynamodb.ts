import type { Tag } from '@aws-sdk/client-cloudformation';
import type { GlobalSecondaryIndex, TableDescription } from '@aws-sdk/client-dynamodb';
import { AwsError, notModelled } from '../../errors.ts';
import { retag } from '../tags.ts';
import type { Resource, ResourceTypes, Site } from '../resource-types.ts';
import { same, type Dictionary } from '../values.ts';

interface Table extends Dictionary {
  TableName?: string;
  KeySchema: Dictionary[];
  AttributeDefinitions: Dictionary[];
  BillingMode?: string;
  ProvisionedThroughput?: Dictionary;
  GlobalSecondaryIndexes?: GlobalSecondaryIndex[];
  StreamSpecification?: { StreamViewType?: string };
  SSESpecification?: { SSEEnabled?: boolean; SSEType?: string; KMSMasterKeyId?: string };
  TimeToLiveSpecification?: { AttributeName?: string; Enabled: boolean };
  PointInTimeRecoverySpecification?: Dictionary;
  ContributorInsightsSpecification?: { Enabled: boolean; Mode?: string };
  DeletionProtectionEnabled?: boolean;
  Tags?: Tag[];
}

interface GlobalTable extends Dictionary {
  Replicas: (Dictionary & { Region: string; GlobalSecondaryIndexes?: Dictionary[]; Tags?: Tag[] })[];
}

export default {
  'AWS::DynamoDB::Table': {
    name: 'TableName',
    create: createTable,
    update: updateTable,
    delete: deleteTable,
  },

  /** With one replica, in this region, it is a table: what CDK's TableV2 makes. */
  'AWS::DynamoDB::GlobalTable': {
    name: 'TableName',
    create: (properties: GlobalTable, site) => createTable(onlyReplica(properties, site), site),
    update: (before, properties: GlobalTable, site, previous: GlobalTable) =>
      updateTable(before, onlyReplica(properties, site), site, onlyReplica(previous, site)),
    delete: deleteTable,
  },
} satisfies ResourceTypes;

async function createTable(properties: Table, site: Site): Promise<Resource> {
  const TableName = site.name(properties.TableName, { longest: 255 });
  const {
    Tags,
    TimeToLiveSpecification,
    PointInTimeRecoverySpecification,
    ContributorInsightsSpecification,
    ...rest
  } = properties;
  refuseUnmodelled(rest);
  await site.call('dynamodb', 'CreateTable', {
    ...rest,
    TableName,
    Tags: site.tags(Tags),
    ...streamed(properties),
    ...encrypted(properties),
  });
  site.made({ id: TableName });
  const { TableArn, LatestStreamArn, TableId } = await active(TableName, site);
  if (TimeToLiveSpecification?.Enabled)
    await site.call('dynamodb', 'UpdateTimeToLive', { TableName, TimeToLiveSpecification });
  if (PointInTimeRecoverySpecification)
    await site.call('dynamodb', 'UpdateContinuousBackups', { TableName, PointInTimeRecoverySpecification });
  if (ContributorInsightsSpecification)
    await site.call('dynamodb', 'UpdateContributorInsights', {
      TableName,
      ...insights(ContributorInsightsSpecification),
    });
  return { id: TableName, attributes: { Arn: TableArn, StreamArn: LatestStreamArn, TableId } };
}

const UNMODELLED = [
  'ImportSourceSpecification',
  'KinesisStreamSpecification',
  'ResourcePolicy',
  'VectorIndexes',
  'WarmThroughput',
];

function refuseUnmodelled(table: Dictionary): void {
  const name = UNMODELLED.find((each) => table[each] !== undefined);
  if (name !== undefined) throw notModelled(`${name} of a table`);
}

async function updateTable(
  { id: TableName }: Resource,
  properties: Table,
  site: Site,
  previous: Table,
): Promise<Resource> {
  refuseUnmodelled(properties);
  const change = (input: object) => site.call('dynamodb', 'UpdateTable', { TableName, ...input });
  const { AttributeDefinitions, BillingMode, ProvisionedThroughput, DeletionProtectionEnabled } = properties;

  if (BillingMode !== previous.BillingMode || !same(ProvisionedThroughput, previous.ProvisionedThroughput))
    await change({
      BillingMode: BillingMode ?? 'PROVISIONED',
      ...(ProvisionedThroughput ? { ProvisionedThroughput } : {}),
    });
  if (DeletionProtectionEnabled !== previous.DeletionProtectionEnabled)
    await change({ DeletionProtectionEnabled: DeletionProtectionEnabled ?? false });
  const given: Dictionary = { ...properties, ...encrypted(properties) };
  for (const [name, none] of Object.entries(WHEN_REMOVED))
    if (!same(properties[name], previous[name])) await change({ [name]: given[name] ?? none });
  if (!same(properties.StreamSpecification, previous.StreamSpecification)) {
    // A stream's view cannot be changed: the old one ends first.
    if (previous.StreamSpecification) await change({ StreamSpecification: { StreamEnabled: false } });
    if (properties.StreamSpecification) await change(streamed(properties));
  }
  for (const GlobalSecondaryIndexUpdate of indexChanges(properties, previous)) {
    await change({ AttributeDefinitions, GlobalSecondaryIndexUpdates: [GlobalSecondaryIndexUpdate] });
    await active(TableName, site);
  }
  await changeSettings(TableName, properties, previous, site);
  const { TableArn, LatestStreamArn, TableId } = await active(TableName, site);
  await retag(properties.Tags, previous.Tags, site, {
    untag: (keys) => site.call('dynamodb', 'UntagResource', { ResourceArn: TableArn, TagKeys: keys }),
    tag: (tags) => site.call('dynamodb', 'TagResource', { ResourceArn: TableArn, Tags: tags }),
  });
  return { id: TableName, attributes: { Arn: TableArn, StreamArn: LatestStreamArn, TableId } };
}

/** What UpdateTable is told of what a template no longer says. */
const WHEN_REMOVED: Dictionary = {
  TableClass: 'STANDARD',
  OnDemandThroughput: { MaxReadRequestUnits: -1, MaxWriteRequestUnits: -1 },
  SSESpecification: { Enabled: false },
};

async function deleteTable({ id: TableName }: Resource, site: Site): Promise<void> {
  await site.call('dynamodb', 'DeleteTable', { TableName });
}

async function changeSettings(
  TableName: string,
  properties: Table,
  previous: Table,
  site: Site,
): Promise<void> {
  const { TimeToLiveSpecification: ttl, PointInTimeRecoverySpecification: recovery } = properties;
  const expired = previous.TimeToLiveSpecification;
  // Off is not switched off again, nor on again: DynamoDB refuses both.
  if (!same(ttl, expired) && (ttl?.Enabled || expired?.Enabled))
    await site.call('dynamodb', 'UpdateTimeToLive', {
      TableName,
      TimeToLiveSpecification: ttl ?? { AttributeName: expired?.AttributeName, Enabled: false },
    });
  if (!same(recovery, previous.PointInTimeRecoverySpecification))
    await site.call('dynamodb', 'UpdateContinuousBackups', {
      TableName,
      PointInTimeRecoverySpecification: recovery ?? { PointInTimeRecoveryEnabled: false },
    });
  const watched = properties.ContributorInsightsSpecification;
  if (!same(watched, previous.ContributorInsightsSpecification))
    await site.call('dynamodb', 'UpdateContributorInsights', { TableName, ...insights(watched) });
}

const insights = ({ Enabled, Mode }: { Enabled: boolean; Mode?: string } = { Enabled: false }) => ({
  ContributorInsightsAction: Enabled ? 'ENABLE' : 'DISABLE',
  ...(Mode === undefined ? {} : { ContributorInsightsMode: Mode }),
});

/**
 * One index may come or go in an update, and one that stays may change its throughput only.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html
 */
function indexChanges(
  { GlobalSecondaryIndexes: after = [] }: Table,
  { GlobalSecondaryIndexes: before = [] }: Table,
): object[] {
  const gone = before.filter(({ IndexName }) => !named(after, IndexName));
  const added = after.filter(({ IndexName }) => !named(before, IndexName));
  const changed = after.filter(
    (index) => !added.includes(index) && !same(index, named(before, index.IndexName)),
  );
  if (changed.some((index) => !same(shape(index), shape(named(before, index.IndexName)!))))
    throw refused(
      "Cannot update GSI's properties other than Provisioned Throughput and Contributor Insights Specification. You can create a new GSI with a different name.",
    );
  if (gone.length + added.length > 1)
    throw refused('Cannot perform more than one GSI creation or deletion in a single update');
  return [
    ...gone.map(({ IndexName }) => ({ Delete: { IndexName } })),
    ...added.map((index) => ({ Create: index })),
    ...changed.map(({ IndexName, ProvisionedThroughput, OnDemandThroughput }) => ({
      Update: { IndexName, ProvisionedThroughput, OnDemandThroughput },
    })),
  ];
}

const refused = (message: string) => new AwsError('ValidationError', message);

const named = (indexes: GlobalSecondaryIndex[], name = '') =>
  indexes.find(({ IndexName }) => IndexName === name);
const shape = ({
  ProvisionedThroughput: _provisioned,
  OnDemandThroughput: _onDemand,
  ...index
}: GlobalSecondaryIndex) => index;

const streamed = ({ StreamSpecification: stream }: Table) =>
  stream ? { StreamSpecification: { StreamEnabled: true, StreamViewType: stream.StreamViewType } } : {};

const encrypted = ({ SSESpecification: sse }: Table) =>
  sse
    ? {
        SSESpecification: {
          Enabled: sse.SSEEnabled,
          SSEType: sse.SSEType,
          KMSMasterKeyId: sse.KMSMasterKeyId,
        },
      }
    : {};

async function active(TableName: string, site: Site): Promise<TableDescription> {
  for (;;) {
    const { Table } = await site.call<{ Table: TableDescription }>('dynamodb', 'DescribeTable', {
      TableName,
    });
    const indexes = Table.GlobalSecondaryIndexes ?? [];
    if (Table.TableStatus === 'ACTIVE' && indexes.every(({ IndexStatus }) => IndexStatus === 'ACTIVE'))
      return Table;
    await site.world.clock.sleep(1000);
  }
}

function onlyReplica({ Replicas, ...table }: GlobalTable, { region }: Site): Table {
  const [replica, ...others] = Replicas;
  if (!replica || others.length > 0 || replica.Region !== region)
    throw notModelled('global tables with replicas in other regions');
  for (const name of [
    'WriteProvisionedThroughputSettings',
    'WriteOnDemandThroughputSettings',
    'GlobalTableWitnesses',
    'MultiRegionConsistency',
  ])
    if (table[name] !== undefined) throw notModelled(`${name} of a global table`);
  const { Region: _region, GlobalSecondaryIndexes = [], ...its } = replica;
  // CDK names every index of a replica, also where it says nothing more of it.
  if (GlobalSecondaryIndexes.some((index) => Object.keys(index).some((name) => name !== 'IndexName')))
    throw notModelled('index settings per replica');
  return { ...table, ...its } as unknown as Table;
}
