/** Objects are put, got and deleted, with versions where the bucket keeps them. */
import { createHash } from 'node:crypto';
import type * as S3 from '@aws-sdk/client-s3';
import { AwsError, notModelled } from '../../errors.ts';
import { checkAllowed } from '../../policies/guard.ts';
import type { Answer, Call } from '../../service.ts';
import type { World } from '../../world.ts';
import { checkedSums, sumOfParts } from './checksums.ts';
import { copiedToItself, notFound } from './errors.ts';
import { checkConditions, checkWrite, found, sourceOf, type Stored } from './found.ts';
import { rangeOf } from './range.ts';
import type { Bucket, Headers, Store, Version } from './store.ts';

/** Told of every object that comes or goes. `event` as in S3's notifications, such as `ObjectCreated:Put`. */
export type Told = (bucket: Bucket, event: string, version: Version, call: Call) => void;

export const objectOperations = (store: Store, told: Told, world: World) => ({
  ...writing(store, told),
  ...reading(store, world),
  ...deleting(store, told),
  ...tagging(store),
});

const writing = (store: Store, told: Told) => ({
  PutObject(input: S3.PutObjectCommandInput, call: Call) {
    refuseUnmodelled(input);
    const bucket = store.bucket(input.Bucket);
    const { Key: key = '', Body = new Uint8Array() } = input;
    checkWrite(input, bucket);
    const body = Body as Uint8Array;
    const version = store.put(bucket, {
      key,
      body,
      etag: etagOf(body),
      headers: headersOf(input),
      metadata: input.Metadata ?? {},
      tags: tagsOf(input.Tagging),
      checksums: checkedSums(body, input),
    });
    told(bucket, 'ObjectCreated:Put', version, call);
    return {
      ETag: version.etag,
      ServerSideEncryption: version.headers.ServerSideEncryption ?? 'AES256',
      ...version.checksums,
      ...versionId(bucket, version),
    } satisfies Answer<S3.PutObjectCommandOutput>;
  },

  CopyObject(input: S3.CopyObjectCommandInput, call: Call) {
    refuseUnmodelled(input);
    const [source, from] = sourceOf(store, input);
    const bucket = store.bucket(input.Bucket);
    const { Key: key = '', ChecksumAlgorithm: algorithm } = input;
    const replaced = input.MetadataDirective === 'REPLACE';
    if (!replaced && from === bucket.objects.get(key)?.[0]) throw copiedToItself();
    checkWrite(input, bucket);
    const version = store.put(bucket, {
      ...from,
      key,
      etag: etagOf(from.body),
      ...(replaced ? { headers: headersOf(input), metadata: input.Metadata ?? {} } : {}),
      ...(input.TaggingDirective === 'REPLACE' ? { tags: tagsOf(input.Tagging) } : {}),
      ...(algorithm && { checksums: sumsOf(algorithm, from.body) }),
    });
    told(bucket, 'ObjectCreated:Copy', version, call);
    return {
      CopyObjectResult: {
        ETag: version.etag,
        LastModified: new Date(version.modified),
        ...version.checksums,
      },
      ...sourceVersionId(source, from),
      ...versionId(bucket, version),
    } satisfies Answer<S3.CopyObjectCommandOutput>;
  },
});

const reading = (store: Store, world: World) => {
  /** Who may not list a bucket is not told what it lacks. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
  const readFor = (call: Call, input: S3.GetObjectCommandInput) => {
    try {
      return read(store, input);
    } catch (error) {
      if (error instanceof AwsError && error.code === 'NoSuchKey')
        checkAllowed(world, {
          service: 's3',
          operation: 'ListObjectsV2',
          input: { Bucket: input.Bucket },
          call,
        });
      throw error;
    }
  };
  return {
    GetObject(input: S3.GetObjectCommandInput, call: Call) {
      const { body, about } = readFor(call, input);
      return { Body: body, ...about };
    },

    HeadObject(input: S3.HeadObjectCommandInput, call: Call) {
      try {
        return readFor(call, input).about satisfies Answer<S3.HeadObjectCommandOutput>;
      } catch (error) {
        throw error instanceof AwsError && error.status === 404 ? notFound() : error;
      }
    },
  };
};

const deleting = (store: Store, told: Told) => ({
  DeleteObject({ Bucket, Key = '', VersionId, IfMatch }: S3.DeleteObjectCommandInput, call: Call) {
    const bucket = store.bucket(Bucket);
    if (IfMatch !== '*' && bucket.objects.get(Key)?.[0]?.body) checkWrite({ Key, IfMatch }, bucket);
    const noted = (...happened: Parameters<Noted>) => told(...happened, call);
    const { marker, id } = remove(store, bucket, Key, VersionId, noted);
    return {
      ...(marker ? { DeleteMarker: true } : {}),
      ...(id === undefined ? {} : { VersionId: id }),
    } satisfies Answer<S3.DeleteObjectCommandOutput>;
  },

  /** Deleting what is not there succeeds. */
  DeleteObjects({ Bucket, Delete }: S3.DeleteObjectsCommandInput, call: Call) {
    const bucket = store.bucket(Bucket);
    const noted = (...happened: Parameters<Noted>) => told(...happened, call);
    const Deleted = (Delete?.Objects ?? []).map(({ Key = '', VersionId }): S3.DeletedObject => {
      const { marker, id } = remove(store, bucket, Key, VersionId, noted);
      return {
        Key,
        ...(VersionId === undefined ? {} : { VersionId }),
        ...(marker && id !== undefined ? { DeleteMarker: true, DeleteMarkerVersionId: id } : {}),
      };
    });
    return (Delete?.Quiet ? {} : { Deleted }) satisfies Answer<S3.DeleteObjectsCommandOutput>;
  },
});

