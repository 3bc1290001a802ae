/** Bodies in the aws-chunked encoding, by which SDKs stream to S3: `SIZE[;chunk-signature=…]CRLF BYTES CRLF`, last of size 0. */
import { AwsError } from '../errors.ts';
import type { WireRequest } from './message.ts';

/** The body as it was before it was cut into chunks. Trailing headers (checksums) join the request's headers. */
export function unchunked(request: WireRequest): WireRequest {
  const { headers } = request;
  const chunked =
    headers['content-encoding']?.includes('aws-chunked') ||
    headers['x-amz-content-sha256']?.startsWith('STREAMING-');
  if (!chunked) return request;
  const { body, trailers } = joined(
    Buffer.from(request.body.buffer, request.body.byteOffset, request.body.byteLength),
  );
  const encoding = headers['content-encoding']
    ?.split(',')
    .map((part) => part.trim())
    .filter((part) => part !== 'aws-chunked')
    .join(', ');
  return {
    ...request,
    body,
    headers: { ...headers, ...trailers, 'content-encoding': encoding === '' ? undefined : encoding },
  };
}

function joined(raw: Buffer): { body: Uint8Array; trailers: Record<string, string> } {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = raw.indexOf('\r\n', at);
    const size = end < 0 ? NaN : parseInt(raw.toString('latin1', at, end), 16);
    if (Number.isNaN(size) || end + 2 + size > raw.length)
      throw new AwsError('IncompleteBody', 'The request body terminated unexpectedly');
    if (size === 0)
      return { body: Buffer.concat(chunks), trailers: trailersOf(raw.toString('latin1', end + 2)) };
    chunks.push(raw.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}

const trailersOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split('\r\n')
      .map((line) => line.split(':', 2))
      .filter(([name, value]) => name && value !== undefined)
      .map(([name, value]) => [name!.trim().toLowerCase(), value!.trim()]),
  );
