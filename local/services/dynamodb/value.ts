/** Attribute values as the SDK shapes them, `{ S: 'a' }`: their types, when two are equal, which comes first, how large they are. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { numberSize, sortableNumber } from './number.ts';

export type { AttributeValue };
export type Type = 'S' | 'N' | 'B' | 'BOOL' | 'NULL' | 'SS' | 'NS' | 'BS' | 'L' | 'M';

/** Never changed once stored: a write makes a new one that shares what stayed the same. */
export type Item = Record<string, AttributeValue>;

export function typeOf(value: AttributeValue): Type {
  for (const type in value) if (value[type as Type] !== undefined) return type as Type;
  return 'NULL';
}

/** The attribute of that name; nothing for `constructor` and the like unless the item has it. */
export const attributeOf = (item: Item, name: string): AttributeValue | undefined =>
  Object.hasOwn(item, name) ? item[name] : undefined;

/** Numbers by value, sets regardless of order, lists and maps by what they hold. */
export function equal(a: AttributeValue, b: AttributeValue): boolean {
  if (a === b) return true;
  if (a.S !== undefined) return a.S === b.S;
  if (a.N !== undefined) return a.N === b.N;
  if (a.BOOL !== undefined) return a.BOOL === b.BOOL;
  if (a.NULL !== undefined) return b.NULL !== undefined;
  if (a.M !== undefined) return b.M !== undefined && sameItem(a.M, b.M);
  if (a.L !== undefined) {
    const other = b.L;
    return other !== undefined && a.L.length === other.length && a.L.every((it, i) => equal(it, other[i]!));
  }
  if (a.B !== undefined) return b.B !== undefined && Buffer.compare(a.B, b.B) === 0;
  return typeOf(a) === typeOf(b) && sameMembers(members(a)!, members(b)!);
}

export function sameItem(a: Item, b: Item): boolean {
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => Object.hasOwn(b, name) && equal(a[name]!, b[name]!));
}

/** The members of a set as text by which they can be told apart; nothing for what is no set. */
export const members = (value: AttributeValue): string[] | undefined =>
  value.SS ?? value.NS ?? value.BS?.map(latin1);

const sameMembers = (a: string[], b: string[]): boolean => {
  if (a.length !== b.length) return false;
  const other = new Set(b);
  return a.every((member) => other.has(member));
};

/**
 * Text that orders as DynamoDB orders values of one type: strings by their UTF-8 bytes, binaries by bytes, numbers by
 * value. Only these three types have an order.
 */
export function sortable(value: AttributeValue): string {
  if (value.S !== undefined) return AFTER_SURROGATES.test(value.S) ? byCodePoint(value.S) : value.S;
  if (value.N !== undefined) return sortableNumber(value.N);
  return latin1(value.B!);
}

/** What kind of nothing a value is, which no key may be. */
export const emptyKind = ({ S, B }: AttributeValue): 'string' | 'binary' | undefined =>
  S === '' ? 'string' : B?.byteLength === 0 ? 'binary' : undefined;

export const isOrdered = (value: AttributeValue): boolean =>
  value.S !== undefined || value.N !== undefined || value.B !== undefined;

export const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');

/** Only beyond these units does the order of UTF-16 differ from that of UTF-8. */
const AFTER_SURROGATES = /[\uD800-\uFFFF]/;

/** Moves surrogates behind U+FFFF, where UTF-8 has them. */
function byCodePoint(text: string): string {
  let moved = '';
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    moved += String.fromCharCode(unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800);
  }
  return moved;
}

/** Bytes of an item: its names in UTF-8 and its values. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
export function itemSize(item: Item): number {
  let bytes = 0;
  for (const name of Object.keys(item)) bytes += Buffer.byteLength(name) + valueSize(item[name]!);
  return bytes;
}

function valueSize(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return numberSize(value.N);
  if (value.B !== undefined) return value.B.byteLength;
  if (value.M !== undefined) return 3 + Object.keys(value.M).length + itemSize(value.M);
  if (value.L !== undefined) return value.L.reduce((bytes, it) => bytes + 1 + valueSize(it), 3);
  if (value.SS !== undefined) return value.SS.reduce((bytes, it) => bytes + Buffer.byteLength(it), 0);
  if (value.NS !== undefined) return value.NS.reduce((bytes, it) => bytes + numberSize(it), 0);
  if (value.BS !== undefined) return value.BS.reduce((bytes, it) => bytes + it.byteLength, 0);
  return 1;
}
