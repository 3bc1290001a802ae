/** Objects are put, got and deleted, with versions where the bucket keeps them. */
import { createHash } from 'node:crypto';
import type * as S3 from '@aws-sdk/client-s3';
import { AwsError, notModelled } from '../../errors.ts';
import type { Answer, Call } from '../../service.ts';
import { checkedSums } from './checksums.ts';
import {
  methodNotAllowed,
  noSuchKey,
  noSuchVersion,
  notFound,
  notModified,
  preconditionFailed,
} from './errors.ts';
import { rangeOf } from './range.ts';
import type { Bucket, Headers, Store, Version } from './store.ts';

/** Told of every object that comes or goes. `event` as in S3's notifications, such as `ObjectCreated:Put`. */
export type Told = (bucket: Bucket, event: string, version: Version, call: Call) => void;

export const objectOperations = (store: Store, told: Told) => ({
  ...writing(store, told),
  ...reading(store),
  ...deleting(store, told),
  ...tagging(store),
});

const writing = (store: Store, told: Told) => ({
  PutObject(input: S3.PutObjectCommandInput, call: Call) {
    refuseUnmodelled(input);
    const bucket = store.bucket(input.Bucket);
    const { Key: key = '', Body = new Uint8Array() } = input;
    const before = bucket.objects.get(key)?.[0];
    if (input.IfNoneMatch === '*' && before?.body) throw preconditionFailed('If-None-Match');
    if (input.IfMatch !== undefined && before?.etag !== input.IfMatch) throw preconditionFailed('If-Match');
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
    const [Bucket = '', ...key] = decodeURIComponent(input.CopySource ?? '')
      .replace(/^\//, '')
      .split('/');
    const [, from] = found(store, { Bucket, Key: key.join('/') });
    const bucket = store.bucket(input.Bucket);
    const replaced = input.MetadataDirective === 'REPLACE';
    const version = store.put(bucket, {
      ...from,
      key: input.Key ?? '',
      ...(replaced ? { headers: headersOf(input), metadata: input.Metadata ?? {} } : {}),
    });
    told(bucket, 'ObjectCreated:Copy', version, call);
    return {
      CopyObjectResult: { ETag: version.etag, LastModified: new Date(version.modified) },
      ...versionId(bucket, version),
    } satisfies Answer<S3.CopyObjectCommandOutput>;
  },
});

const reading = (store: Store) => ({
  GetObject(input: S3.GetObjectCommandInput) {
    refusePart(input);
    const [bucket, version] = found(store, input);
    checkConditions(input, version);
    const range = rangeOf(input.Range, version.body.length);
    const whole = described(bucket, version, range ? undefined : input.ChecksumMode);
    if (!range) return { Body: version.body, ...whole };
    const Body = version.body.subarray(range.start, range.end);
    return { Body, ...whole, ContentLength: Body.length, ContentRange: range.text };
  },

  HeadObject(input: S3.HeadObjectCommandInput) {
    refusePart(input);
    if (input.Range !== undefined) throw notModelled('asking for the length of a range of an object');
    try {
      const [bucket, version] = found(store, input);
      checkConditions(input, version);
      return described(bucket, version, input.ChecksumMode) satisfies Answer<S3.HeadObjectCommandOutput>;
    } catch (error) {
      throw error instanceof AwsError && error.status === 404 ? notFound() : error;
    }
  },
});

const deleting = (store: Store, told: Told) => ({
  DeleteObject({ Bucket, Key = '', VersionId }: S3.DeleteObjectCommandInput, call: Call) {
    const noted = (...happened: Parameters<Noted>) => told(...happened, call);
    const { marker, id } = remove(store, store.bucket(Bucket), Key, VersionId, noted);
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

interface Named {
  Bucket?: string | undefined;
  Key?: string | undefined;
  VersionId?: string | undefined;
}

export function refuseUnmodelled({
  ACL,
  SSECustomerKey,
  WebsiteRedirectLocation,
  ObjectLockMode,
  StorageClass,
}: S3.PutObjectCommandInput): void {
  if (ACL !== undefined && ACL !== 'private' && ACL !== 'bucket-owner-full-control')
    throw notModelled(`the access control list ${ACL}`);
  if (SSECustomerKey !== undefined) throw notModelled('encryption with keys of the customer');
  if (WebsiteRedirectLocation !== undefined) throw notModelled('website redirects');
  if (ObjectLockMode !== undefined) throw notModelled('object lock');
  if (StorageClass !== undefined && StorageClass !== 'STANDARD')
    throw notModelled(`the storage class ${StorageClass}`);
}

/** The parts of an object are not kept apart. */
function refusePart({ PartNumber }: { PartNumber?: number | undefined }): void {
  if (PartNumber !== undefined) throw notModelled('reading a part of an object');
}

function found(
  store: Store,
  { Bucket, Key = '', VersionId }: Named,
): [Bucket, Version & { body: Uint8Array }] {
  const bucket = store.bucket(Bucket);
  const versions = bucket.objects.get(Key) ?? [];
  const version = VersionId === undefined ? versions[0] : versions.find(({ id }) => id === VersionId);
  if (!version && VersionId !== undefined) throw noSuchVersion(VersionId);
  if (version && !version.body && VersionId !== undefined) throw methodNotAllowed();
  if (!version?.body) throw noSuchKey(Key);
  return [bucket, version as Version & { body: Uint8Array }];
}

function checkConditions(
  { IfMatch, IfNoneMatch }: { IfMatch?: string | undefined; IfNoneMatch?: string | undefined },
  { etag }: Version,
): void {
  if (IfMatch !== undefined && IfMatch !== etag && `"${IfMatch}"` !== etag)
    throw preconditionFailed('If-Match');
  if (IfNoneMatch !== undefined && (IfNoneMatch === etag || `"${IfNoneMatch}"` === etag)) throw notModified();
}

const described = (bucket: Bucket, version: Version & { body: Uint8Array }, mode: string | undefined) => ({
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
