import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
  type NotificationConfiguration,
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

test('a removal says when it happened, after what came before, and nothing of a size', async () => {
  await queueFor('s3.amazonaws.com');
  await s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket,
      NotificationConfiguration: {
        QueueConfigurations: [{ QueueArn, Events: ['s3:ObjectCreated:*', 's3:ObjectRemoved:*'] }],
      },
    }),
  );
  await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x' }));
  await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'y' }));
  await aws.advance('1h');
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
  const all = (await received()) as {
    Records?: { eventTime: string; s3: { object: { sequencer: string } } }[];
  }[];
  const [first, second, removed] = all.flatMap(({ Records = [] }) => Records);
  expect(Date.parse(removed!.eventTime) - Date.parse(second!.eventTime)).toBe(3_600_000);
  expect(removed!.s3.object).toEqual({ key: 'a', sequencer: expect.any(String) });
  const order = [first!, second!, removed!].map((each) => each.s3.object.sequencer);
  expect(order).toEqual([...new Set(order)].toSorted());
});

const configured = (NotificationConfiguration: NotificationConfiguration) =>
  s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
const filtered = (Name: 'prefix' | 'suffix', Value: string) => ({
  QueueArn,
  Events: ['s3:ObjectCreated:*' as const],
  Filter: { Key: { FilterRules: [{ Name, Value }] } },
});

test('a function that does not let S3 in is refused', async () => {
  const LambdaFunctionArn = 'arn:aws:lambda:eu-west-1:000000000000:function:none';
  await expect(
    configured({ LambdaFunctionConfigurations: [{ LambdaFunctionArn, Events: ['s3:ObjectCreated:*'] }] }),
  ).rejects.toThrow('Unable to validate the following destination configurations');
});

test.each([
  ['no filter', [filtered('prefix', 'in/'), { QueueArn, Events: ['s3:ObjectCreated:Put' as const] }], true],
  ['a longer prefix', [filtered('prefix', 'in/'), filtered('prefix', 'in/new/')], true],
  ['a suffix', [filtered('prefix', 'in/'), filtered('suffix', '.csv')], true],
  ['another prefix', [filtered('prefix', 'in/'), filtered('prefix', 'out/')], false],
  [
    'another event',
    [filtered('prefix', 'in/'), { QueueArn, Events: ['s3:ObjectRemoved:*' as const] }],
    false,
  ],
])(
  'beside a prefix, %s is told apart or refused as ambiguous',
  async (_what, QueueConfigurations, refused) => {
    await queueFor('s3.amazonaws.com');
    const outcome = await configured({ QueueConfigurations }).then(
      () => undefined,
      (error: Error) => error.message,
    );
    expect(outcome).toBe(
      refused
        ? 'Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are overlapping for the same event type.'
        : undefined,
    );
  },
);
