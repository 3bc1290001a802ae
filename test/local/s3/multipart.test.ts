import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
  type CreateMultipartUploadCommandInput,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startLocal, type Local } from '../../../local/index.ts';

let aws: Local;
let s3: S3Client;
const Bucket = 'my-bucket';
const LARGE = 'x'.repeat(5 * 1024 * 1024);
beforeEach(async () => {
  aws = await startLocal();
  s3 = aws.client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket }));
});
afterEach(() => aws.stop());

/** An upload of key `a`, with what can be done with it. */
async function begun(more: Partial<CreateMultipartUploadCommandInput> = {}) {
  const named = { Bucket, Key: 'a' };
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ ...named, ...more }));
  const upload = { ...named, UploadId };
  return {
    part: async (PartNumber: number, Body: string) => ({
      PartNumber,
      ETag: (await s3.send(new UploadPartCommand({ ...upload, PartNumber, Body }))).ETag,
    }),
    copy: async (PartNumber: number, CopySource: string, CopySourceRange?: string) => {
      const from = { CopySource, ...(CopySourceRange && { CopySourceRange }) };
      const { CopyPartResult } = await s3.send(new UploadPartCopyCommand({ ...upload, PartNumber, ...from }));
      return { PartNumber, ETag: CopyPartResult!.ETag };
    },
    parts: () => s3.send(new ListPartsCommand(upload)),
    abort: () => s3.send(new AbortMultipartUploadCommand(upload)),
    complete: (Parts: object[]) =>
      s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } })),
  };
}

