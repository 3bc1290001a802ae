/**
 * What KMS makes of a text: AES-256 in Galois/Counter Mode, with the encryption context as additional authenticated
 * data. In front of it stand the key and what else is needed to open it.
 * https://docs.aws.amazon.com/kms/latest/developerguide/symmetric-asymmetric.html
 */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Key } from './key.ts';

/** The encryption context: what is not secret and must be the same when it is opened. */
export type Context = Record<string, string>;

/** One byte says which form this is: of the key's id 16 bytes, 12 that are used once, 16 that tell whether it is whole. */
const FORM = 1;
const [ID, NONCE, TAG, TEXT] = [1, 17, 29, 45];

/** @param nonce 24 hexadecimal digits, never the same twice */
export function seal({ id, material }: Key, text: Uint8Array, context: Context, nonce: string): Buffer {
  const iv = Buffer.from(nonce, 'hex');
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(material, 'hex'), iv).setAAD(written(context));
  const body = Buffer.concat([cipher.update(text), cipher.final()]);
  return Buffer.concat([
    Buffer.from([FORM]),
    Buffer.from(id.replaceAll('-', ''), 'hex'),
    iv,
    cipher.getAuthTag(),
    body,
  ]);
}

/** `undefined` where that is not what was sealed, or not with this key and context. */
export function open({ material }: Key, sealed: Uint8Array, context: Context): Buffer | undefined {
  try {
    const decipher = createDecipheriv(
      'aes-256-gcm',
      Buffer.from(material, 'hex'),
      sealed.subarray(NONCE, TAG),
    );
    decipher.setAAD(written(context)).setAuthTag(sealed.subarray(TAG, TEXT));
    return Buffer.concat([decipher.update(sealed.subarray(TEXT)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** The id of the key that it says it was sealed with; `undefined` where it is nothing of ours. */
export function keyOf(sealed: Uint8Array): string | undefined {
  if (sealed.length < TEXT || sealed[0] !== FORM) return undefined;
  return Buffer.from(sealed.subarray(ID, NONCE))
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** In an order of its own, so that it does not matter in which one it was given. */
const written = (context: Context): Buffer =>
  Buffer.from(JSON.stringify(Object.entries(context).toSorted(([a], [b]) => (a < b ? -1 : 1))));
