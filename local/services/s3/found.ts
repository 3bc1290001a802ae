/** Which version of an object is meant, and whether the caller wants it as it is. */
import { notModelled } from '../../errors.ts';
import { methodNotAllowed, noSuchKey, noSuchVersion, notModified, preconditionFailed } from './errors.ts';
import type { Bucket, Store, Version } from './store.ts';

export interface Named {
  Bucket?: string | undefined;
  Key?: string | undefined;
  VersionId?: string | undefined;
}

/** Anything but a delete marker. */
export type Stored = Version & { body: Uint8Array };

/** The newest version unless one is named. */
export function found(store: Store, { Bucket, Key = '', VersionId }: Named): [Bucket, Stored] {
  const bucket = store.bucket(Bucket);
  const versions = bucket.objects.get(Key) ?? [];
  const version = VersionId === undefined ? versions[0] : versions.find(({ id }) => id === VersionId);
  if (!version && VersionId !== undefined) throw noSuchVersion(VersionId);
  if (version && !version.body && VersionId !== undefined) throw methodNotAllowed();
  if (!version?.body) throw noSuchKey(Key);
  return [bucket, version as Stored];
}

interface Conditions {
  IfMatch?: string | undefined;
  IfNoneMatch?: string | undefined;
  IfModifiedSince?: Date | undefined;
  IfUnmodifiedSince?: Date | undefined;
}

/** An ETag counts for more than a time. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export function checkConditions(conditions: Conditions, version: Version): void {
  const { ifMatch, ifNoneMatch } = held(conditions, version);
  if (!ifMatch) throw preconditionFailed('If-Match');
  if (!ifNoneMatch) throw notModified();
}

/** Whether the newest version of a key may be written over. https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html */
export function checkWrite(
  { Key = '', IfMatch, IfNoneMatch }: Pick<Conditions, 'IfMatch' | 'IfNoneMatch'> & Named,
  { objects }: Bucket,
): void {
  const current = objects.get(Key)?.[0];
  if (IfNoneMatch === '*' && current?.body) throw preconditionFailed('If-None-Match');
  if (IfMatch === undefined) return;
  if (!current?.body) throw noSuchKey(Key);
  if (!held({ IfMatch }, current).ifMatch) throw preconditionFailed('If-Match');
}

interface Source {
  CopySource?: string | undefined;
  CopySourceIfMatch?: string | undefined;
  CopySourceIfNoneMatch?: string | undefined;
  CopySourceIfModifiedSince?: Date | undefined;
  CopySourceIfUnmodifiedSince?: Date | undefined;
  CopySourceSSECustomerKey?: string | undefined;
}

/** What is to be copied. https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
export function sourceOf(store: Store, input: Source): [Bucket, Stored] {
  if (input.CopySourceSSECustomerKey !== undefined) throw notModelled('encryption with keys of the customer');
  const [path = '', VersionId] = (input.CopySource ?? '').split('?versionId=');
  const [Bucket = '', ...key] = decodeURIComponent(path).replace(/^\//, '').split('/');
  const [bucket, version] = found(store, { Bucket, Key: key.join('/'), VersionId });
  const { ifMatch, ifNoneMatch } = held(
    {
      IfMatch: input.CopySourceIfMatch,
      IfNoneMatch: input.CopySourceIfNoneMatch,
      IfModifiedSince: input.CopySourceIfModifiedSince,
      IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
    },
    version,
  );
  if (!ifMatch || !ifNoneMatch) throw preconditionFailed(ifMatch ? 'If-None-Match' : 'If-Match');
  return [bucket, version];
}

/** Times in headers have whole seconds. */
function held(
  { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince }: Conditions,
  { etag, modified }: Version,
) {
  const is = (given: string) => given === etag || `"${given}"` === etag;
  const at = Math.floor(modified / 1000) * 1000;
  return {
    ifMatch: IfMatch === undefined ? !(IfUnmodifiedSince && at > IfUnmodifiedSince.getTime()) : is(IfMatch),
    ifNoneMatch:
      IfNoneMatch === undefined ? !(IfModifiedSince && at <= IfModifiedSince.getTime()) : !is(IfNoneMatch),
  };
}
