import {
  CreateBucketCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetPublicAccessBlockCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startLocal, type Local } from '../../../local/index.ts';

let aws: Local;
let s3: S3Client;
const Bucket = 'my-bucket';
beforeEach(async () => {
  aws = await startLocal();
  s3 = aws.client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket }));
});
afterEach(() => aws.stop());

test('a fresh bucket is encrypted, in its region, and has nothing else set', async () => {
  const { ServerSideEncryptionConfiguration } = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
  expect(ServerSideEncryptionConfiguration!.Rules![0]!.ApplyServerSideEncryptionByDefault).toEqual({
    SSEAlgorithm: 'AES256',
  });
  expect((await s3.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint).toBe('eu-west-1');
  await expect(s3.send(new GetBucketPolicyCommand({ Bucket }))).rejects.toMatchObject({
    name: 'NoSuchBucketPolicy',
  });
  await expect(s3.send(new GetBucketTaggingCommand({ Bucket }))).rejects.toMatchObject({
    name: 'NoSuchTagSet',
  });
  await expect(s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).rejects.toMatchObject({
    name: 'NoSuchLifecycleConfiguration',
  });
});

test('what is put is what is got', async () => {
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [] });
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
  expect((await s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy).toBe(Policy);

  const TagSet = [{ Key: 'a', Value: 'b' }];
  await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
  expect((await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual(TagSet);

  const PublicAccessBlockConfiguration = { BlockPublicAcls: true, IgnorePublicAcls: false };
  await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));
  expect((await s3.send(new GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration).toEqual(
    PublicAccessBlockConfiguration,
  );

  const Rules = [{ ID: 'old', Status: 'Enabled' as const, Filter: { Prefix: '' }, Expiration: { Days: 3 } }];
  await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
  expect((await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules).toMatchObject(Rules);
});
