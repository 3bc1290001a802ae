/** Objects that come in parts, as every SDK sends large ones. https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html */
import { createHash } from 'node:crypto';
import type * as S3 from '@aws-sdk/client-s3';
import type { Answer, Call } from '../../service.ts';
import type { World } from '../../world.ts';
import { checkedSums, sumOfParts } from './checksums.ts';
import { entityTooSmall, invalidPart, invalidPartOrder, noSuchUpload } from './errors.ts';
import { checkWrite, sourceOf } from './found.ts';
import {
  etagOf,
  headersOf,
  refuseUnmodelled,
  sourceVersionId,
  sumsOf,
  tagsOf,
  versionId,
  type Told,
} from './objects.ts';
import { partOf } from './range.ts';
import type { Bucket, Part, Store, Upload } from './store.ts';

export const multipartOperations = (store: Store, told: Told, world: World) => ({
  ...sending(store, world),
  ...ending(store, told),
  ...listing(store),
});

const sending = (store: Store, { random, clock }: World) => ({
  CreateMultipartUpload(input: S3.CreateMultipartUploadCommandInput) {
    refuseUnmodelled(input);
    const { Bucket, Key = '', ChecksumAlgorithm: algorithm, ChecksumType: type } = input;
    const id = random.letters(64);
    store.bucket(Bucket).uploads.set(id, {
      id,
      key: Key,
      begun: clock.now(),
      about: { headers: headersOf(input), metadata: input.Metadata ?? {}, tags: tagsOf(input.Tagging) },
      ...(algorithm === undefined ? {} : { checksum: { algorithm, type } }),
      parts: new Map(),
    });
    return {
      Bucket,
      Key,
      UploadId: id,
      ChecksumAlgorithm: algorithm,
      ChecksumType: type,
      ServerSideEncryption: input.ServerSideEncryption ?? 'AES256',
    } satisfies Answer<S3.CreateMultipartUploadCommandOutput>;
  },

  UploadPart(input: S3.UploadPartCommandInput) {
    const [bucket, upload] = uploadOf(store, input);
    const body = (input.Body ?? new Uint8Array()) as Uint8Array;
    const part = { body, etag: etagOf(body), modified: clock.now(), checksums: checkedSums(body, input) };
    store.putPart(bucket, upload, input.PartNumber!, part);
    return {
      ETag: part.etag,
      ServerSideEncryption: upload.about.headers.ServerSideEncryption ?? 'AES256',
      ...part.checksums,
    } satisfies Answer<S3.UploadPartCommandOutput>;
  },

  UploadPartCopy(input: S3.UploadPartCopyCommandInput) {
    const [bucket, upload] = uploadOf(store, input);
    const { checksum, about } = upload;
    const [source, from] = sourceOf(store, input);
    const body = partOf(from.body, input.CopySourceRange);
    const checksums = checksum ? sumsOf(checksum.algorithm, body) : {};
    const part = { body, etag: etagOf(body), modified: clock.now(), checksums };
    store.putPart(bucket, upload, input.PartNumber!, part);
    return {
      CopyPartResult: { ETag: part.etag, LastModified: new Date(part.modified), ...checksums },
      ServerSideEncryption: about.headers.ServerSideEncryption ?? 'AES256',
      ...sourceVersionId(source, from),
    } satisfies Answer<S3.UploadPartCopyCommandOutput>;
  },
});

