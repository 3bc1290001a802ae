import { crc32 } from 'node:zlib';
import {
  CloudFormationClient,
  DescribeStacksCommand,
  CreateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient, GetFunctionCommand } from '@aws-sdk/client-lambda';
import {
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { expect, test } from 'vitest';
import { AwsError } from '../../../local/errors.ts';
import { startLocal } from '../../../local/index.ts';
import { behindWire } from './echo.ts';

test('a real client speaks to a real service without a socket', async () => {
  const aws = await startLocal();
  const ssm = aws.client(SSMClient);
  await ssm.send(new PutParameterCommand({ Name: '/a', Value: 'hé', Type: 'String' }));
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: '/a' }));
  expect(Parameter).toMatchObject({ Value: 'hé', LastModifiedDate: new Date('2030-01-01T00:00:00Z') });
  await expect(ssm.send(new GetParameterCommand({ Name: '/b' }))).rejects.toMatchObject({
    name: 'ParameterNotFound',
    message: 'Parameter /b not found.',
    $metadata: { httpStatusCode: 400, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
  });
});

test('JSON carries blobs, timestamps and nested maps', async () => {
  const { client, seen } = await behindWire('dynamodb', () => import('@aws-sdk/client-dynamodb'), {
    PutItem: ({ Item }) => ({ Attributes: Item }),
  });
  const Item = {
    pk: { S: 'a' },
    blob: { B: new Uint8Array([1, 2]) },
    map: { M: { n: { N: '1' }, l: { L: [{ NULL: true }] } } },
  };
  const { Attributes } = await client(DynamoDBClient).send(new PutItemCommand({ TableName: 't', Item }));
  expect(seen[0]?.input).toEqual({ TableName: 't', Item });
  expect(Attributes).toEqual(Item);
});

test('a modelled error of a service that once spoke Query carries its old code', async () => {
  const { client } = await behindWire('sqs', () => import('@aws-sdk/client-sqs'), {
    ReceiveMessage: () => {
      throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
    },
  });
  await expect(
    client(SQSClient).send(new ReceiveMessageCommand({ QueueUrl: 'http://127.0.0.1:4566/000000000000/q' })),
  ).rejects.toMatchObject({
    name: 'QueueDoesNotExist',
    Code: 'AWS.SimpleQueueService.NonExistentQueue',
    message: 'The specified queue does not exist.',
  });
});

test('Query reads flattened lists and maps, at the address of a queue too, and answers XML', async () => {
  const { wire, seen } = await behindWire('sqs', () => import('@aws-sdk/client-sqs'), {
    ReceiveMessage: () => ({ Messages: [{ MessageId: 'm', Body: '<&', Attributes: { SenderId: 'x' } }] }),
  });
  const { status, headers, body } = await wire({
    method: 'POST',
    path: '/000000000000/q',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization:
        'AWS4-HMAC-SHA256 Credential=test/20300101/eu-west-1/sqs/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: Buffer.from(
      'Action=ReceiveMessage&Version=2012-11-05&QueueUrl=u&MaxNumberOfMessages=3&AttributeName.1=All&MessageAttributeName.1=a',
    ),
  });
  expect({ status, type: headers['content-type'] }).toEqual({ status: 200, type: 'text/xml' });
  expect(seen[0]?.input).toMatchObject({
    QueueUrl: 'u',
    MaxNumberOfMessages: 3,
    AttributeNames: ['All'],
    MessageAttributeNames: ['a'],
  });
  expect(Buffer.from(body).toString()).toContain(
    '<ReceiveMessageResult><Message><MessageId>m</MessageId><Body>&lt;&amp;</Body><Attribute><Name>SenderId</Name><Value>x</Value></Attribute></Message></ReceiveMessageResult><ResponseMetadata>',
  );
});

test('Query carries lists, structures, booleans and times', async () => {
  const { client, seen } = await behindWire(
    'cloudformation',
    () => import('@aws-sdk/client-cloudformation'),
    {
      CreateStack: () => ({ StackId: 'id' }),
      DescribeStacks: () => ({
        Stacks: [{ StackName: 's', CreationTime: new Date(5000), StackStatus: 'CREATE_COMPLETE' }],
      }),
    },
  );
  const cloudFormation = client(CloudFormationClient);
  const input = {
    StackName: 's',
    DisableRollback: true,
    Parameters: [{ ParameterKey: 'a', ParameterValue: 'b' }],
    Capabilities: ['CAPABILITY_IAM' as const],
    TimeoutInMinutes: 3,
  };
  expect(await cloudFormation.send(new CreateStackCommand(input))).toMatchObject({ StackId: 'id' });
  expect(seen[0]?.input).toEqual(input);
  const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({}));
  expect(Stacks?.[0]).toMatchObject({ StackName: 's', CreationTime: new Date(5000) });
});

test('an error that no model declares reaches a Query client by its code', async () => {
  const { client } = await behindWire('cloudformation', () => import('@aws-sdk/client-cloudformation'), {
    DescribeStacks: () => {
      throw new AwsError('ValidationError', 'Stack with id CDKToolkit does not exist');
    },
  });
  await expect(
    client(CloudFormationClient).send(new DescribeStacksCommand({ StackName: 'CDKToolkit' })),
  ).rejects.toMatchObject({
    name: 'ValidationError',
    message: 'Stack with id CDKToolkit does not exist',
    $metadata: { httpStatusCode: 400 },
  });
});

