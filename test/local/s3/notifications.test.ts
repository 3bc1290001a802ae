import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startLocal, type Local } from '../../../local/index.ts';
import { openTo } from '../../queue-policy.ts';

let aws: Local;
let s3: S3Client;
let QueueUrl: string;
const Bucket = 'my-bucket';
const QueueArn = 'arn:aws:sqs:eu-west-1:000000000000:told';
beforeEach(async () => {
  aws = await startLocal();
  s3 = aws.client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket }));
});
afterEach(() => aws.stop());

/** A queue that `Service` may send to. */
async function queueFor(Service: string): Promise<void> {
  const Policy = openTo(Service, QueueArn);
  const made = await aws
    .client(SQSClient)
    .send(new CreateQueueCommand({ QueueName: 'told', Attributes: { Policy } }));
  QueueUrl = made.QueueUrl!;
}

async function received(): Promise<Record<string, unknown>[]> {
  await aws.advance('1s');
  const { Messages = [] } = await aws
    .client(SQSClient)
    .send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 900 }));
  return Messages.map(({ Body }) => JSON.parse(Body!) as Record<string, unknown>);
}

const notify = () =>
  s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket,
      NotificationConfiguration: {
        QueueConfigurations: [
          {
            QueueArn,
            Events: ['s3:ObjectCreated:*'],
            Filter: { Key: { FilterRules: [{ Name: 'prefix', Value: 'in/' }] } },
          },
        ],
      },
    }),
  );

test('a queue hears of what is created under its prefix, after a test event', async () => {
  await queueFor('s3.amazonaws.com');
  await notify();
  for (const Key of ['in/a b', 'out/c']) await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'in/a b' }));
  expect(await received()).toMatchObject([
    { Event: 's3:TestEvent', Bucket },
    {
      Records: [
        {
          eventSource: 'aws:s3',
          eventName: 'ObjectCreated:Put',
          s3: {
            configurationId: expect.stringMatching(/^[A-Za-z0-9]{48}$/),
            bucket: { name: Bucket },
            object: { key: 'in/a+b', size: 1, eTag: '9dd4e461268c8034f5c8564e155c67a6' },
          },
        },
      ],
    },
  ]);
});

test('a queue that does not let S3 in is refused', async () => {
  await queueFor('sns.amazonaws.com');
  await expect(notify()).rejects.toMatchObject({
    name: 'InvalidArgument',
    message: 'Unable to validate the following destination configurations',
  });
});

test('EventBridge hears of what comes and goes', async () => {
  await queueFor('events.amazonaws.com');
  const events = aws.client(EventBridgeClient);
  await events.send(new PutRuleCommand({ Name: 'r', EventPattern: '{"source":["aws.s3"]}' }));
  await events.send(new PutTargetsCommand({ Rule: 'r', Targets: [{ Id: 't', Arn: QueueArn }] }));
  await s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket,
      NotificationConfiguration: { EventBridgeConfiguration: {} },
    }),
  );
  await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x' }));
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
  expect(await received()).toMatchObject([
    {
      'detail-type': 'Object Created',
      resources: ['arn:aws:s3:::my-bucket'],
      detail: { object: { key: 'a', size: 1 }, reason: 'PutObject' },
    },
    { 'detail-type': 'Object Deleted', detail: { 'deletion-type': 'Permanently Deleted' } },
  ]);
});
