/**
 * AWS Signature Version 2 in a query, by which boto3 presigns addresses of objects unless it is told otherwise.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html#RESTAuthenticationQueryStringAuth
 */
import { createHmac } from 'node:crypto';
import type { WireRequest } from './message.ts';
import { decoded } from './text.ts';

/** What a presigned address says of its own signature. */
export interface OlderClaim {
  accessKeyId: string;
  signature: string;
  /** Seconds since 1970. */
  expires: number;
  sessionToken: string | undefined;
}

/** `undefined` for an address that is not presigned, or not so. */
export function olderClaimOf({ path }: WireRequest): OlderClaim | undefined {
  const query = new URLSearchParams(path.split('?', 2)[1]);
  const [accessKeyId, signature, expires] = ['AWSAccessKeyId', 'Signature', 'Expires'].map((name) =>
    query.get(name),
  );
  if (!accessKeyId || !signature || !expires) return undefined;
  const sessionToken = query.get('x-amz-security-token') ?? undefined;
  return { accessKeyId, signature, expires: Number(expires), sessionToken };
}

/** Whether the claim was made with this secret, for exactly this request. */
export function isOlderSignedBy(secret: string, claim: OlderClaim, request: WireRequest): boolean {
  const { method, headers } = request;
  const [path = '', query = ''] = request.path.split('?', 2);
  const toSign = [
    method,
    headers['content-md5'] ?? '',
    headers['content-type'] ?? '',
    claim.expires,
    amazonHeaders(headers, query) + path + signedQuery(query),
  ].join('\n');
  return createHmac('sha1', secret).update(toSign).digest('base64') === claim.signature;
}

/** Headers of the request, and a session's token, which stands in the query and is signed as a header. */
function amazonHeaders(headers: WireRequest['headers'], query: string): string {
  const token = new URLSearchParams(query).get('x-amz-security-token');
  return Object.entries({ ...headers, ...(token !== null && { 'x-amz-security-token': token }) })
    .filter(([name]) => name.startsWith('x-amz-'))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}:${value}\n`)
    .join('');
}

function signedQuery(query: string): string {
  const signed = query
    .split('&')
    .map((pair) => pair.split(/=(.*)/s))
    .filter(([name = '']) => SIGNED.has(name) || name.startsWith('response-'))
    .map(([name = '', value]) => (value === undefined ? name : `${name}=${decoded(value)}`))
    .toSorted();
  return signed.length > 0 ? `?${signed.join('&')}` : '';
}

/** Of a query, only what names something else than the object's contents. */
const SIGNED = new Set(
  'acl cors delete encryption lifecycle location logging notification partNumber policy requestPayment tagging torrent uploadId uploads versionId versioning versions website'.split(
    ' ',
  ),
);
