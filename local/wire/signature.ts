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
  signedHeaders: string[];
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
  const query = new URLSearchParams(authorization === undefined ? path.split('?', 2)[1] : '');
  const given = (name: string) => query.get(`X-Amz-${name}`) ?? undefined;
  if (authorization === undefined && given('Algorithm') === undefined) return undefined;
  const fields = authorization === undefined ? undefined : fieldsOf(authorization);
  const credential = fields ? fields.Credential : given('Credential');
  const signedHeaders = fields ? fields.SignedHeaders : given('SignedHeaders');
  const signature = fields ? fields.Signature : given('Signature');
  const time = fields ? timeOf(headers) : given('Date');
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
    signedHeaders: signedHeaders.split(';'),
    signature,
    time,
    sessionToken: fields ? headers['x-amz-security-token'] : given('Security-Token'),
    ...(!fields && { expires: Number(given('Expires') ?? 0) }),
  };
}

function fieldsOf(authorization: string): Record<string, string | undefined> {
  const fields: Record<string, string> = {};
  for (const part of authorization.split(/[,\s]+/)) {
    const equals = part.indexOf('=');
    if (equals > 0 && equals < part.length - 1) fields[part.slice(0, equals)] = part.slice(equals + 1);
  }
  return fields;
}

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
  return createHmac('sha256', signingKey(secret, claim)).update(toSign).digest('hex') === claim.signature;
}

/** `undefined` when the body is not the one whose hash was signed. */
function canonicalRequest(claim: Claim, { method, path, headers, body }: WireRequest): string | undefined {
  const mark = path.indexOf('?');
  const rawPath = mark < 0 ? path : path.slice(0, mark);
  const hash = payloadHash(claim, headers, body);
  if (hash === undefined) return undefined;
  const canonicalHeaders = claim.signedHeaders
    .map((name) => `${name}:${spaced(headers[name] ?? '')}\n`)
    .join('');
  return [
    method,
    // All but S3 sign the path encoded once more.
    claim.service === 's3' ? rawPath : encodedPath(rawPath),
    mark < 0 ? '' : canonicalQuery(path.slice(mark + 1)),
    canonicalHeaders,
    claim.signedHeaders.join(';'),
    hash,
  ].join('\n');
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

/** Keys of a day, a region and a service; four hashes that thousands of requests share. */
const keys = new Map<string, Buffer>();
const MOST_KEPT = 1000;

function signingKey(secret: string, { date, region, service }: Claim): Buffer {
  const name = `${secret}/${date}/${region}/${service}`;
  let key = keys.get(name);
  if (!key) {
    if (keys.size >= MOST_KEPT) keys.clear();
    key = hmac(hmac(hmac(hmac(`AWS4${secret}`, date), region), service), 'aws4_request');
    keys.set(name, key);
  }
  return key;
}
