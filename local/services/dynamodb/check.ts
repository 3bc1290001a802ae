/** What a request may contain as an attribute value, and the one form in which it goes on: numbers in plain notation. */
import { invalid, invalidParameter } from './errors.ts';
import { plainNumber } from './number.ts';
import { latin1, typeOf, type AttributeValue, type Item } from './value.ts';

/** Throws ValidationException; otherwise the item, the same one where nothing had to change. */
export function checkedItem(item: Item, depth = 0): Item {
  let changed: Item | undefined;
  for (const name of Object.keys(item)) {
    const value = checked(item[name]!, depth);
    if (value !== item[name]) (changed ??= { ...item })[name] = value;
  }
  return changed ?? item;
}

/** As `checkedItem`, for one value. */
export function checked(value: AttributeValue, depth = 0): AttributeValue {
  if (depth > DEEPEST)
    throw invalid(
      'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit',
    );
  exactlyOneType(value);
  if (value.S !== undefined || value.BOOL !== undefined || value.B !== undefined) return value;
  if (value.N !== undefined) {
    const plain = plainNumber(value.N);
    return plain === value.N ? value : { N: plain };
  }
  if (value.M !== undefined) {
    const map = checkedItem(value.M, depth + 1);
    return map === value.M ? value : { M: map };
  }
  if (value.L !== undefined) {
    const list = value.L.map((it) => checked(it, depth + 1));
    return list.every((it, i) => it === value.L[i]) ? value : { L: list };
  }
  if (value.NULL !== undefined) {
    if (!value.NULL) throw invalidParameter('Null attribute value types must have the value of true');
    return value;
  }
  return checkedSet(value);
}

/** Maps and lists within each other, the value at the end being the 32nd level. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const DEEPEST = 31;

function exactlyOneType(value: AttributeValue): void {
  let types = 0;
  for (const type in value) if (value[type as keyof AttributeValue] !== undefined) types++;
  if (types === 0)
    throw invalid('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
  if (types > 1)
    throw invalid(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
}

function checkedSet(value: AttributeValue): AttributeValue {
  const kind = typeOf(value);
  if (value.NS !== undefined) {
    if (value.NS.length === 0) throw invalidParameter('An number set  may not be empty');
    const plain = value.NS.map(plainNumber);
    if (new Set(plain).size < plain.length) throw invalid('Input collection contains duplicates');
    return { NS: plain };
  }
  if (value.SS !== undefined) {
    if (value.SS.length === 0) throw invalidParameter('An string set  may not be empty');
    if (new Set(value.SS).size < value.SS.length)
      throw invalidParameter(`Input collection [${value.SS.join(', ')}] contains duplicates.`);
    return value;
  }
  if (value.BS !== undefined) {
    if (value.BS.length === 0) throw invalidParameter('Binary sets should not be empty');
    const texts = value.BS.map(latin1);
    if (new Set(texts).size < texts.length) {
      const shown = value.BS.map((bytes) => Buffer.from(bytes).toString('base64')).join(', ');
      throw invalidParameter(`Input collection [${shown}]of type BS contains duplicates.`);
    }
    return value;
  }
  throw invalid(`Unknown type of attribute value: ${kind}`);
}
