import crypto from 'node:crypto';
import type { Random } from '../../random.ts';

/** `node:crypto` with everything random drawn from the world. */
export function virtualCrypto(random: Random) {
  const randomBytes = (size: number, callback?: (error: null, bytes: Buffer) => void) => {
    const bytes = Buffer.from(random.hex(size * 2), 'hex');
    if (callback) queueMicrotask(() => callback(null, bytes));
    return callback ? undefined : bytes;
  };
  const fill = <T extends ArrayBufferView>(view: T): T => {
    const bytes = Buffer.from(random.hex(view.byteLength * 2), 'hex');
    new Uint8Array(view.buffer, view.byteOffset, view.byteLength).set(bytes);
    return view;
  };
  const randomInt = (low: number, high?: number) =>
    high === undefined ? random.integer(0, low - 1) : random.integer(low, high - 1);
  const randomUUID = () => random.uuid();
  const webcrypto = { getRandomValues: fill, randomUUID, subtle: crypto.webcrypto.subtle };
  return {
    ...crypto,
    randomBytes,
    pseudoRandomBytes: randomBytes,
    randomFillSync: fill,
    randomInt,
    randomUUID,
    getRandomValues: fill,
    webcrypto,
    subtle: crypto.webcrypto.subtle,
  };
}