describe('an object in parts', () => {
  test('is there once it is completed, in the order of the part numbers, and counts its parts in the ETag', async () => {
    const { part, parts, complete } = await begun({ ContentType: 'text/plain', Metadata: { who: 'me' } });
    const second = await part(2, 'end');
    const first = await part(1, LARGE);
    expect((await parts()).Parts).toMatchObject([
      { PartNumber: 1, Size: LARGE.length },
      { PartNumber: 2, Size: 3 },
    ]);
    await expect(s3.send(new HeadObjectCommand({ Bucket, Key: 'a' }))).rejects.toMatchObject({
      name: 'NotFound',
    });

    const { ETag } = await complete([first, second]);
    expect(ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'a' }));
    expect(got).toMatchObject({ ContentType: 'text/plain', Metadata: { who: 'me' }, ETag });
    expect(await got.Body!.transformToString()).toBe(`${LARGE}end`);
    expect((await s3.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads).toBeUndefined();
  });

  test.each(['SHA256', 'CRC32', 'CRC32C'] as const)(
    'keeps a %s over those of its parts',
    async (algorithm) => {
      const { part, complete } = await begun({ ChecksumAlgorithm: algorithm });
      await complete([await part(1, LARGE), await part(2, 'end')]);
      const read = new HeadObjectCommand({ Bucket, Key: 'a', ChecksumMode: 'ENABLED' });
      expect((await s3.send(read))[`Checksum${algorithm}`]).toMatch(/=-2$/);
    },
  );

  test('keeps a CRC64NVME over the whole', async () => {
    const { part, complete } = await begun({ ChecksumAlgorithm: 'CRC64NVME' });
    await complete([await part(1, '123456789')]);
    const { ChecksumCRC64NVME } = await s3.send(
      new HeadObjectCommand({ Bucket, Key: 'a', ChecksumMode: 'ENABLED' }),
    );
    expect(ChecksumCRC64NVME).toBe(Buffer.from('ae8b14860a799888', 'hex').toString('base64'));
  });

  test('may take parts out of other objects', async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'from/ü', Body: `${LARGE}0123456789` }));
    const { copy, complete } = await begun({ ChecksumAlgorithm: 'CRC32' });
    const source = `${Bucket}/${encodeURIComponent('from/ü')}`;
    await complete([
      await copy(1, source),
      await copy(2, source, `bytes=${LARGE.length}-${LARGE.length + 3}`),
    ]);
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'a' }));
    expect(await got.Body!.transformToString()).toBe(`${LARGE}01234567890123`);
  });

  test.each([
    [
      'bytes=1-',
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
    ],
    ['bytes=2-3', 'Range specified is not valid for source object of size: 3'],
  ])('takes no part out of %s of three bytes', async (range, message) => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'from', Body: 'abc' }));
    const { copy } = await begun();
    await expect(copy(1, `${Bucket}/from`, range)).rejects.toMatchObject({
      name: 'InvalidArgument',
      message,
    });
  });

  test('may be given up: then it is not there, and the upload neither', async () => {
    const { part, abort, complete } = await begun();
    const first = await part(1, 'a');
    expect((await s3.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads).toMatchObject([
      { Key: 'a' },
    ]);
    await abort();
    await expect(complete([first])).rejects.toMatchObject({
      name: 'NoSuchUpload',
      message:
        'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    });
  });

  test('is refused with parts that were not sent, in another order, or too small', async () => {
    const { part, complete } = await begun();
    const [first, second] = [await part(1, 'a'), await part(2, 'b')];
    await expect(complete([{ PartNumber: 3, ETag: '"x"' }])).rejects.toMatchObject({ name: 'InvalidPart' });
    await expect(complete([second, first])).rejects.toMatchObject({ name: 'InvalidPartOrder' });
    await expect(complete([first, second])).rejects.toMatchObject({
      name: 'EntityTooSmall',
      message: 'Your proposed upload is smaller than the minimum allowed size',
    });
  });
});

describe('checksums', () => {
  // The check values of https://reveng.sourceforge.io/crc-catalogue/all.htm for `123456789`.
  test.each([
    ['CRC32', 'cbf43926'],
    ['CRC32C', 'e3069283'],
    ['CRC64NVME', 'ae8b14860a799888'],
  ] as const)('a %s is compared with the body, and comes back on reading', async (algorithm, sum) => {
    const named = { Bucket, Key: algorithm, Body: '123456789' };
    const right = Buffer.from(sum, 'hex').toString('base64');
    await s3.send(new PutObjectCommand({ ...named, [`Checksum${algorithm}`]: right }));
    const read = new GetObjectCommand({ Bucket, Key: algorithm, ChecksumMode: 'ENABLED' });
    expect((await s3.send(read))[`Checksum${algorithm}`]).toBe(right);
    const wrong = { ...named, Body: 'other', [`Checksum${algorithm}`]: right };
    await expect(s3.send(new PutObjectCommand(wrong))).rejects.toMatchObject({
      name: 'BadDigest',
      message: `The ${algorithm} you specified did not match the calculated checksum.`,
    });
  });
});

describe('a range of bytes', () => {
  const range = (Range: string) => s3.send(new GetObjectCommand({ Bucket, Key: 'a', Range }));
  beforeEach(() => s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: '0123456789' })));

  test.each([
    ['bytes=2-4', '234', 'bytes 2-4/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=8-99', '89', 'bytes 8-9/10'],
  ])('%s', async (asked, text, ContentRange) => {
    const got = await range(asked);
    expect(got).toMatchObject({
      ContentRange,
      ContentLength: text.length,
      $metadata: { httpStatusCode: 206 },
    });
    expect(await got.Body!.transformToString()).toBe(text);
  });

  test('is told of without being sent', async () => {
    const asked = { Bucket, Key: 'a', Range: 'bytes=2-4' };
    expect(await s3.send(new HeadObjectCommand(asked))).toMatchObject({
      ContentRange: 'bytes 2-4/10',
      ContentLength: 3,
      $metadata: { httpStatusCode: 206 },
    });
  });

  test('behind the end is refused', async () => {
    await expect(range('bytes=10-')).rejects.toMatchObject({
      name: 'InvalidRange',
      message: 'The requested range is not satisfiable',
      $metadata: { httpStatusCode: 416 },
    });
  });
});
