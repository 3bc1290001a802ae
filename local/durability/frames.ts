/**
 * How the journal's file is written: first its version, then frames, each with its length and two checksums, each
 * with the records that were written together.
 */
import { fstatSync, readSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { DataFolderError } from './failure.ts';

export interface Entry {
  shelf: string;
  key: string;
  /** @default the key is gone */
  value: Uint8Array | undefined;
}

/** An entry as it lies in the file: `length` is `GONE` for a key that is. */
export interface Placed {
  shelf: string;
  key: string;
  at: number;
  length: number;
}

const KIND = 'spillway data';
const VERSION = 2;
export const FIRST_BYTES = Buffer.from(`${KIND} ${VERSION}\n`);

/** Length of the frame's contents, their checksum, and the checksum of these two. */
const HEAD = 12;
/** Of an entry: lengths of shelf, key and value. */
const ENTRY_HEAD = 10;
export const GONE = 0xffffffff;

/** A frame with the entries, and where each of them lies once it is written at `start` of the file. */
export function encoded(entries: Entry[], start: number): { frame: Buffer; placed: Placed[] } {
  let length = HEAD;
  for (const { shelf, key, value } of entries)
    length += ENTRY_HEAD + Buffer.byteLength(shelf) + Buffer.byteLength(key) + (value?.length ?? 0);
  const frame = Buffer.allocUnsafe(length);
  let at = HEAD;
  const placed = entries.map(({ shelf, key, value }): Placed => {
    const shelfBytes = frame.write(shelf, at + ENTRY_HEAD);
    const keyBytes = frame.write(key, at + ENTRY_HEAD + shelfBytes);
    frame.writeUInt16LE(shelfBytes, at);
    frame.writeUInt32LE(keyBytes, at + 2);
    frame.writeUInt32LE(value?.length ?? GONE, at + 6);
    at += ENTRY_HEAD + shelfBytes + keyBytes;
    const place = { shelf, key, at: start + at, length: value?.length ?? GONE };
    if (value) frame.set(value, at);
    at += value?.length ?? 0;
    return place;
  });
  frame.writeUInt32LE(length - HEAD, 0);
  frame.writeUInt32LE(crc32(frame.subarray(HEAD)), 4);
  frame.writeUInt32LE(crc32(frame.subarray(0, 8)), 8);
  return { frame, placed };
}

/** The entries of a whole frame that lies at `start` of the file. */
function decoded(frame: Buffer, start: number): Placed[] {
  const entries: Placed[] = [];
  for (let at = HEAD; at < frame.length;) {
    const shelfEnd = at + ENTRY_HEAD + frame.readUInt16LE(at);
    const keyEnd = shelfEnd + frame.readUInt32LE(at + 2);
    const bytes = frame.readUInt32LE(at + 6);
    entries.push({
      shelf: frame.toString('utf8', at + ENTRY_HEAD, shelfEnd),
      key: frame.toString('utf8', shelfEnd, keyEnd),
      at: start + keyEnd,
      length: bytes,
    });
    at = keyEnd + (bytes === GONE ? 0 : bytes);
  }
  return entries;
}

/**
 * All whole frames. One that the end of the file cuts short is what a kill leaves behind, and is passed over; anything
 * else that does not add up is damage. Throws for that, and for a file that is none of ours.
 */
export function* framesIn(file: number, path: string): Generator<{ entries: Placed[]; end: number }> {
  const { size } = fstatSync(file);
  checkVersion(readExactly(file, 0, Math.min(size, FIRST_BYTES.length)), path);
  for (let at = FIRST_BYTES.length; at + HEAD <= size;) {
    const head = readExactly(file, at, HEAD);
    if (crc32(head.subarray(0, 8)) !== head.readUInt32LE(8)) throw damaged(path, at);
    const end = at + HEAD + head.readUInt32LE(0);
    if (end > size) return;
    const frame = readExactly(file, at, end - at);
    if (crc32(frame.subarray(HEAD)) !== frame.readUInt32LE(4)) throw damaged(path, at);
    yield { entries: decoded(frame, at), end };
    at = end;
  }
}

function checkVersion(first: Buffer, path: string): void {
  if (FIRST_BYTES.subarray(0, first.length).equals(first)) return; // a file just begun may have less
  const text = first.toString('latin1');
  throw new DataFolderError(
    text.startsWith(KIND)
      ? `${path} was written by another version: it begins "${text.trim()}", and this one reads "${KIND} ${VERSION}".`
      : `${path} is no journal of the embedded AWS.`,
  );
}

const damaged = (path: string, at: number) =>
  new DataFolderError(
    `${path} is damaged at byte ${at}. Restore it from a copy; cutting it off there keeps all that was written before.`,
  );

export function readExactly(file: number, at: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(length);
  for (let done = 0; done < length;) {
    const read = readSync(file, bytes, done, length - done, at + done);
    if (read === 0) throw new Error('The journal is shorter than it was.');
    done += read;
  }
  return bytes;
}

export function writeWhole(file: number, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length;)
    done += writeSync(file, bytes, done, bytes.length - done, at + done);
}
