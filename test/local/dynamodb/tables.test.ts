import * as DDB from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { dynamodb, withTable } from './fixture.ts';
import { table } from './table.ts';

const TableName = 'orders';
const describeTable = async (db: DDB.DynamoDBClient) =>
  (await db.send(new DDB.DescribeTableCommand({ TableName }))).Table!;

test('DescribeTable shows what CreateTable asked for', async () => {
  const { db } = await withTable({
    sorted: true,
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    SSESpecification: { Enabled: true },
    DeletionProtectionEnabled: true,
    Tags: [{ Key: 'stage', Value: 'test' }],
  });
  await db.send(new DDB.PutItemCommand({ TableName, Item: { pk: { S: 'a' }, sk: { N: '1' } } }));
  const found = await describeTable(db);
  expect(found).toMatchObject({
    TableName,
    TableStatus: 'ACTIVE',
    TableArn: 'arn:aws:dynamodb:eu-west-1:000000000000:table/orders',
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    LatestStreamArn: 'arn:aws:dynamodb:eu-west-1:000000000000:table/orders/stream/2030-01-01T00:00:00.000',
    SSEDescription: { Status: 'ENABLED', SSEType: 'KMS' },
    DeletionProtectionEnabled: true,
    ItemCount: 1,
    TableSizeBytes: 7,
  });
  const { Tags } = await db.send(new DDB.ListTagsOfResourceCommand({ ResourceArn: found.TableArn! }));
  expect(Tags).toEqual([{ Key: 'stage', Value: 'test' }]);
});

test('a table can be addressed by its ARN', async () => {
  const { db } = await withTable();
  const { TableArn } = await describeTable(db);
  await db.send(new DDB.PutItemCommand({ TableName: TableArn!, Item: { pk: { S: 'a' } } }));
  expect((await describeTable(db)).ItemCount).toBe(1);
});

test('ListTables gives names in order, a page at a time', async () => {
  const { db } = await dynamodb();
  for (const name of ['ccc', 'aaa', 'bbb']) await db.send(new DDB.CreateTableCommand(table(name)));
  const first = await db.send(new DDB.ListTablesCommand({ Limit: 2 }));
  expect(first).toMatchObject({ TableNames: ['aaa', 'bbb'], LastEvaluatedTableName: 'bbb' });
  const rest = await db.send(new DDB.ListTablesCommand({ ExclusiveStartTableName: 'bbb' }));
  expect(rest.TableNames).toEqual(['ccc']);
});

test('F59 a protected table is not deleted until its protection is lifted', async () => {
  const { db } = await withTable({ DeletionProtectionEnabled: true });
  const remove = () => db.send(new DDB.DeleteTableCommand({ TableName }));
  await expect(remove()).rejects.toMatchObject({ name: 'ValidationException' });
  await db.send(new DDB.UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
  expect((await remove()).TableDescription!.TableStatus).toBe('DELETING');
  await expect(describeTable(db)).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'Requested resource not found: Table: orders not found',
  });
});

test('the SDK waits for tables to exist and to be gone', async () => {
  const { db } = await withTable();
  const waiting = { client: db, maxWaitTime: 30 };
  await expect(DDB.waitUntilTableExists(waiting, { TableName })).resolves.toMatchObject({ state: 'SUCCESS' });
  await db.send(new DDB.DeleteTableCommand({ TableName }));
  await expect(DDB.waitUntilTableNotExists(waiting, { TableName })).resolves.toMatchObject({
    state: 'SUCCESS',
  });
});

