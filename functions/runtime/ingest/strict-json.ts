import { MAX_DEPTH } from '../contract/json.ts';
import { Problem } from '../problem.ts';

/**
 * The value of a JSON text, read so that no other reader can understand something else: a duplicate key is refused, where
 * `JSON.parse` takes the last one without a word. Nesting is refused before any tree is built.
 * Throws BAD_JSON with line and column, DUPLICATE_KEY with the path, TOO_DEEP.
 */
export function parseStrictly(text: string): unknown {
  checkValue({ text, at: 0 });
  return JSON.parse(text) as unknown;
}

/** How far a text was read. */
interface Reading {
  readonly text: string;
  at: number;
}

const BYTE_ORDER_MARK = 0xfeff;

function checkValue(reading: Reading): void {
  const { text } = reading;
  if (text.charCodeAt(0) === BYTE_ORDER_MARK) throw bad(reading, 'a byte order mark is not allowed here');
  value(reading, 'data', 0);
  space(reading);
  if (reading.at < text.length) throw bad(reading, 'nothing may follow the value');
}

function value(reading: Reading, path: string, depth: number): void {
  space(reading);
  const { text, at } = reading;
  const first = text[at];
  if (first === '{' || first === '[') {
    if (depth === MAX_DEPTH)
      throw new Problem('TOO_DEEP', `the body nests deeper than ${MAX_DEPTH} levels`, { limit: MAX_DEPTH });
    if (first === '{') object(reading, path, depth + 1);
    else array(reading, path, depth + 1);
  } else if (first === '"') string(reading);
  else if (!take(reading, NUMBER) && !take(reading, LITERAL))
    throw bad(reading, first === undefined ? 'the text ends too early' : 'a value is expected');
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERAL = /true|false|null/y;

function object(reading: Reading, path: string, depth: number): void {
  const names = new Set<string>();
  members(reading, '}', () => {
    if (reading.text[reading.at] !== '"') throw bad(reading, 'a name in double quotes is expected');
    const name = string(reading);
    const at = `${path}.${name}`;
    if (names.has(name)) throw new Problem('DUPLICATE_KEY', `${at} is there twice`, { path: at });
    names.add(name);
    space(reading);
    if (reading.text[reading.at] !== ':') throw bad(reading, 'a colon is expected');
    reading.at++;
    value(reading, at, depth);
  });
}

function array(reading: Reading, path: string, depth: number): void {
  let index = 0;
  members(reading, ']', () => value(reading, `${path}[${index++}]`, depth));
}

/** What stands between brackets, with commas between. */
function members(reading: Reading, end: string, one: () => void): void {
  reading.at++;
  space(reading);
  if (reading.text[reading.at] !== end) {
    for (;;) {
      one();
      space(reading);
      if (reading.text[reading.at] !== ',') break;
      reading.at++;
      space(reading);
    }
    if (reading.text[reading.at] !== end) throw bad(reading, `a comma or ${end} is expected`);
  }
  reading.at++;
}

/** What the text between double quotes stands for: `"\u0061"` and `"a"` are the same name. */
function string(reading: Reading): string {
  const { text, at: start } = reading;
  let plain = true;
  for (reading.at++; text[reading.at] !== '"'; reading.at++) {
    const code = text.charCodeAt(reading.at);
    if (Number.isNaN(code)) throw bad(reading, 'the text ends too early');
    if (code < 0x20) throw bad(reading, 'a control character is to be escaped');
    if (code !== BACKSLASH) continue;
    plain = false;
    if (!take(reading, ESCAPE)) throw bad(reading, 'there is no such escape');
    reading.at--;
  }
  const end = ++reading.at;
  return plain ? text.slice(start + 1, end - 1) : (JSON.parse(text.slice(start, end)) as string);
}

const BACKSLASH = 92;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

function space(reading: Reading): void {
  take(reading, SPACE);
}

const SPACE = /[ \t\n\r]*/y;

/** Goes on behind what matches here, if it does. */
function take(reading: Reading, pattern: RegExp): boolean {
  pattern.lastIndex = reading.at;
  if (!pattern.test(reading.text)) return false;
  reading.at = pattern.lastIndex;
  return true;
}

function bad({ text, at }: Reading, message: string): Problem {
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  const column = at - before.lastIndexOf('\n');
  const where = `line ${line}, column ${column}`;
  return new Problem('BAD_JSON', `${where}: ${message}`, { path: where });
}
