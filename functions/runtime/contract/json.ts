import { refusal } from '../errors.ts';

/** Levels of nesting that a message may have; EventBridge itself processes 1,000. */
export const MAX_DEPTH = 64;

/**
 * Refuses what JSON cannot carry unharmed, naming where it is. `JSON.stringify` would drop `undefined` and functions,
 * turn NaN into null, call `toJSON` and change lone surrogates, all without a word.
 *
 * Throws EVT_NOT_JSON, EVT_CIRCULAR, EVT_TOO_DEEP, EVT_BAD_UNICODE, EVT_UNSAFE_INTEGER, EVT_FORBIDDEN_KEY.
 */
export function checkJson(value: unknown, path = 'data'): void {
  visit(value, path, []);
}

/** Refuses text that nests deeper than `MAX_DEPTH`, before a parser builds the tree. Throws EVT_TOO_DEEP. */
export function checkDepth(text: string): void {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (quoted) {
      if (char === BACKSLASH) i++;
      else if (char === QUOTE) quoted = false;
    } else if (char === QUOTE) quoted = true;
    else if (char === OPEN_BRACE || char === OPEN_BRACKET) deepest = Math.max(deepest, ++depth);
    else if (char === CLOSE_BRACE || char === CLOSE_BRACKET) depth--;
  }
  if (deepest > MAX_DEPTH) throw tooDeep(deepest);
}

const [QUOTE, BACKSLASH, OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [34, 92, 91, 93, 123, 125];

/** With the u flag a pair of surrogates is one character, so only lone ones match. */
const LONE_SURROGATE = /[\ud800-\udfff]/u;

/** Merging or assigning an object with such a key changes the prototype of another. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

function visit(value: unknown, path: string, above: object[]): void {
  switch (typeof value) {
    case 'boolean':
      return;
    case 'string':
      if (LONE_SURROGATE.test(value))
        throw refusal('EVT_BAD_UNICODE', `${path} contains half a character`, { path });
      return;
    case 'number':
      if (!Number.isFinite(value)) throw notJson(path, String(value));
      if (Number.isInteger(value) && !Number.isSafeInteger(value))
        throw refusal('EVT_UNSAFE_INTEGER', `${path} is an integer that a double cannot hold exactly`, {
          path,
        });
      return;
    case 'object':
      if (value !== null) visitObject(value, path, above);
      return;
    default:
      throw notJson(path, typeof value);
  }
}

function visitObject(value: object, path: string, above: object[]): void {
  if (above.includes(value)) throw refusal('EVT_CIRCULAR', `${path} contains itself`, { path });
  if (above.length >= MAX_DEPTH) throw tooDeep(above.length + 1, path);
  above.push(value);
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) visit(value[i], `${path}[${i}]`, above);
  } else {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
      throw notJson(path, value.constructor.name);
    for (const key of Object.keys(value)) {
      const at = `${path}.${key}`;
      if (FORBIDDEN.has(key))
        throw refusal('EVT_FORBIDDEN_KEY', `${at} is a name that JavaScript reserves`, { path: at });
      if (LONE_SURROGATE.test(key))
        throw refusal('EVT_BAD_UNICODE', `a key of ${path} contains half a character`, { path });
      visit((value as Record<string, unknown>)[key], at, above);
    }
  }
  above.pop();
}

const notJson = (path: string, actual: string) =>
  refusal('EVT_NOT_JSON', `${path} is ${actual}, which JSON does not have`, { path, actual });

const tooDeep = (actual: number, path?: string) =>
  refusal('EVT_TOO_DEEP', `the message nests deeper than ${MAX_DEPTH} levels`, {
    limit: MAX_DEPTH,
    actual,
    ...(path === undefined ? {} : { path }),
  });
