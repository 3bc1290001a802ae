import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
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
  await s3.send(new PutObjectCommand({ Bucket, Key: 'there', Body: 'x' }));
});
afterEach(() => aws.stop());

interface Condition {
  IfMatch?: string;
  IfNoneMatch?: string;
}

const put = (Key: string, condition: Condition) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body: 'y', ...condition }));
const copy = (Key: string, condition: Condition) =>
  s3.send(
    new CopyObjectCommand({
      Bucket,
      Key,
      CopySource: `${Bucket}/there`,
      MetadataDirective: 'REPLACE',
      ...condition,
    }),
  );
async function upload(Key: string, condition: Condition) {
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  const one = { Bucket, Key, UploadId };
  const { ETag } = await s3.send(new UploadPartCommand({ ...one, PartNumber: 1, Body: 'y' }));
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
  return s3.send(new CompleteMultipartUploadCommand({ ...one, MultipartUpload, ...condition }));
}

test.each([
  ['put', put],
  ['copied', copy],
  ['sent in parts', upload],
])('an object is %s only if its conditions hold', async (_what, write) => {
  await expect(write('there', { IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
  await expect(write('there', { IfMatch: '"other"' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
  await expect(write('none', { IfMatch: '"any"' })).rejects.toMatchObject({ name: 'NoSuchKey' });
  const { ETag } = await s3.send(new PutObjectCommand({ Bucket, Key: 'there', Body: 'z' }));
  await expect(write('there', { IfMatch: ETag!.replaceAll('"', '') })).resolves.toBeDefined();
});

test('an object is deleted only if it is still the one that is meant', async () => {
  const remove = (IfMatch: string) => s3.send(new DeleteObjectCommand({ Bucket, Key: 'there', IfMatch }));
  await expect(remove('"other"')).rejects.toMatchObject({ name: 'PreconditionFailed' });
  await expect(remove('*')).resolves.toBeDefined();
});
