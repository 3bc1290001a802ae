import { Permanent, refusal } from '../errors.ts';

/** Levels of nesting that a message may have; EventBridge itself processes 1,000. */
export const MAX_DEPTH = 64;

/**
 * Refuses what JSON cannot carry unharmed, naming each place, up to 20. `JSON.stringify` would drop `undefined` and
 * functions, turn NaN into null, call `toJSON` and change lone surrogates, all without a word.
 *
 * Throws EVT_NOT_JSON, EVT_CIRCULAR, EVT_TOO_DEEP, EVT_BAD_UNICODE, EVT_UNSAFE_INTEGER, EVT_FORBIDDEN_KEY: the code of
 * the first; `faults` are all of them, if there are several.
 */
export function checkJson(value: unknown, path = 'data'): void {
  const found: Permanent[] = [];
  visit(value, path, [], found);
  const [first] = found;
  if (first === undefined) return;
  if (found.length === 1) throw first;
  const { code, path: at, limit, actual } = first;
  throw new Permanent(found.map(({ message }) => message).join('; '), {
    code,
    path: at!,
    ...(limit === undefined ? {} : { limit }),
    ...(actual === undefined ? {} : { actual }),
    faults: found.map(({ path, message }) => ({ path: path!, message })),
  });
}

/** Faults that one refusal lists at most. */
const MAX_FAULTS = 20;

/** Refuses text that nests deeper than `MAX_DEPTH`, before a parser builds the tree. Throws EVT_TOO_DEEP. */
export function checkDepth(text: string): void {
  if (count(text, '{') + count(text, '[') <= MAX_DEPTH) return;
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

/** Most texts have fewer brackets than levels are allowed, which is quick to see. */
function count(text: string, bracket: string): number {
  let found = 0;
  for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) found++;
  return found;
}

const [QUOTE, BACKSLASH, OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [34, 92, 91, 93, 123, 125];

/** Merging or assigning an object with such a key changes the prototype of another. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

function visit(value: unknown, path: string, above: object[], found: Permanent[]): void {
  switch (typeof value) {
    case 'boolean':
      return;
    case 'string':
      if (!value.isWellFormed())
        found.push(refusal('EVT_BAD_UNICODE', `${path} contains half a character`, { path }));
      return;
    case 'number':
      if (!Number.isFinite(value)) found.push(notJson(path, String(value)));
      else if (Number.isInteger(value) && !Number.isSafeInteger(value)) found.push(unsafeInteger(path));
      return;
    case 'object':
      if (value !== null) visitObject(value, path, above, found);
      return;
    default:
      found.push(notJson(path, typeof value));
  }
}

function visitObject(value: object, path: string, above: object[], found: Permanent[]): void {
  if (found.length >= MAX_FAULTS) return;
  if (above.includes(value)) {
    found.push(refusal('EVT_CIRCULAR', `${path} contains itself`, { path }));
    return;
  }
  if (above.length >= MAX_DEPTH) {
    found.push(tooDeep(above.length + 1, path));
    return;
  }
  above.push(value);
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length && found.length < MAX_FAULTS; i++)
      visit(value[i], `${path}[${i}]`, above, found);
  } else visitFields(value, path, above, found);
  above.pop();
}

function visitFields(value: object, path: string, above: object[], found: Permanent[]): void {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    found.push(notJson(path, value.constructor.name));
    return;
  }
  for (const key of Object.keys(value)) {
    if (found.length >= MAX_FAULTS) return;
    const at = `${path}.${key}`;
    if (FORBIDDEN.has(key))
      found.push(refusal('EVT_FORBIDDEN_KEY', `${at} is a name that JavaScript reserves`, { path: at }));
    else if (!key.isWellFormed())
      found.push(refusal('EVT_BAD_UNICODE', `a key of ${path} contains half a character`, { path }));
    else visit((value as Record<string, unknown>)[key], at, above, found);
  }
}

const unsafeInteger = (path: string) =>
  refusal('EVT_UNSAFE_INTEGER', `${path} is an integer that a double cannot hold exactly`, { path });

const notJson = (path: string, actual: string) =>
  refusal('EVT_NOT_JSON', `${path} is ${actual}, which JSON does not have`, { path, actual });

const tooDeep = (actual: number, path?: string) =>
  refusal('EVT_TOO_DEEP', `the message nests deeper than ${MAX_DEPTH} levels`, {
    limit: MAX_DEPTH,
    actual,
    ...(path === undefined ? {} : { path }),
  });