test('REST JSON reads path, query, headers and payload, and answers status and headers', async () => {
  const { client, seen } = await behindWire('lambda', () => import('@aws-sdk/client-lambda'), {
    Invoke: ({ Payload }) => ({ StatusCode: 202, FunctionError: 'Unhandled', Payload }),
    GetFunction: () => {
      throw new AwsError('ResourceNotFoundException', 'Function not found: x', { status: 404 });
    },
  });
  const lambda = client(LambdaClient);
  const answer = await lambda.send(
    new InvokeCommand({
      FunctionName: 'arn:aws:lambda:eu-west-1:000000000000:function:a',
      Qualifier: 'live',
      InvocationType: 'Event',
      Payload: '{"a":1}',
    }),
  );
  const { Payload, ...input } = seen[0]!.input as { Payload: Uint8Array };
  expect(input).toEqual({
    FunctionName: 'arn:aws:lambda:eu-west-1:000000000000:function:a',
    Qualifier: 'live',
    InvocationType: 'Event',
  });
  expect(Buffer.from(Payload).toString()).toBe('{"a":1}');
  expect(answer).toMatchObject({ StatusCode: 202, FunctionError: 'Unhandled' });
  expect(answer.Payload?.transformToString()).toBe('{"a":1}');
  await expect(lambda.send(new GetFunctionCommand({ FunctionName: 'x' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    Type: 'User',
    $metadata: { httpStatusCode: 404 },
  });
});

test('REST XML carries objects, listings, metadata and errors; HEAD fails without a body', async () => {
  const { client, seen } = await behindWire('s3', () => import('@aws-sdk/client-s3'), {
    PutObject: () => ({ ETag: '"e"' }),
    GetObject: () => ({
      Body: Buffer.from('hello'),
      ContentLength: 5,
      LastModified: new Date(5000),
      Metadata: { a: 'b' },
    }),
    ListObjectsV2: () => ({
      Name: 'b',
      KeyCount: 1,
      Contents: [{ Key: 'a b', Size: 5, LastModified: new Date(5000) }],
    }),
    GetBucketLocation: () => ({ LocationConstraint: 'eu-west-1' }),
    HeadObject: () => {
      throw new AwsError('NotFound', 'Not Found', { status: 404 });
    },
  });
  const s3 = client(S3Client);
  await s3.send(new PutObjectCommand({ Bucket: 'b', Key: 'k/ä b', Body: 'hello', Metadata: { a: 'b' } }));
  expect(seen[0]?.input).toMatchObject({
    Bucket: 'b',
    Key: 'k/ä b',
    Body: new Uint8Array(Buffer.from('hello')),
    Metadata: { a: 'b' },
  });
  const object = await s3.send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }));
  expect(await object.Body?.transformToString()).toBe('hello');
  expect(object).toMatchObject({ ContentLength: 5, LastModified: new Date(5000), Metadata: { a: 'b' } });
  const listing = await s3.send(new ListObjectsV2Command({ Bucket: 'b', Prefix: 'a' }));
  expect(seen.at(-1)?.input).toMatchObject({ Bucket: 'b', Prefix: 'a' });
  expect(listing.Contents).toEqual([{ Key: 'a b', Size: 5, LastModified: new Date(5000) }]);
  expect(await s3.send(new GetBucketLocationCommand({ Bucket: 'b' }))).toMatchObject({
    LocationConstraint: 'eu-west-1',
  });
  await expect(s3.send(new HeadObjectCommand({ Bucket: 'b', Key: 'x' }))).rejects.toMatchObject({
    name: 'NotFound',
    $metadata: { httpStatusCode: 404 },
  });
});

test('CBOR and JSON reach the same operation', async () => {
  const { client, seen } = await behindWire('monitoring', () => import('@aws-sdk/client-cloudwatch'), {
    PutMetricData: () => ({}),
  });
  const { SmithyRpcV2CborProtocol } = await import('@smithy/core/cbor');
  const input = { Namespace: 'n', MetricData: [{ MetricName: 'a', Value: 1.5, Timestamp: new Date(5000) }] };
  await client(CloudWatchClient, { protocol: SmithyRpcV2CborProtocol }).send(new PutMetricDataCommand(input));
  await client(CloudWatchClient).send(new PutMetricDataCommand(input));
  expect(seen.map(({ input }) => input)).toEqual([input, input]);
  expect(seen.map(({ call }) => call.protocol)).toEqual(['cbor', 'json']);
});

test('a required member that is missing is refused in the words of AWS, or of the service', async () => {
  const events = await behindWire('ssm', () => import('@aws-sdk/client-ssm'), { GetParameter: () => ({}) });
  await expect(
    events.client(SSMClient).send(new GetParameterCommand({} as { Name: string })),
  ).rejects.toMatchObject({
    name: 'ValidationException',
    message:
      "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null",
  });
  const sqs = await behindWire(
    'sqs',
    () => import('@aws-sdk/client-sqs'),
    { SendMessage: () => ({}) },
    {
      missing: ([path]) =>
        new AwsError('MissingParameter', `The request must contain the parameter ${path}.`),
    },
  );
  await expect(
    sqs.client(SQSClient).send(new SendMessageCommand({ QueueUrl: 'http://127.0.0.1:4566/q' } as never)),
  ).rejects.toMatchObject({ name: 'MissingParameter' });
  expect(sqs.seen).toEqual([]);
});

test('answers of DynamoDB carry their checksum, also when they refuse', async () => {
  const aws = await startLocal({ policies: 'off' });
  const asked = async (operation: string) => {
    const headers = { 'x-amz-target': `DynamoDB_20120810.${operation}` };
    const body = Buffer.from('{"TableName":"none"}');
    const answer = await aws.world.wire({ method: 'POST', path: '/', headers, body });
    return [answer.status, Number(answer.headers['x-amz-crc32']) === crc32(answer.body)];
  };
  expect(await asked('ListTables')).toEqual([200, true]);
  expect(await asked('DescribeTable')).toEqual([400, true]);
});
