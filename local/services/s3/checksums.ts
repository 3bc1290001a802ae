/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { notModelled } from '../../errors.ts';
import { badDigest } from './errors.ts';

/** What the sender says that the body's digest is, checked; as it comes back on reading. */
export function checkedSums(body: Uint8Array, input: Given): Record<string, string> {
  const { ContentMD5 } = input;
  if (ContentMD5 !== undefined && ContentMD5 !== digest('md5', body)) throw badDigest('Content-MD5');
  const sums: Record<string, string> = {};
  for (const [member, of] of Object.entries(SUMS)) {
    const given = input[member as keyof Given];
    if (given === undefined) continue;
    if (of(body) !== given) throw badDigest(member.slice('Checksum'.length));
    sums[member] = given;
  }
  for (const member of ['ChecksumCRC32C', 'ChecksumCRC64NVME'] as const)
    if (input[member] !== undefined) throw notModelled(member);
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

const digest = (algorithm: string, body: Uint8Array) => createHash(algorithm).update(body).digest('base64');

const SUMS: Record<string, (body: Uint8Array) => string> = {
  ChecksumSHA256: (body) => digest('sha256', body),
  ChecksumSHA1: (body) => digest('sha1', body),
  ChecksumCRC32(body) {
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    return sum.toString('base64');
  },
};
