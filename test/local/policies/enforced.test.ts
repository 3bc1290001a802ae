import { CreateTableCommand, DynamoDBClient, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadBucketCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { CreateTopicCommand, PublishBatchCommand, SNSClient } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { expect, test } from 'vitest';
import { startLocal, type Local } from '../../../local/index.ts';
import { servicePrincipal } from '../../../local/principal.ts';
import { withRole } from '../iam/role.ts';

const me = 'arn:aws:sts::000000000000:assumed-role/worker/me';
const queue = 'arn:aws:sqs:eu-west-1:000000000000:orders';
const QueueUrl = 'http://127.0.0.1:4566/000000000000/orders';

/** Clients as a role that may do what `statements` say. */
async function asWorker(...statements: object[]) {
  const aws = await startLocal({ policies: 'enforced' });
  const RoleArn = await withRole(aws, { trust: { AWS: '000000000000' }, statements });
  await aws.client(SQSClient).send(new CreateQueueCommand({ QueueName: 'orders' }));
  const { Credentials } = await aws
    .client(STSClient)
    .send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me' }));
  const credentials = {
    accessKeyId: Credentials!.AccessKeyId!,
    secretAccessKey: Credentials!.SecretAccessKey!,
    sessionToken: Credentials!.SessionToken!,
  };
  const client: Local['client'] = (Class, more) => aws.client(Class, { credentials, ...more });
  return { aws, client };
}

const setPolicy = (aws: Local, ...Statement: object[]) =>
  aws.client(SQSClient).send(
    new SetQueueAttributesCommand({
      QueueUrl,
      Attributes: { Policy: JSON.stringify({ Version: '2012-10-17', Statement }) },
    }),
  );

test('SQS refuses in its own words, the action in lower case', async () => {
  const { client } = await asWorker();
  await expect(
    client(SQSClient).send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' })),
  ).rejects.toMatchObject({
    name: 'AccessDenied',
    message: `User: ${me} is not authorized to perform: sqs:sendmessage on resource: ${queue} because no identity-based policy allows the sqs:sendmessage action`,
    $metadata: { httpStatusCode: 403 },
  });
});

test('a batch asks for the action of its entries', async () => {
  const { client } = await asWorker({ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queue });
  const { Successful } = await client(SQSClient).send(
    new SendMessageBatchCommand({ QueueUrl, Entries: [{ Id: 'a', MessageBody: 'x' }] }),
  );
  expect(Successful).toHaveLength(1);
});

test('a batch of notifications asks for sns:Publish, which is all that grantPublish gives', async () => {
  const { aws, client } = await asWorker({ Effect: 'Allow', Action: 'sns:Publish', Resource: '*' });
  const { TopicArn } = await aws.client(SNSClient).send(new CreateTopicCommand({ Name: 'news' }));
  const PublishBatchRequestEntries = [{ Id: 'a', Message: 'x' }];
  const { Successful } = await client(SNSClient).send(
    new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries }),
  );
  expect(Successful).toHaveLength(1);
});

test.each([
  ['a version', new GetObjectCommand({ Bucket: 'b-1', Key: 'k', VersionId: 'v' }), 's3:GetObjectVersion'],
  ['tags', new PutObjectCommand({ Bucket: 'b-1', Key: 'k', Tagging: 'a=b' }), 's3:PutObjectTagging'],
])('%s of an object asks for an action of its own', async (_what, command, action) => {
  const Action = ['s3:GetObject', 's3:PutObject'];
  const { aws, client } = await asWorker({ Effect: 'Allow', Action, Resource: '*' });
  await aws.client(S3Client).send(new CreateBucketCommand({ Bucket: 'b-1' }));
  await expect(client(S3Client).send(command)).rejects.toThrow(
    `not authorized to perform: ${action} on resource: "arn:aws:s3:::b-1/k"`,
  );
});

test.each([
  [
    ['s3:GetObject'],
    'AccessDenied',
    'not authorized to perform: s3:ListBucket on resource: "arn:aws:s3:::b-1"',
  ],
  [['s3:GetObject', 's3:ListBucket'], 'NoSuchKey', 'The specified key does not exist.'],
])('who may %s is told of a missing object: %s', async (Action, name, message) => {
  const { aws, client } = await asWorker({ Effect: 'Allow', Action, Resource: '*' });
  await aws.client(S3Client).send(new CreateBucketCommand({ Bucket: 'b-1' }));
  await expect(
    client(S3Client).send(new GetObjectCommand({ Bucket: 'b-1', Key: 'none' })),
  ).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
});

test('EventBridge and SSM refuse with the action as it is written', async () => {
  const { client } = await asWorker();
  await expect(
    client(EventBridgeClient).send(
      new PutEventsCommand({ Entries: [{ Source: 's', DetailType: 't', Detail: '{}' }] }),
    ),
  ).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: `User: ${me} is not authorized to perform: events:PutEvents on resource: arn:aws:events:eu-west-1:000000000000:event-bus/default because no identity-based policy allows the events:PutEvents action`,
    $metadata: { httpStatusCode: 400 },
  });
  await expect(client(SSMClient).send(new GetParameterCommand({ Name: '/a' }))).rejects.toMatchObject({
    name: 'AccessDeniedException',
  });
});

