import { createHash, createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { Sha256 } from '../../functions/runtime/sha256.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const hex = async (hash: Sha256) => Buffer.from(await hash.digest()).toString('hex');

test.each([[[]], [['one piece']], [['in ', 'several ', 'pieces']]])('the hash of %j', async (pieces) => {
  const hash = new Sha256();
  for (const piece of pieces) hash.update(bytes(piece));
  expect(await hex(hash)).toBe(createHash('sha256').update(pieces.join('')).digest('hex'));
});

test.each([
  ['a text', 'secret'],
  ['bytes', bytes('secret')],
  ['a buffer', bytes('secret').buffer],
])('the HMAC by a key that is %s', async (_, key) => {
  const hash = new Sha256(key);
  hash.update(bytes('what is signed'));
  expect(await hex(hash)).toBe(createHmac('sha256', 'secret').update('what is signed').digest('hex'));
});

test('after a reset it begins anew', async () => {
  const hash = new Sha256();
  hash.update(bytes('one'));
  hash.reset();
  hash.update(bytes('two'));
  expect(await hex(hash)).toBe(createHash('sha256').update('two').digest('hex'));
});
