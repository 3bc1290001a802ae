import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startLocal, type Local } from '../../../local/index.ts';
import { withRole } from '../iam/role.ts';

let aws: Local;
let dynamodb: DynamoDBClient;

/** A role that may touch what is `mine` in a table whose sort key comes first, in items and in the alphabet. */
beforeAll(async () => {
  aws = await startLocal({ policies: 'enforced' });
  await aws.client(DynamoDBClient).send(
    new CreateTableCommand({
      TableName: 'table',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['at', 'owner'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [
        { AttributeName: 'owner', KeyType: 'HASH' },
        { AttributeName: 'at', KeyType: 'RANGE' },
      ],
    }),
  );
  const statement = {
    Effect: 'Allow',
    Action: 'dynamodb:*',
    Resource: '*',
    Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['mine'] } },
  };
  const RoleArn = await withRole(aws, { trust: { AWS: '000000000000' }, statements: [statement] });
  const { Credentials } = await aws
    .client(STSClient)
    .send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me' }));
  dynamodb = aws.client(DynamoDBClient, {
    credentials: {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken!,
    },
  });
});
afterAll(() => aws.stop());

const TableName = 'table';
const of = (owner: string) => ({ at: { S: 'mine' }, owner: { S: owner } });
/** Each touches what is of these owners, or of the last of them where it touches one item only. */
const CALLS: Record<string, (...owners: string[]) => Promise<object>> = {
  PutItem: (...owners) => dynamodb.send(new PutItemCommand({ TableName, Item: of(owners.at(-1)!) })),
  GetItem: (...owners) => dynamodb.send(new GetItemCommand({ TableName, Key: of(owners.at(-1)!) })),
  Query: (...owners) =>
    dynamodb.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: '#o = :o AND begins_with(#at, :at)',
        ExpressionAttributeNames: { '#o': 'owner', '#at': 'at' },
        ExpressionAttributeValues: { ':o': { S: owners.at(-1)! }, ':at': { S: 'mine' } },
      }),
    ),
  BatchGetItem: (...owners) =>
    dynamodb.send(new BatchGetItemCommand({ RequestItems: { table: { Keys: owners.map(of) } } })),
  BatchWriteItem: (...owners) =>
    dynamodb.send(
      new BatchWriteItemCommand({
        RequestItems: {
          table: owners.map((owner, i) =>
            i === 0 ? { PutRequest: { Item: of(owner) } } : { DeleteRequest: { Key: of(owner) } },
          ),
        },
      }),
    ),
  TransactWriteItems: (...owners) =>
    dynamodb.send(
      new TransactWriteItemsCommand({
        TransactItems: owners.map((owner) => ({ Put: { TableName, Item: of(owner) } })),
      }),
    ),
};

describe('a condition on the leading keys', () => {
  test.each(Object.entries(CALLS))('holds of %s', async (_name, call) => {
    await expect(call('mine')).resolves.toBeDefined();
    await expect(call('mine', 'yours')).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });
});