const ending = (store: Store, told: Told) => ({
  CompleteMultipartUpload(input: S3.CompleteMultipartUploadCommandInput, call: Call) {
    const [bucket, upload] = uploadOf(store, input);
    checkWrite(input, bucket);
    const bodies = chosen(upload, input.MultipartUpload?.Parts ?? []).map(({ body }) => body);
    const { key, about, checksum } = upload;
    const version = store.put(bucket, {
      key,
      body: Buffer.concat(bodies),
      etag: etagOfParts(bodies),
      ...about,
      checksums: checksum
        ? { [`Checksum${checksum.algorithm}`]: sumOfParts(checksum.algorithm, checksum.type, bodies) }
        : {},
    });
    store.endUpload(bucket, upload);
    told(bucket, 'ObjectCreated:CompleteMultipartUpload', version, call);
    return {
      Bucket: bucket.name,
      Key: key,
      ETag: version.etag,
      Location: `${call.endpoint}/${bucket.name}/${encodeURIComponent(key)}`,
      ServerSideEncryption: version.headers.ServerSideEncryption ?? 'AES256',
      ...version.checksums,
      ...versionId(bucket, version),
    } satisfies Answer<S3.CompleteMultipartUploadCommandOutput>;
  },

  AbortMultipartUpload(input: S3.AbortMultipartUploadCommandInput) {
    const [bucket, upload] = uploadOf(store, input);
    store.endUpload(bucket, upload);
    return {} satisfies Answer<S3.AbortMultipartUploadCommandOutput>;
  },
});

const listing = (store: Store) => ({
  ListParts(input: S3.ListPartsCommandInput) {
    const [bucket, { id, key, parts }] = uploadOf(store, input);
    const { MaxParts = 1000, PartNumberMarker = '0' } = input;
    const left = [...parts].filter(([number]) => number > Number(PartNumberMarker)).sort(([a], [b]) => a - b);
    const shown = left.slice(0, MaxParts).map(([PartNumber, { body, etag, modified, checksums }]) => ({
      PartNumber,
      ETag: etag,
      Size: body.length,
      LastModified: new Date(modified),
      ...checksums,
    }));
    return {
      Bucket: bucket.name,
      Key: key,
      UploadId: id,
      MaxParts,
      PartNumberMarker,
      IsTruncated: left.length > shown.length,
      ...(left.length > shown.length && { NextPartNumberMarker: String(shown.at(-1)?.PartNumber) }),
      Parts: shown,
      StorageClass: 'STANDARD',
    } satisfies Answer<S3.ListPartsCommandOutput>;
  },

  /** All of them: nothing here keeps more than a thousand. */
  ListMultipartUploads({ Bucket, Prefix = '' }: S3.ListMultipartUploadsCommandInput) {
    const { name, uploads } = store.bucket(Bucket);
    return {
      Bucket: name,
      Prefix,
      IsTruncated: false,
      Uploads: [...uploads.values()]
        .filter(({ key }) => key.startsWith(Prefix))
        .map(({ id, key, begun }) => ({ UploadId: id, Key: key, Initiated: new Date(begun) })),
    } satisfies Answer<S3.ListMultipartUploadsCommandOutput>;
  },
});

interface Named {
  Bucket?: string | undefined;
  Key?: string | undefined;
  UploadId?: string | undefined;
}

function uploadOf(store: Store, { Bucket, Key, UploadId = '' }: Named): [Bucket, Upload] {
  const bucket = store.bucket(Bucket);
  const upload = bucket.uploads.get(UploadId);
  if (upload?.key !== Key || !upload) throw noSuchUpload(UploadId);
  return [bucket, upload];
}

/** The parts that the sender lists: each as it was sent, in ascending order, and only the last may be small. */
function chosen({ id, parts }: Upload, listed: S3.CompletedPart[]): Part[] {
  const numbers = listed.map(({ PartNumber = 0 }) => PartNumber);
  if (numbers.some((number, place) => number <= (numbers[place - 1] ?? 0))) throw invalidPartOrder(id);
  return listed.map(({ PartNumber = 0, ETag = '' }, place) => {
    const part = parts.get(PartNumber);
    if (!part || part.etag.replaceAll('"', '') !== ETag.replaceAll('"', ''))
      throw invalidPart(PartNumber, id);
    if (place < listed.length - 1 && part.body.length < SMALLEST_PART)
      throw entityTooSmall(PartNumber, part.body.length);
    return part;
  });
}

/** Bytes, of every part but the last. https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const SMALLEST_PART = 5 * 1024 * 1024;

/** The MD5 of the parts' MD5s, and how many they are. */
function etagOfParts(bodies: Uint8Array[]): string {
  const all = createHash('md5');
  for (const body of bodies) all.update(createHash('md5').update(body).digest());
  return `"${all.digest('hex')}-${bodies.length}"`;
}
