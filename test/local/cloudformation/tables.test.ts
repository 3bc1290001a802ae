import { CreateStackCommand, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startLocal, type Local } from '../../../local/index.ts';
import { stacksOf, template } from './stacks-of.ts';

let aws: Local;
beforeEach(async () => {
  aws = await startLocal();
});
afterEach(() => aws.stop());

const by = (IndexName: string, ProjectionType = 'ALL') => ({
  IndexName,
  KeySchema: [{ AttributeName: IndexName, KeyType: 'HASH' }],
  Projection: { ProjectionType },
});
const table = (indexes: { IndexName: string }[], more: object = {}) =>
  template({
    T: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: ['id', ...indexes.map(({ IndexName }) => IndexName)].map((AttributeName) => ({
          AttributeName,
          AttributeType: 'S',
        })),
        ...(indexes.length > 0 ? { GlobalSecondaryIndexes: indexes } : {}),
        ...more,
      },
    },
  });
const changed = async (before: string, TemplateBody: string) => {
  const { after, happened } = stacksOf(aws);
  await after(new CreateStackCommand({ StackName: 's', TemplateBody: before }));
  const { StackStatus } = await after(new UpdateStackCommand({ StackName: 's', TemplateBody }));
  const failed = (await happened('s')).find((event) => event.startsWith('T UPDATE_FAILED'));
  return [StackStatus, failed];
};

test('an update makes or deletes one global index, not two', async () => {
  expect(await changed(table([by('age')]), table([by('age'), by('mail')]))).toEqual([
    'UPDATE_COMPLETE',
    undefined,
  ]);
});

test.each([
  ['two new ones', [], [by('age'), by('mail')]],
  ['one that is renamed', [by('age')], [by('mail')]],
])('of global indexes %s are refused in one update', async (_what, before, after) => {
  expect(await changed(table(before), table(after))).toEqual([
    'UPDATE_ROLLBACK_COMPLETE',
    'T UPDATE_FAILED (Cannot perform more than one GSI creation or deletion in a single update)',
  ]);
});

test('what a global index projects is fixed', async () => {
  expect(await changed(table([by('age')]), table([by('age', 'KEYS_ONLY')]))).toEqual([
    'UPDATE_ROLLBACK_COMPLETE',
    "T UPDATE_FAILED (Cannot update GSI's properties other than Provisioned Throughput and Contributor Insights Specification. You can create a new GSI with a different name.)",
  ]);
});

test('class, encryption and limits of a table change with its template', async () => {
  const more = {
    TableName: 'table',
    TableClass: 'STANDARD_INFREQUENT_ACCESS',
    SSESpecification: { SSEEnabled: true },
    OnDemandThroughput: { MaxWriteRequestUnits: 5 },
  };
  await changed(table([], { TableName: 'table' }), table([], more));
  const described = await aws.client(DynamoDBClient).send(new DescribeTableCommand({ TableName: 'table' }));
  expect(described.Table).toMatchObject({
    TableClassSummary: { TableClass: 'STANDARD_INFREQUENT_ACCESS' },
    SSEDescription: { Status: 'ENABLED' },
    OnDemandThroughput: { MaxWriteRequestUnits: 5 },
  });
});

test('what is not modelled of a table is refused when it comes later, too', async () => {
  const more = {
    KinesisStreamSpecification: { StreamArn: 'arn:aws:kinesis:eu-west-1:000000000000:stream/s' },
  };
  const [, failed] = await changed(table([]), table([], more));
  expect(failed).toContain('does not model KinesisStreamSpecification of a table');
});

test.each([
  [{ TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: false } }, {}],
  [{}, { TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: false } }],
])('a table that never expired anything goes on so from %j to %j', async (before, after) => {
  expect(await changed(table([], before), table([], after))).toEqual(['UPDATE_COMPLETE', undefined]);
});
