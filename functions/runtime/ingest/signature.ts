import { Buffer } from 'node:buffer';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { Problem } from '../problem.ts';
import type { Headers } from './headers.ts';

/** Seconds that the time of a signature may be away from ours, either way. */
export const TOLERANCE_SECONDS = 300;

/** Signatures that are looked at; a sender needs one for each of its keys. */
const MAX_SIGNATURES = 10;

const NAMES = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;

/**
 * The id of a webhook that one of the secrets has signed, by Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`, the
 * body as it was sent. Throws SIGNATURE_MISSING, BAD_ID, TIMESTAMP_OUT_OF_RANGE, SIGNATURE_INVALID.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export async function signedId(
  headers: Headers,
  body: Buffer,
  secretsOf: () => Promise<readonly Buffer[]>,
  now: number,
): Promise<string> {
  const [id, timestamp, signatures] = NAMES.map((path) => {
    if (!headers[path]) throw new Problem('SIGNATURE_MISSING', `there is no ${path}`, { path });
    return headers[path];
  }) as [string, string, string];
  if (!ID.test(id)) throw new Problem('BAD_ID', 'the webhook has no plain id', { path: 'webhook-id' });
  checkTime(timestamp, now);
  const candidates = candidatesOf(signatures);
  const secrets = await secretsOf();
  const matches = secrets.map((secret) => {
    const right = createHmac('sha256', secret).update(`${id}.${timestamp}.`).update(body).digest();
    return candidates.map((one) => timingSafeEqual(right, one)).includes(true);
  });
  if (!matches.includes(true)) throw new Problem('SIGNATURE_INVALID', 'no signature is of a current secret');
  return id;
}

/** A full stop would let id and time change places; line ends would forge lines of a log. */
const ID = /^[\x21-\x2d\x2f-\x7e]{1,128}$/;

function checkTime(timestamp: string, now: number): void {
  const seconds = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) : NaN;
  if (!(Math.abs(now / 1000 - seconds) <= TOLERANCE_SECONDS))
    throw new Problem('TIMESTAMP_OUT_OF_RANGE', 'the signature is too old, or not of this time', {
      path: 'webhook-timestamp',
      limit: `±${TOLERANCE_SECONDS} s`,
    });
}

/** Those of the scheme `v1`, symmetric keys. What is none is compared all the same, so that it takes the same time. */
const candidatesOf = (signatures: string): Buffer[] =>
  signatures
    .split(' ', MAX_SIGNATURES)
    .map((one) => (one.startsWith('v1,') ? bufferOf(one.slice(3)) : NO_SIGNATURE))
    .map((one) => (one.length === NO_SIGNATURE.length ? one : NO_SIGNATURE));

const bufferOf = (text: string): Buffer => Buffer.from(text, 'base64');

const NO_SIGNATURE = Buffer.alloc(32);
