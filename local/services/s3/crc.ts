/** Cyclic redundancy checks that Node does not have, a byte at a time from a table. */

/** CRC-32/ISCSI. https://www.rfc-editor.org/rfc/rfc3720#appendix-B.4 */
export function crc32c(body: Uint8Array): Buffer {
  let crc = -1;
  for (const byte of body) crc = CASTAGNOLI[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  const sum = Buffer.alloc(4);
  sum.writeInt32BE(~crc);
  return sum;
}

/** CRC-64/NVME, in two halves of 32 bits. https://reveng.sourceforge.io/crc-catalogue/all.htm#crc.cat.crc-64-nvme */
export function crc64nvme(body: Uint8Array): Buffer {
  let high = -1;
  let low = -1;
  for (const byte of body) {
    const at = ((low ^ byte) & 0xff) * 2;
    low = NVME[at + 1]! ^ ((low >>> 8) | (high << 24));
    high = NVME[at]! ^ (high >>> 8);
  }
  const sum = Buffer.alloc(8);
  sum.writeInt32BE(~high, 0);
  sum.writeInt32BE(~low, 4);
  return sum;
}

const CASTAGNOLI = Int32Array.from(
  { length: 256 },
  (_, byte) => Number(divided(BigInt(byte), 0x82f63b78n)) | 0,
);

/** High and low half by turns. */
const NVME = Int32Array.from({ length: 512 }, (_, i) => {
  const entry = divided(BigInt(i >> 1), 0x9a6c9329ac4bc9b5n);
  return Number(BigInt.asIntN(32, i % 2 === 0 ? entry >> 32n : entry));
});

/** What is left of one byte, by a polynomial with its lowest power in the highest bit. */
function divided(byte: bigint, polynomial: bigint): bigint {
  let left = byte;
  for (let bit = 0; bit < 8; bit++) left = left & 1n ? (left >> 1n) ^ polynomial : left >> 1n;
  return left;
}
