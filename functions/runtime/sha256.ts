import { createHmac, hash } from 'node:crypto';

/**
 * SHA-256, and HMAC of it where there is a key, for clients that sign. The SDK's own makes a stream object of every hash,
 * which for the few hundred bytes of a signature costs several times what hashing them does.
 */
export class Sha256 {
  readonly #key: Key | undefined;
  #chunks: Uint8Array[] = [];

  constructor(key?: Key) {
    this.#key = key;
  }

  update(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
  }

  async digest(): Promise<Uint8Array> {
    const data = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
    if (this.#key === undefined) return hash('sha256', data, 'buffer');
    return createHmac('sha256', keyOf(this.#key)).update(data).digest();
  }

  reset(): void {
    this.#chunks = [];
  }
}

type Key = string | ArrayBuffer | ArrayBufferView;

const keyOf = (key: Key): string | Uint8Array => {
  if (typeof key === 'string') return key;
  return ArrayBuffer.isView(key)
    ? new Uint8Array(key.buffer, key.byteOffset, key.byteLength)
    : new Uint8Array(key);
};
