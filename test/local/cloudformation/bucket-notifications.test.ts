import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient, DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import {
  CreateBucketCommand,
  GetBucketNotificationConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as destinations from 'aws-cdk-lib/aws-s3-notifications';
import * as sns from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLocal, type Local } from '../../../local/index.ts';

let aws: Local;
let folder: string;
let s3Client: S3Client;
let outputs: Record<string, string>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'notifications-'));
  aws = await startLocal();
  s3Client = aws.client(S3Client);
  outputs = await deployed(everyDestination);
}, 60_000);
afterAll(async () => {
  await aws.stop();
  rmSync(folder, { recursive: true });
});

async function deployed(build: (stack: Stack) => void): Promise<Record<string, string>> {
  const app = new App({ outdir: mkdtempSync(join(folder, 'cdk.out-')) });
  build(new Stack(app, 'Files'));
  return (await aws.deploy(app.synth().directory))['Files'] ?? {};
}

const put = (Bucket: string, Key: string) =>
  s3Client.send(new PutObjectCommand({ Bucket, Key, Body: 'text' }));

const bodiesIn = async (QueueUrl: string | undefined): Promise<string[]> => {
  await aws.advance('1m');
  const { Messages = [] } = await aws
    .client(SQSClient)
    .send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  return Messages.map(({ Body = '' }) => Body);
};

const notificationsOf = async (Bucket: string) => {
  const { $metadata: _none, ...all } = await s3Client.send(
    new GetBucketNotificationConfigurationCommand({ Bucket }),
  );
  return all;
};

const remove = async () => {
  await aws.client(CloudFormationClient).send(new DeleteStackCommand({ StackName: 'Files' }));
  await aws.advance('1m');
};

const inline = `const { SSMClient, PutParameterCommand } = require('@aws-sdk/client-ssm');
exports.handler = ({ Records: [{ s3 }] }) =>
  new SSMClient().send(new PutParameterCommand({ Name: 'seen', Value: s3.object.key, Type: 'String', Overwrite: true }));`;

function everyDestination(stack: Stack): void {
  const bucket = new s3.Bucket(stack, 'Bucket', {
    eventBridgeEnabled: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const [own, fanned, ruled] = ['Own', 'Fanned', 'Ruled'].map((id) => new sqs.Queue(stack, id));
  const topic = new sns.Topic(stack, 'Topic');
  topic.addSubscription(new SqsSubscription(fanned!, { rawMessageDelivery: true }));
  const seen = new StringParameter(stack, 'Seen', { parameterName: 'seen', stringValue: 'none' });
  const fn = new lambda.Function(stack, 'Fn', {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline(inline),
  });
  seen.grantWrite(fn);
  bucket.addEventNotification(s3.EventType.OBJECT_CREATED, new destinations.SqsDestination(own!), {
    prefix: 'own/',
    suffix: '.csv',
  });
  bucket.addEventNotification(s3.EventType.OBJECT_CREATED, new destinations.SnsDestination(topic), {
    prefix: 'topic/',
  });
  bucket.addEventNotification(s3.EventType.OBJECT_CREATED, new destinations.LambdaDestination(fn), {
    prefix: 'fn/',
  });
  void new events.Rule(stack, 'Rule', {
    eventPattern: { source: ['aws.s3'], detail: { object: { key: [{ prefix: 'rule/' }] } } },
    targets: [new SqsQueue(ruled!)],
  });
  void new CfnOutput(stack, 'BucketOutput', { value: bucket.bucketName, key: 'Bucket' });
  for (const [key, queue] of Object.entries({ Own: own!, Fanned: fanned!, Ruled: ruled! }))
    void new CfnOutput(stack, `${key}Output`, { value: queue.queueUrl, key });
}

test("CDK's notifications of a bucket reach a queue, a topic, a function and EventBridge", async () => {
  const { Bucket = '', Own, Fanned, Ruled } = outputs;
  for (const key of ['own/a.csv', 'own/a.txt', 'topic/b', 'fn/c', 'rule/d']) await put(Bucket, key);
  const keys = (bodies: string[]) =>
    bodies
      .map((body) => JSON.parse(body) as { Records?: { s3: { object: { key: string } } }[] })
      .flatMap(({ Records = [] }) => Records.map(({ s3: { object } }) => object.key));
  expect(keys(await bodiesIn(Own))).toEqual(['own/a.csv']);
  expect(keys(await bodiesIn(Fanned))).toEqual(['topic/b']);
  expect(JSON.parse((await bodiesIn(Ruled))[0]!)).toMatchObject({
    'detail-type': 'Object Created',
    detail: { object: { key: 'rule/d' } },
  });
  const { Parameter } = await aws.client(SSMClient).send(new GetParameterCommand({ Name: 'seen' }));
  expect(Parameter?.Value).toBe('fn/c');
  await remove();
  expect(await notificationsOf(Bucket)).toEqual({});
});

test('on a bucket of another stack, notifications of others stay when ours come, change and go', async () => {
  await s3Client.send(new CreateBucketCommand({ Bucket: 'shared' }));
  const theirs = { TopicConfigurations: [], EventBridgeConfiguration: {} };
  await s3Client.send(
    new PutBucketNotificationConfigurationCommand({ Bucket: 'shared', NotificationConfiguration: theirs }),
  );
  const withSuffix = (suffix: string) =>
    deployed((stack) =>
      s3.Bucket.fromBucketName(stack, 'Bucket', 'shared').addEventNotification(
        s3.EventType.OBJECT_CREATED,
        new destinations.SqsDestination(new sqs.Queue(stack, 'Queue')),
        { suffix },
      ),
    );
  const suffixes = async () => {
    const { QueueConfigurations = [], EventBridgeConfiguration } = await notificationsOf('shared');
    const rules = QueueConfigurations.map(({ Filter }) => Filter?.Key?.FilterRules?.[0]?.Value);
    return [...rules, EventBridgeConfiguration];
  };
  await withSuffix('.csv');
  expect(await suffixes()).toEqual(['.csv', {}]);
  await withSuffix('.txt');
  expect(await suffixes()).toEqual(['.txt', {}]);
  await remove();
  expect(await suffixes()).toEqual([{}]);
});

test('a destination that S3 may not reach fails the deploy, with the reason', async () => {
  await expect(
    deployed((stack) => {
      const bucket = new s3.Bucket(stack, 'Bucket');
      const QueueArn = new sqs.Queue(stack, 'Queue').queueArn;
      bucket.addEventNotification(s3.EventType.OBJECT_CREATED, {
        bind: () => ({ arn: QueueArn, type: s3.BucketNotificationDestinationType.QUEUE }),
      });
    }),
  ).rejects.toThrow(
    'Message returned: Error: An error occurred (InvalidArgument) when calling the PutBucketNotificationConfiguration operation: Unable to validate the following destination configurations',
  );
});