test('S3 quotes the resource, and looking at a bucket is listing it', async () => {
  const { aws, client } = await asWorker({
    Effect: 'Allow',
    Action: 's3:ListBucket',
    Resource: 'arn:aws:s3:::b-1',
  });
  await aws.client(S3Client).send(new CreateBucketCommand({ Bucket: 'b-1' }));
  await expect(client(S3Client).send(new HeadBucketCommand({ Bucket: 'b-1' }))).resolves.toBeDefined();
  await expect(
    client(S3Client).send(new GetObjectCommand({ Bucket: 'b-1', Key: 'k' })),
  ).rejects.toMatchObject({
    name: 'AccessDenied',
    message: `User: ${me} is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::b-1/k" because no identity-based policy allows the s3:GetObject action`,
  });
});

test('a transaction needs the action of each of its items', async () => {
  const table = 'arn:aws:dynamodb:eu-west-1:000000000000:table/items';
  const { aws, client } = await asWorker({ Effect: 'Allow', Action: 'dynamodb:PutItem', Resource: table });
  await aws.client(DynamoDBClient).send(
    new CreateTableCommand({
      TableName: 'items',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    }),
  );
  const Put = { TableName: 'items', Item: { pk: { S: 'a' } } };
  const Delete = { TableName: 'items', Key: { pk: { S: 'b' } } };
  const dynamodb = client(DynamoDBClient);
  await expect(
    dynamodb.send(new TransactWriteItemsCommand({ TransactItems: [{ Put }] })),
  ).resolves.toBeDefined();
  await expect(
    dynamodb.send(new TransactWriteItemsCommand({ TransactItems: [{ Put }, { Delete }] })),
  ).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: `User: ${me} is not authorized to perform: dynamodb:DeleteItem on resource: ${table} because no identity-based policy allows the dynamodb:DeleteItem action`,
  });
});

test('an explicit deny says whose policy it is in', async () => {
  const send = new SendMessageCommand({ QueueUrl, MessageBody: 'x' });
  const denied = await asWorker({ Effect: 'Deny', Action: 'sqs:*', Resource: '*' });
  await expect(denied.client(SQSClient).send(send)).rejects.toMatchObject({
    message: `User: ${me} is not authorized to perform: sqs:sendmessage on resource: ${queue} with an explicit deny in an identity-based policy`,
  });
  const { aws, client } = await asWorker({ Effect: 'Allow', Action: 'sqs:*', Resource: '*' });
  await setPolicy(aws, { Effect: 'Deny', Principal: '*', Action: 'sqs:SendMessage', Resource: queue });
  await expect(client(SQSClient).send(send)).rejects.toMatchObject({
    message: `User: ${me} is not authorized to perform: sqs:sendmessage on resource: ${queue} with an explicit deny in a resource-based policy`,
  });
});

test('loopback counts as TLS', async () => {
  const { aws, client } = await asWorker({ Effect: 'Allow', Action: 'sqs:*', Resource: '*' });
  const Condition = { Bool: { 'aws:SecureTransport': 'false' } };
  await setPolicy(aws, { Effect: 'Deny', Principal: '*', Action: 'sqs:*', Resource: queue, Condition });
  await expect(
    client(SQSClient).send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' })),
  ).resolves.toHaveProperty('MessageId');
});

test('a delivery of EventBridge needs the queue’s leave for this rule (F13, F17)', async () => {
  const { aws } = await asWorker();
  const rule = 'arn:aws:events:eu-west-1:000000000000:rule/shop/r';
  const deliver = (sourceArn: string) =>
    aws.world.call(
      servicePrincipal('000000000000', 'events.amazonaws.com', sourceArn),
      'sqs',
      'SendMessage',
      {
        QueueUrl,
        MessageBody: 'x',
      },
    );
  const Condition = { ArnEquals: { 'aws:SourceArn': rule } };
  const Principal = { Service: 'events.amazonaws.com' };
  await expect(deliver(rule)).rejects.toMatchObject({
    code: 'AccessDenied',
    message: `User: events.amazonaws.com is not authorized to perform: sqs:sendmessage on resource: ${queue} because no resource-based policy allows the sqs:sendmessage action`,
  });
  await setPolicy(aws, { Effect: 'Allow', Principal, Action: 'sqs:SendMessage', Resource: queue, Condition });
  await expect(deliver(rule)).resolves.toHaveProperty('MessageId');
  await expect(deliver(`${rule}-other`)).rejects.toMatchObject({ code: 'AccessDenied' });
});

test('a role is taken on only by whom it trusts', async () => {
  const { aws, client } = await asWorker({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' });
  const RoleArn = await withRole(aws, { name: 'lambda-only' });
  const assume = (RoleArn_: string) => new AssumeRoleCommand({ RoleArn: RoleArn_, RoleSessionName: 'other' });
  await expect(client(STSClient).send(assume(RoleArn))).rejects.toMatchObject({
    name: 'AccessDenied',
    message: `User: ${me} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`,
  });
  await expect(client(STSClient).send(assume(`${RoleArn}-unknown`))).rejects.toMatchObject({
    name: 'AccessDenied',
  });
  const trusting = await withRole(aws, {
    name: 'trusting',
    trust: { AWS: 'arn:aws:iam::000000000000:role/worker' },
  });
  await expect(client(STSClient).send(assume(trusting))).resolves.toHaveProperty('Credentials');
});

test('a condition key that is not modelled fails by name', async () => {
  const { client } = await asWorker({
    Effect: 'Allow',
    Action: 'sqs:*',
    Resource: '*',
    Condition: { StringEquals: { 'aws:ResourceTag/team': 'blue' } },
  });
  await expect(
    client(SQSClient).send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' })),
  ).rejects.toMatchObject({
    name: 'NotImplemented',
    message: expect.stringMatching(/the condition key aws:ResourceTag\/team/),
  });
});
