import * as S3 from '@aws-sdk/client-s3';
import * as SQS from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTo } from '../../queue-policy.ts';
import { ACCOUNT, keyed, policy } from './keyed.ts';

let aws: Awaited<ReturnType<typeof keyed>>;
beforeAll(async () => {
  aws = await keyed();
});
afterAll(() => aws.stop());

/** A bucket that tells a queue under a key with this policy. */
async function notifying(Bucket: string, Policy: string) {
  const { KeyId = '' } = await aws.key({ Policy });
  const Attributes = { KmsMasterKeyId: KeyId, Policy: openTo('s3.amazonaws.com') };
  await aws.client(SQS.SQSClient).send(new SQS.CreateQueueCommand({ QueueName: Bucket, Attributes }));
  const s3 = aws.client(S3.S3Client);
  await s3.send(new S3.CreateBucketCommand({ Bucket }));
  const QueueArn = `arn:aws:sqs:eu-west-1:${ACCOUNT}:${Bucket}`;
  await s3.send(
    new S3.PutBucketNotificationConfigurationCommand({
      Bucket,
      NotificationConfiguration: { QueueConfigurations: [{ QueueArn, Events: ['s3:ObjectCreated:*'] }] },
    }),
  );
  await s3.send(new S3.PutObjectCommand({ Bucket, Key: 'a', Body: 'x' }));
  await aws.advance('1s');
  return aws.world.service('sqs').state()[Bucket];
}

test('a bucket tells a queue whose key lets S3 in, and is refused any other (F14)', async () => {
  const forS3 = policy({
    Effect: 'Allow',
    Principal: { Service: 's3.amazonaws.com' },
    Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
    Resource: '*',
    Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:*:*:open' } },
  });
  expect(await notifying('open', forS3)).toMatchObject({ visible: 2 }); // S3's test event is the first
  await expect(notifying('closed', forS3)).rejects.toMatchObject({
    name: 'InvalidArgument',
    message: 'Unable to validate the following destination configurations',
  });
});