describe('CreateTable refuses', () => {
  const index = (more: Partial<DDB.GlobalSecondaryIndex>): Partial<DDB.CreateTableCommandInput> => ({
    GlobalSecondaryIndexes: [
      {
        IndexName: 'index',
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
        ...more,
      },
    ],
  });
  const provisioned = { ReadCapacityUnits: 1, WriteCapacityUnits: 1 };

  test.each<[string, Partial<DDB.CreateTableCommandInput>, string]>([
    [
      'a short name',
      { TableName: 'ab' },
      'TableName must be at least 3 characters long and at most 255 characters long',
    ],
    [
      'throughput on demand',
      { ProvisionedThroughput: provisioned },
      'One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
    ],
    [
      'no throughput when provisioned',
      { BillingMode: 'PROVISIONED' },
      'One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED',
    ],
    [
      'a key that is not defined',
      { KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] },
      'One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [id], AttributeDefinitions: [pk]',
    ],
    [
      'an attribute that is no key',
      { AttributeDefinitions: [{ AttributeName: 'x', AttributeType: 'S' }] },
      'One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions',
    ],
    [
      'a sort key first',
      { KeySchema: [{ AttributeName: 'pk', KeyType: 'RANGE' }] },
      'Invalid KeySchema: The first KeySchemaElement is not a HASH key type',
    ],
    [
      'attributes of an index that holds all',
      index({ Projection: { ProjectionType: 'ALL', NonKeyAttributes: ['x'] } }),
      'One or more parameter values were invalid: ProjectionType is ALL, but NonKeyAttributes is specified',
    ],
    [
      'no indexes',
      { GlobalSecondaryIndexes: [] },
      'One or more parameter values were invalid: List of GlobalSecondaryIndexes is empty',
    ],
  ])('%s', async (_, more, message) => {
    const { db } = await dynamodb();
    await expect(db.send(new DDB.CreateTableCommand(table('orders', more)))).rejects.toMatchObject({
      name: 'ValidationException',
      message,
    });
  });

  test('a table that is there already', async () => {
    const { db } = await withTable();
    await expect(db.send(new DDB.CreateTableCommand(table('orders')))).rejects.toMatchObject({
      name: 'ResourceInUseException',
      message: 'Table already exists: orders',
    });
  });

  test('what is not modelled, by name', async () => {
    const { db } = await dynamodb();
    await expect(
      db.send(new DDB.CreateTableCommand(table('orders', { ResourcePolicy: '{}' }))),
    ).rejects.toMatchObject({ message: expect.stringContaining('ResourcePolicy of dynamodb:CreateTable') });
    await expect(
      db.send(new DDB.ExecuteStatementCommand({ Statement: 'SELECT * FROM orders' })),
    ).rejects.toMatchObject({ message: expect.stringContaining('dynamodb:ExecuteStatement') });
  });
});

test('a table moves between provisioned and on demand', async () => {
  const { db } = await withTable({
    BillingMode: 'PROVISIONED',
    ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 6 },
  });
  expect((await describeTable(db)).ProvisionedThroughput).toMatchObject({
    ReadCapacityUnits: 5,
    WriteCapacityUnits: 6,
  });
  await db.send(new DDB.UpdateTableCommand({ TableName, BillingMode: 'PAY_PER_REQUEST' }));
  const found = await describeTable(db);
  expect(found.BillingModeSummary!.BillingMode).toBe('PAY_PER_REQUEST');
  expect(found.ProvisionedThroughput).toMatchObject({ ReadCapacityUnits: 0, WriteCapacityUnits: 0 });
});

test('Contributor Insights are switched on and off, and described', async () => {
  const { db } = await withTable();
  const described = () => db.send(new DDB.DescribeContributorInsightsCommand({ TableName }));
  const update = (ContributorInsightsAction: DDB.ContributorInsightsAction) =>
    db.send(new DDB.UpdateContributorInsightsCommand({ TableName, ContributorInsightsAction }));
  expect(await described()).toMatchObject({ ContributorInsightsStatus: 'DISABLED' });
  expect(await update('ENABLE')).toMatchObject({ ContributorInsightsStatus: 'ENABLING' });
  expect(await described()).toMatchObject({
    ContributorInsightsStatus: 'ENABLED',
    ContributorInsightsMode: 'ACCESSED_AND_THROTTLED_KEYS',
  });
  await update('DISABLE');
  expect(await described()).toMatchObject({ ContributorInsightsStatus: 'DISABLED' });
});

test('point-in-time recovery reaches back to when it was enabled, at most 35 days', async () => {
  const { aws, db } = await withTable();
  const recovery = async () =>
    (await db.send(new DDB.DescribeContinuousBackupsCommand({ TableName }))).ContinuousBackupsDescription!
      .PointInTimeRecoveryDescription!;
  expect(await recovery()).toEqual({ PointInTimeRecoveryStatus: 'DISABLED' });
  await db.send(
    new DDB.UpdateContinuousBackupsCommand({
      TableName,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    }),
  );
  await aws.advance('40d');
  expect(await recovery()).toEqual({
    PointInTimeRecoveryStatus: 'ENABLED',
    RecoveryPeriodInDays: 35,
    EarliestRestorableDateTime: new Date(Date.UTC(2030, 0, 6)),
    LatestRestorableDateTime: new Date(Date.UTC(2030, 1, 9, 23, 55)),
  });
});