const tagging = (store: Store) => ({
  PutObjectTagging(input: S3.PutObjectTaggingCommandInput) {
    const [bucket, version] = found(store, input);
    version.tags = (input.Tagging?.TagSet ?? []).map(({ Key = '', Value = '' }) => ({ Key, Value }));
    store.changed(bucket, version.key);
    return versionId(bucket, version) satisfies Answer<S3.PutObjectTaggingCommandOutput>;
  },

  GetObjectTagging(input: S3.GetObjectTaggingCommandInput) {
    const [bucket, version] = found(store, input);
    return {
      TagSet: version.tags,
      ...versionId(bucket, version),
    } satisfies Answer<S3.GetObjectTaggingCommandOutput>;
  },
});

export function refuseUnmodelled({
  ACL,
  SSECustomerKey,
  WebsiteRedirectLocation,
  ObjectLockMode,
  StorageClass,
}: S3.PutObjectCommandInput | S3.CopyObjectCommandInput): void {
  if (ACL !== undefined && ACL !== 'private' && ACL !== 'bucket-owner-full-control')
    throw notModelled(`the access control list ${ACL}`);
  if (SSECustomerKey !== undefined) throw notModelled('encryption with keys of the customer');
  if (WebsiteRedirectLocation !== undefined) throw notModelled('website redirects');
  if (ObjectLockMode !== undefined) throw notModelled('object lock');
  if (StorageClass !== undefined && StorageClass !== 'STANDARD')
    throw notModelled(`the storage class ${StorageClass}`);
}

/** An object or a range of it, and what its headers say. Checksums are those of the whole, so a range has none. */
function read(store: Store, input: S3.GetObjectCommandInput) {
  if (input.PartNumber !== undefined) throw notModelled('reading a part of an object');
  const [bucket, version] = found(store, input);
  checkConditions(input, version);
  const range = rangeOf(input.Range, version.body.length);
  const whole = described(bucket, version, range ? undefined : input.ChecksumMode);
  if (!range) return { body: version.body, about: whole };
  const body = version.body.subarray(range.start, range.end);
  return { body, about: { ...whole, ContentLength: body.length, ContentRange: range.text } };
}

const described = (bucket: Bucket, version: Stored, mode: string | undefined) => ({
  AcceptRanges: 'bytes',
  ContentLength: version.body.length,
  LastModified: new Date(version.modified),
  ETag: version.etag,
  Metadata: version.metadata,
  ContentType: 'binary/octet-stream',
  ServerSideEncryption: 'AES256' as const,
  ...version.headers,
  ...(mode === 'ENABLED' ? version.checksums : {}),
  ...versionId(bucket, version),
});

export const versionId = ({ versioning }: Bucket, { id }: Version): { VersionId?: string } =>
  versioning === undefined ? {} : { VersionId: id };

export const sourceVersionId = (source: Bucket, version: Version): { CopySourceVersionId?: string } =>
  source.versioning === undefined ? {} : { CopySourceVersionId: version.id };

/** A checksum that S3 calculates itself, as it comes back on reading. */
export const sumsOf = (algorithm: string, body: Uint8Array): Record<string, string> => ({
  [`Checksum${algorithm}`]: sumOfParts(algorithm, 'FULL_OBJECT', [body]),
});

type Noted = (bucket: Bucket, event: string, version: Version) => void;

/** Without a version id a versioned bucket gets a delete marker; without versioning the object is gone. */
function remove(
  store: Store,
  bucket: Bucket,
  key: string,
  versionId: string | undefined,
  noted: Noted,
): { marker: boolean; id?: string } {
  const versions = bucket.objects.get(key) ?? [];
  if (versionId === undefined && bucket.versioning !== undefined) {
    const marker = store.put(bucket, { key, etag: '', headers: {}, metadata: {}, tags: [], checksums: {} });
    noted(bucket, 'ObjectRemoved:DeleteMarkerCreated', marker);
    return { marker: true, id: marker.id };
  }
  const gone = versions.find(({ id }) => id === (versionId ?? 'null'));
  if (!gone) return { marker: false, ...(versionId === undefined ? {} : { id: versionId }) };
  const left = versions.filter((version) => version !== gone);
  if (left.length > 0) bucket.objects.set(key, left);
  else bucket.objects.delete(key);
  store.changed(bucket, key);
  if (gone.body) noted(bucket, 'ObjectRemoved:Delete', gone);
  return { marker: !gone.body, ...(versionId === undefined ? {} : { id: versionId }) };
}

export const etagOf = (body: Uint8Array) => `"${createHash('md5').update(body).digest('hex')}"`;

const HEADERS = [
  ...(['ContentType', 'ContentEncoding', 'ContentDisposition', 'ContentLanguage', 'CacheControl'] as const),
  ...(['ServerSideEncryption', 'SSEKMSKeyId'] as const),
];

export const headersOf = (input: { [Name in (typeof HEADERS)[number]]?: string | undefined }): Headers =>
  Object.fromEntries(HEADERS.flatMap((name) => (input[name] === undefined ? [] : [[name, input[name]]])));

/** As in a query string. */
export const tagsOf = (tagging: string | undefined) =>
  [...new URLSearchParams(tagging ?? '')].map(([Key, Value]) => ({ Key, Value }));
