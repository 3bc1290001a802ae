/** AWS Signature Version 4, checked. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
import { createHmac, hash as digest } from 'node:crypto';
import { latest } from './latest.ts';
import type { WireRequest } from './message.ts';
import { decoded } from './text.ts';

/** What a request says of its own signature, in its Authorization header or its presigned query. */
export interface Claim {
  accessKeyId: string;
  /** Of the credential scope: `20300101`. */
  date: string;
  region: string;
  service: string;
  /** Lower-case names with semicolons between them. */
  signedHeaders: string;
  signature: string;
  /** `20300101T000000Z` */
  time: string;
  sessionToken: string | undefined;
  /** Seconds that a presigned request is good for. @default not presigned */
  expires?: number;
}

/** `undefined` for an unsigned request; the names of what is missing for one that is signed in part. */
export function claimOf({ path, headers }: WireRequest): Claim | { missing: string[] } | undefined {
  const { authorization } = headers;
  if (authorization === undefined && !path.includes('X-Amz-Algorithm=')) return undefined;
  const query = authorization === undefined ? new URLSearchParams(path.split('?', 2)[1]) : undefined;
  const given = (name: string) => query?.get(`X-Amz-${name}`) ?? undefined;
  const credential = query ? given('Credential') : CREDENTIAL.exec(authorization!)?.[1];
  const signedHeaders = query ? given('SignedHeaders') : SIGNED_HEADERS.exec(authorization!)?.[1];
  const signature = query ? given('Signature') : SIGNATURE.exec(authorization!)?.[1];
  const time = query ? given('Date') : timeOf(headers);
  if (
    credential === undefined ||
    signature === undefined ||
    signedHeaders === undefined ||
    time === undefined
  ) {
    const parts = { Credential: credential, Signature: signature, SignedHeaders: signedHeaders, Date: time };
    return { missing: Object.entries(parts).flatMap(([name, value]) => (value === undefined ? name : [])) };
  }
  const [accessKeyId = '', date = '', region = '', service = ''] = credential.split('/');
  return {
    accessKeyId,
    date,
    region,
    service,
    signedHeaders,
    signature,
    time,
    sessionToken: query ? given('Security-Token') : headers['x-amz-security-token'],
    ...(query && { expires: Number(given('Expires') ?? 0) }),
  };
}

/** Parts of an Authorization header. */
const CREDENTIAL = /(?:^|[,\s])Credential=([^,\s]+)/;
const SIGNED_HEADERS = /(?:^|[,\s])SignedHeaders=([^,\s]+)/;
const SIGNATURE = /(?:^|[,\s])Signature=([^,\s]+)/;

const timeOf = (headers: WireRequest['headers']): string | undefined =>
  headers['x-amz-date'] ??
  (headers.date === undefined ? undefined : new Date(headers.date).toISOString().replace(/[-:]|\.\d+/g, ''));

/** Milliseconds since 1970 of `20300101T000000Z`; NaN for anything else. */
export const timeIn = latest((text: string): number =>
  Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z')),
);

/** Whether the claim was made with this secret, for exactly this request. */
export function isSignedBy(secret: string, claim: Claim, request: WireRequest): boolean {
  const canonical = canonicalRequest(claim, request);
  if (canonical === undefined) return false;
  const scope = `${claim.date}/${claim.region}/${claim.service}/aws4_request`;
  const toSign = `AWS4-HMAC-SHA256\n${claim.time}\n${scope}\n${sha256(canonical)}`;
  return signatureOf(toSign, signingKey(secret, claim)) === claim.signature;
}

/** `undefined` when the body is not the one whose hash was signed. */
function canonicalRequest(claim: Claim, { method, path, headers, body }: WireRequest): string | undefined {
  const mark = path.indexOf('?');
  const rawPath = mark < 0 ? path : path.slice(0, mark);
  const hash = payloadHash(claim, headers, body);
  if (hash === undefined) return undefined;
  const canonicalPath = claim.service === 's3' ? rawPath : encodedPath(rawPath); // others sign it encoded once more
  const query = mark < 0 ? '' : canonicalQuery(path.slice(mark + 1));
  let canonicalHeaders = '';
  for (const name of claim.signedHeaders.split(';'))
    canonicalHeaders += `${name}:${spaced(headers[name] ?? '')}\n`;
  return `${method}\n${canonicalPath}\n${query}\n${canonicalHeaders}\n${claim.signedHeaders}\n${hash}`;
}

/** Without space around it, and with single spaces within. */
const spaced = (value: string): string =>
  /^\s|\s$|\s\s|[^\S ]/.test(value) ? value.trim().replace(/\s+/g, ' ') : value;

function payloadHash(claim: Claim, headers: WireRequest['headers'], body: Uint8Array): string | undefined {
  const said = headers['x-amz-content-sha256'];
  if (claim.expires !== undefined && claim.service === 's3') return said ?? 'UNSIGNED-PAYLOAD';
  // Chunks carry signatures of their own, which are not looked at; the seed signature is.
  if (said === 'UNSIGNED-PAYLOAD' || said?.startsWith('STREAMING-')) return said;
  const actual = sha256(body);
  return said === undefined || said === actual ? actual : undefined;
}

const canonicalQuery = (raw: string): string =>
  raw
    .split('&')
    .filter((pair) => pair !== '' && !pair.startsWith('X-Amz-Signature='))
    .map((pair) => {
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      return [encode(decoded(name)), encode(decoded(value))] as const;
    })
    .toSorted(([a, x], [b, y]) => (a < b || (a === b && x < y) ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');

/** RFC 3986. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

const encodedPath = (path: string): string => (path === '/' ? path : encode(path).replaceAll('%2F', '/'));

const sha256 = (data: string | Uint8Array): string => digest('sha256', data);
const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();

/** What an HMAC by one key begins its inner and its outer hash with, and room for what follows. https://www.rfc-editor.org/rfc/rfc2104 */
interface SigningKey {
  inner: Buffer;
  outer: Buffer;
}

const BLOCK = 64;
/** Bytes of what is signed: a time, a scope and a hash, a third of this. What were longer would be cut, and match nothing. */
const LONGEST = 512;

/** Two hashes in one call each: an Hmac object of Node takes several times as long. */
function signatureOf(text: string, { inner, outer }: SigningKey): string {
  const length = inner.write(text, BLOCK);
  outer.write(sha256(inner.subarray(0, BLOCK + length)), BLOCK, 'hex');
  return sha256(outer);
}

/** Keys of a day, a region and a service; four hashes that thousands of requests share. */
const keys = new Map<string, SigningKey>();
const MOST_KEPT = 1000;

function signingKey(secret: string, { date, region, service }: Claim): SigningKey {
  const name = `${secret}/${date}/${region}/${service}`;
  let key = keys.get(name);
  if (!key) {
    if (keys.size >= MOST_KEPT) keys.clear();
    const bytes = hmac(hmac(hmac(hmac(`AWS4${secret}`, date), region), service), 'aws4_request');
    key = { inner: padded(bytes, 0x36, LONGEST), outer: padded(bytes, 0x5c, 32) };
    keys.set(name, key);
  }
  return key;
}

function padded(key: Buffer, pad: number, room: number): Buffer {
  const block = Buffer.alloc(BLOCK + room, pad);
  for (const [i, octet] of key.entries()) block[i] = octet ^ pad;
  return block;
}
