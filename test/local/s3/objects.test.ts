import {
  CreateBucketCommand,
  CopyObjectCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
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

const put = (Key: string, Body = Key) => s3.send(new PutObjectCommand({ Bucket, Key, Body }));
const text = async (Key: string, VersionId?: string) =>
  (
    await s3.send(new GetObjectCommand({ Bucket, Key, ...(VersionId ? { VersionId } : {}) }))
  ).Body!.transformToString();

test('bytes come back as they were put, with type, metadata and the MD5 as ETag', async () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  const { ETag } = await s3.send(
    new PutObjectCommand({
      Bucket,
      Key: 'a/ü b',
      Body: bytes,
      ContentType: 'image/png',
      Metadata: { who: 'me' },
    }),
  );
  expect(ETag).toBe('"e2c865db4162bed963bfaa9ef6ac18f0"');
  const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'a/ü b' }));
  expect(await got.Body!.transformToByteArray()).toEqual(bytes);
  expect(got).toMatchObject({ ContentType: 'image/png', Metadata: { who: 'me' }, ContentLength: 256, ETag });
});

test('a body that does not match its checksum is refused', async () => {
  const wrong = new PutObjectCommand({ Bucket, Key: 'a', Body: 'b', ChecksumSHA256: 'A'.repeat(43) + '=' });
  await expect(s3.send(wrong)).rejects.toMatchObject({ name: 'BadDigest' });
});

test('what is not there is refused in AWS words', async () => {
  await expect(text('none')).rejects.toMatchObject({
    name: 'NoSuchKey',
    message: 'The specified key does not exist.',
  });
  await expect(s3.send(new HeadObjectCommand({ Bucket, Key: 'none' }))).rejects.toMatchObject({
    name: 'NotFound',
  });
  await expect(s3.send(new HeadBucketCommand({ Bucket: 'none' }))).rejects.toMatchObject({
    name: 'NotFound',
  });
  await expect(s3.send(new ListObjectsV2Command({ Bucket: 'none' }))).rejects.toMatchObject({
    name: 'NoSuchBucket',
    message: 'The specified bucket does not exist',
  });
  await expect(s3.send(new CreateBucketCommand({ Bucket }))).rejects.toMatchObject({
    name: 'BucketAlreadyOwnedByYou',
  });
  await expect(s3.send(new CreateBucketCommand({ Bucket: 'No' }))).rejects.toMatchObject({
    name: 'InvalidBucketName',
  });
});

test('only an empty bucket can be deleted', async () => {
  await put('a');
  await expect(s3.send(new DeleteBucketCommand({ Bucket }))).rejects.toMatchObject({
    name: 'BucketNotEmpty',
  });
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
  await s3.send(new DeleteBucketCommand({ Bucket }));
  await expect(s3.send(new HeadBucketCommand({ Bucket }))).rejects.toMatchObject({ name: 'NotFound' });
});

test('a listing is sorted by bytes, paged, and folded at the delimiter', async () => {
  for (const key of ['b/2', 'a', 'b/1', 'Z', 'c']) await put(key);
  const whole = await s3.send(new ListObjectsV2Command({ Bucket }));
  expect(whole.Contents!.map(({ Key }) => Key)).toEqual(['Z', 'a', 'b/1', 'b/2', 'c']);
  const folded = await s3.send(new ListObjectsV2Command({ Bucket, Delimiter: '/' }));
  expect(folded).toMatchObject({ KeyCount: 4, CommonPrefixes: [{ Prefix: 'b/' }] });
  const pages: string[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: 2, ContinuationToken }));
    pages.push(page.Contents!.map(({ Key }) => Key).join());
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken);
  expect(pages).toEqual(['Z,a', 'b/1,b/2', 'c']);
});

test('a versioned bucket keeps what is overwritten and deleted', async () => {
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  const { VersionId } = await put('a', 'one');
  await put('a', 'two');
  const { DeleteMarker } = await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
  expect(DeleteMarker).toBe(true);
  await expect(text('a')).rejects.toMatchObject({ name: 'NoSuchKey' });
  expect(await text('a', VersionId)).toBe('one');
  const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  expect([Versions.length, DeleteMarkers.length]).toEqual([2, 1]);
  const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
  await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  await s3.send(new DeleteBucketCommand({ Bucket }));
});

test('versions behind a key are those of later keys', async () => {
  for (const key of ['a', 'b', 'c']) await put(key);
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket, KeyMarker: 'a' }));
  expect(Versions.map(({ Key }) => Key)).toEqual(['b', 'c']);
});

test('a conditional write loses against what is there already', async () => {
  await put('a');
  const again = new PutObjectCommand({ Bucket, Key: 'a', Body: 'b', IfNoneMatch: '*' });
  await expect(s3.send(again)).rejects.toMatchObject({ name: 'PreconditionFailed' });
  expect(await text('a')).toBe('a');
});

test('a copy carries contents and metadata', async () => {
  await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x', Metadata: { who: 'me' } }));
  await s3.send(new CopyObjectCommand({ Bucket, Key: 'b', CopySource: `${Bucket}/a` }));
  expect(await text('b')).toBe('x');
  expect((await s3.send(new HeadObjectCommand({ Bucket, Key: 'b' }))).Metadata).toEqual({ who: 'me' });
});

test('a copy is made of the version that is named, as long as it is the one that is wanted', async () => {
  const VersioningConfiguration = { Status: 'Enabled' as const };
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  const put = async (Body: string) => s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body }));
  const { VersionId, ETag } = await put('old');
  await put('new');
  const copy = { Bucket, Key: 'b', CopySource: `${Bucket}/a?versionId=${VersionId}` };
  const copied = await s3.send(new CopyObjectCommand({ ...copy, CopySourceIfMatch: ETag }));
  expect(copied.CopySourceVersionId).toBe(VersionId);
  expect(await text('b')).toBe('old');
  for (const condition of [{ CopySourceIfMatch: '"other"' }, { CopySourceIfNoneMatch: ETag }])
    await expect(s3.send(new CopyObjectCommand({ ...copy, ...condition }))).rejects.toMatchObject({
      name: 'PreconditionFailed',
      $metadata: { httpStatusCode: 412 },
    });
});

test('an object is not copied to itself unless something changes', async () => {
  await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x' }));
  const copy = { Bucket, Key: 'a', CopySource: `${Bucket}/a` };
  await expect(s3.send(new CopyObjectCommand(copy))).rejects.toMatchObject({
    name: 'InvalidRequest',
    message: expect.stringContaining('to itself without changing'),
  });
  await s3.send(new CopyObjectCommand({ ...copy, MetadataDirective: 'REPLACE', Metadata: { who: 'me' } }));
  expect((await s3.send(new HeadObjectCommand({ Bucket, Key: 'a' }))).Metadata).toEqual({ who: 'me' });
});

test('what has not changed since a time is not sent again', async () => {
  await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x' }));
  const { LastModified } = await s3.send(new HeadObjectCommand({ Bucket, Key: 'a' }));
  const asked = { Bucket, Key: 'a', IfModifiedSince: LastModified };
  await expect(s3.send(new GetObjectCommand(asked))).rejects.toMatchObject({
    $metadata: { httpStatusCode: 304 },
  });
  const before = new Date(LastModified!.getTime() - 1000);
  expect(await s3.send(new GetObjectCommand({ ...asked, IfModifiedSince: before }))).toBeDefined();
});
