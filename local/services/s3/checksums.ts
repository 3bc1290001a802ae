/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { notModelled } from '../../errors.ts';
import { crc32c, crc64nvme } from './crc.ts';
import { badDigest } from './errors.ts';

/** What the sender says that the body's digest is, checked; as it comes back on reading. */
export function checkedSums(body: Uint8Array, input: Given): Record<string, string> {
  const { ContentMD5 } = input;
  if (ContentMD5 !== undefined && ContentMD5 !== hash('md5', body).toString('base64'))
    throw badDigest('Content-MD5');
  const sums: Record<string, string> = {};
  for (const [algorithm, of] of Object.entries(SUMS)) {
    const member = `Checksum${algorithm}`;
    const given = input[member as keyof Given];
    if (given === undefined) continue;
    if (of(body).toString('base64') !== given) throw badDigest(algorithm);
    sums[member] = given;
  }
  return sums;
}

interface Given {
  ContentMD5?: string | undefined;
  ChecksumCRC32?: string | undefined;
  ChecksumSHA1?: string | undefined;
  ChecksumSHA256?: string | undefined;
  ChecksumCRC32C?: string | undefined;
  ChecksumCRC64NVME?: string | undefined;
}

/** The checksum of an object of several parts: over all of it, or over the parts' checksums, which says how many they are. */
export function sumOfParts(algorithm: string, type: string | undefined, parts: Uint8Array[]): string {
  const of = SUMS[algorithm];
  if (!of) throw notModelled(`the checksum algorithm ${algorithm}`);
  if (type === 'FULL_OBJECT' || algorithm === 'CRC64NVME') return of(Buffer.concat(parts)).toString('base64');
  return `${of(Buffer.concat(parts.map(of))).toString('base64')}-${parts.length}`;
}

const hash = (algorithm: string, body: Uint8Array) => createHash(algorithm).update(body).digest();

const SUMS: Record<string, (body: Uint8Array) => Buffer> = {
  SHA256: (body) => hash('sha256', body),
  SHA1: (body) => hash('sha1', body),
  CRC32(body) {
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    return sum;
  },
  CRC32C: crc32c,
  CRC64NVME: crc64nvme,
};
