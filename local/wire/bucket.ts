/** S3 names the bucket in the path or in the host, and no other API does either. */
import type { WireRequest } from './message.ts';
import { decoded } from './text.ts';

/**
 * Takes the bucket out of a request: `/bucket/key` or `bucket.s3.localhost:4566/key`. `path` is what is left, starting
 * with a slash and still percent-encoded.
 */
export function bucketOf({ headers }: WireRequest, path: string): { bucket?: string; path: string } {
  const host = /^(?<bucket>.+?)\.s3[.-]/.exec(headers.host ?? '')?.groups?.bucket;
  if (host !== undefined) return { bucket: host, path };
  const [, bucket = '', rest = ''] = /^\/([^/]*)(.*)$/s.exec(path) ?? [];
  return bucket === '' ? { path } : { bucket: decoded(bucket), path: rest === '' ? '/' : rest };
}
