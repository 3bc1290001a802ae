import type * as S3 from '@aws-sdk/client-s3';
import { notModelled } from '../../errors.ts';
import type { Answer, Call } from '../../service.ts';
import { bucketAlreadyOwnedByYou, bucketNotEmpty, invalidBucketName, notFound } from './errors.ts';
import type { Store } from './store.ts';

export const bucketOperations = (store: Store) => ({
  CreateBucket(input: S3.CreateBucketCommandInput, { now }: Call) {
    const { Bucket: name = '', ObjectLockEnabledForBucket, ACL } = input;
    if (ObjectLockEnabledForBucket) throw notModelled('object lock');
    if (ACL !== undefined && ACL !== 'private') throw notModelled(`the access control list ${ACL}`);
    if (!isBucketName(name)) throw invalidBucketName(name);
    if (store.buckets.has(name)) throw bucketAlreadyOwnedByYou(name);
    store.buckets.set(name, {
      name,
      created: now(),
      settings: new Map(),
      objects: new Map(),
      uploads: new Map(),
    });
    return { Location: `/${name}` } satisfies Answer<S3.CreateBucketCommandOutput>;
  },

  DeleteBucket({ Bucket }: S3.DeleteBucketCommandInput) {
    const bucket = store.bucket(Bucket);
    if (bucket.objects.size > 0) throw bucketNotEmpty(bucket.name);
    for (const upload of bucket.uploads.values()) store.endUpload(bucket, upload);
    store.buckets.delete(bucket.name);
    return {} satisfies Answer<S3.DeleteBucketCommandOutput>;
  },

  HeadBucket({ Bucket = '' }: S3.HeadBucketCommandInput, { region }: Call) {
    if (!store.buckets.has(Bucket)) throw notFound();
    return {
      BucketRegion: region,
      BucketArn: `arn:aws:s3:::${Bucket}`,
    } satisfies Answer<S3.HeadBucketCommandOutput>;
  },

  ListBuckets({ Prefix = '' }: S3.ListBucketsCommandInput, { region, account }: Call) {
    const Buckets = [...store.buckets.values()]
      .filter(({ name, receive }) => name.startsWith(Prefix) && !receive)
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, created }) => ({ Name: name, CreationDate: new Date(created), BucketRegion: region }));
    return { Buckets, Owner: { ID: account } } satisfies Answer<S3.ListBucketsCommandOutput>;
  },

  /** us-east-1 is the one region that answers nothing. */
  GetBucketLocation({ Bucket }: S3.GetBucketLocationCommandInput, { region }: Call) {
    store.bucket(Bucket);
    return (
      region === 'us-east-1' ? {} : { LocationConstraint: region as S3.BucketLocationConstraint }
    ) satisfies Answer<S3.GetBucketLocationCommandOutput>;
  },
});

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const isBucketName = (name: string): boolean =>
  /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..') && !/^\d+(\.\d+){3}$/.test(name);
