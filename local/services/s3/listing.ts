/** What is in a bucket, a page at a time. */
import type * as S3 from '@aws-sdk/client-s3';
import { notModelled } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import type { Store, Version } from './store.ts';

export const listingOperations = (store: Store) => ({ ...ofObjects(store), ...ofVersions(store) });

const ofObjects = (store: Store) => ({
  ListObjectsV2(input: S3.ListObjectsV2CommandInput) {
    const { Prefix = '', Delimiter, StartAfter, ContinuationToken, EncodingType } = input;
    const bucket = store.bucket(input.Bucket);
    const after = ContinuationToken === undefined ? StartAfter : tokenKey(ContinuationToken);
    const page = pageOf(store.current(bucket), Prefix, Delimiter, after, input.MaxKeys);
    return {
      Name: bucket.name,
      Prefix: encoded(Prefix, EncodingType),
      KeyCount: page.contents.length + page.commonPrefixes.length,
      MaxKeys: input.MaxKeys ?? LARGEST_PAGE,
      IsTruncated: page.next !== undefined,
      ...(page.contents.length > 0
        ? { Contents: page.contents.map((version) => shown(version, EncodingType)) }
        : {}),
      ...(page.commonPrefixes.length > 0
        ? { CommonPrefixes: page.commonPrefixes.map((Prefix) => ({ Prefix: encoded(Prefix, EncodingType) })) }
        : {}),
      ...(Delimiter === undefined ? {} : { Delimiter }),
      ...(EncodingType === undefined ? {} : { EncodingType }),
      ...(page.next === undefined
        ? {}
        : { NextContinuationToken: Buffer.from(page.next).toString('base64url') }),
    } satisfies Answer<S3.ListObjectsV2CommandOutput>;
  },

  ListObjects(input: S3.ListObjectsCommandInput) {
    const { Prefix = '', Delimiter, Marker, EncodingType } = input;
    const bucket = store.bucket(input.Bucket);
    const page = pageOf(store.current(bucket), Prefix, Delimiter, Marker, input.MaxKeys);
    return {
      Name: bucket.name,
      Prefix: encoded(Prefix, EncodingType),
      MaxKeys: input.MaxKeys ?? LARGEST_PAGE,
      IsTruncated: page.next !== undefined,
      Contents: page.contents.map((version) => shown(version, EncodingType)),
      CommonPrefixes: page.commonPrefixes.map((Prefix) => ({ Prefix: encoded(Prefix, EncodingType) })),
      ...(EncodingType === undefined ? {} : { EncodingType }),
      ...(page.next === undefined || Delimiter === undefined
        ? {}
        : { NextMarker: encoded(page.next, EncodingType) }),
    } satisfies Answer<S3.ListObjectsCommandOutput>;
  },
});

const ofVersions = (store: Store) => ({
  /** Without groups: what AWS lists by a delimiter is refused. */
  ListObjectVersions(input: S3.ListObjectVersionsCommandInput) {
    if (input.Delimiter !== undefined) throw notModelled('Delimiter of ListObjectVersions');
    const { Prefix = '', KeyMarker, VersionIdMarker } = input;
    const MaxKeys = Math.min(input.MaxKeys ?? LARGEST_PAGE, LARGEST_PAGE);
    const bucket = store.bucket(input.Bucket);
    const all = [...bucket.objects.keys()]
      .toSorted()
      .flatMap((key) => bucket.objects.get(key)!.map((version, i) => ({ version, latest: i === 0 })));
    const marked = all.findIndex(
      ({ version }) => version.key === KeyMarker && version.id === VersionIdMarker,
    );
    const behind = (key: string) =>
      marked >= 0 || KeyMarker === undefined || key > KeyMarker || (!!VersionIdMarker && key === KeyMarker);
    const wanted = all
      .slice(marked + 1)
      .filter(({ version: { key } }) => key.startsWith(Prefix) && behind(key));
    const page = wanted.slice(0, MaxKeys);
    const entry = ({ version, latest }: (typeof page)[number]) => ({
      Key: version.key,
      VersionId: version.id,
      IsLatest: latest,
      LastModified: new Date(version.modified),
    });
    const last = page.at(-1)?.version;
    return {
      Name: bucket.name,
      Prefix,
      MaxKeys,
      IsTruncated: wanted.length > page.length,
      Versions: page
        .filter(({ version }) => version.body)
        .map((each) => ({
          ...entry(each),
          ETag: each.version.etag,
          Size: each.version.body!.length,
          StorageClass: 'STANDARD' as const,
        })),
      DeleteMarkers: page.filter(({ version }) => !version.body).map(entry),
      ...(wanted.length > page.length && last
        ? { NextKeyMarker: last.key, NextVersionIdMarker: last.id }
        : {}),
    } satisfies Answer<S3.ListObjectVersionsCommandOutput>;
  },
});

const LARGEST_PAGE = 1000;

interface Page {
  contents: Version[];
  commonPrefixes: string[];
  /** The last key or prefix of the page. @default it was the last page */
  next?: string;
}

/** Keys that share what stands before the delimiter count as one. */
function pageOf(
  all: Version[],
  prefix: string,
  delimiter: string | undefined,
  after: string | undefined,
  maxKeys = LARGEST_PAGE,
): Page {
  const page: Page = { contents: [], commonPrefixes: [] };
  const size = Math.min(maxKeys, LARGEST_PAGE);
  let last: string | undefined;
  for (const version of all) {
    const { key } = version;
    if (!key.startsWith(prefix)) continue;
    const cut = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
    const group = cut < 0 ? undefined : key.slice(0, cut + delimiter!.length);
    const entry = group ?? key;
    if (after !== undefined && (entry <= after || key <= after)) continue;
    if (group !== undefined && group === page.commonPrefixes.at(-1)) continue;
    if (page.contents.length + page.commonPrefixes.length >= size)
      return last === undefined ? page : { ...page, next: last };
    if (group === undefined) page.contents.push(version);
    else page.commonPrefixes.push(group);
    last = entry;
  }
  return page;
}

const tokenKey = (token: string) => Buffer.from(token, 'base64url').toString('utf8');

const shown = ({ key, etag, modified, body }: Version, encoding: string | undefined) => ({
  Key: encoded(key, encoding),
  ETag: etag,
  LastModified: new Date(modified),
  Size: body!.length,
  StorageClass: 'STANDARD' as const,
});

/** `url`: so that keys which XML cannot hold come through. */
const encoded = (text: string, encoding: string | undefined) =>
  encoding === 'url' ? encodeURIComponent(text).replaceAll('%2F', '/') : text;
