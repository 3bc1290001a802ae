/**
 * The match expressions of event patterns: what `{"prefix": "a"}` and the like accept, and what they say of anything else.
 * Reasons as recorded against AWS; their order is that of https://github.com/aws/event-ruler (JsonRuleCompiler).
 */
import { withinCidr } from './address.ts';
import { comparable, type Numeral } from './numbers.ts';
import { Unreadable, type Token } from './lexer.ts';
import type { Reader } from './reader.ts';
import { matchesWildcard, wildcard, type Wildcard } from './wildcard.ts';

/** A value of an event as patterns see it. */
export type Leaf = string | number | boolean | null | Numeral;

/** Whether a value that is present matches. */
export type Test = (value: Leaf) => boolean;

/** One entry of a pattern's array. `absent`: the field must be missing. `wildcards` count for the complexity limit. */
export type Expression = { test: Test; wildcards?: Wildcard[] } | { absent: true };

/** Reads one match expression, whose `{` has just been read. */
export function expression(read: Reader): Expression {
  if (read.next() !== 'name') read.fail('Match expression name not found');
  const name = read.text();
  const operator = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  return operator ? operator(read) : read.fail(`Unrecognized match type ${name}`);
}

const OPERATORS: Record<string, (read: Reader) => Expression> = {
  exactly: single('exact match pattern must be a string', (text) => (value) => value === text),
  prefix: affix('prefix', (text, affix) => text.startsWith(affix)),
  suffix: affix('suffix', (text, affix) => text.endsWith(affix)),
  'equals-ignore-case': single('equals-ignore-case match pattern must be a string', (text) => {
    const folded = fold(text);
    return strings((value) => fold(value) === folded);
  }),
  cidr: single('prefix match pattern must be a string', (text) => strings(withinCidr(text))),

  wildcard(read) {
    if (read.next() !== 'string') read.fail('wildcard match pattern must be a string');
    const runs = wildcardOf(read, read.text());
    closes(read, ONE_KEY);
    return { test: strings((value) => matchesWildcard(runs, value)), wildcards: [runs] };
  },

  exists(read) {
    const token = read.next();
    if (token !== 'true' && token !== 'false')
      read.fail('exists match pattern must be either true or false.');
    closes(read, ONE_KEY);
    return token === 'true' ? { test: () => true } : { absent: true };
  },

  numeric(read) {
    if (read.next() !== '[') read.fail('Value of numeric must be an array.');
    const within = range(read);
    closes(read, TOO_MANY);
    return { test: (value) => typeof value === 'number' && within(value) };
  },

  'anything-but'(read) {
    let token = read.next();
    let nested: string | undefined;
    if (token === '{') {
      if (read.next() !== 'name') read.fail('Anything-But expression name not found');
      nested = read.text();
      if (!Object.hasOwn(NESTED, nested)) read.fail(`Unsupported anything-but pattern: ${nested}`);
      token = read.next();
    }
    if (token !== '[' && token !== 'string' && token !== 'number')
      read.fail('Value of anything-but must be an array or single string/number value.');
    const found = nested === undefined ? butValues(read, token) : butNested(read, token, NESTED[nested]!);
    closes(read, TOO_MANY);
    if (nested !== undefined) closes(read, TOO_MANY);
    return found;
  },
};

const ONE_KEY = 'Only one key allowed in match expression';
const TOO_MANY = 'Too many elements in numeric expression';

function closes(read: Reader, otherwise: string) {
  if (read.next() !== '}') read.fail(otherwise);
}

const strings =
  (test: (value: string) => boolean): Test =>
  (value) =>
    typeof value === 'string' && test(value);

/** The same for all letters that differ only in case. */
const fold = (text: string) => text.toUpperCase().toLowerCase();

function single(otherwise: string, testOf: (text: string) => Test): (read: Reader) => Expression {
  return (read) => {
    if (read.next() !== 'string') read.fail(otherwise);
    const test = testOf(read.text());
    closes(read, ONE_KEY);
    return { test };
  };
}

/** `prefix` and `suffix`: a string, or `{"equals-ignore-case": string}`. */
function affix(name: 'prefix' | 'suffix', matches: (text: string, affix: string) => boolean) {
  return (read: Reader): Expression => {
    const token = read.next();
    if (token === '{') {
      if (read.next() !== 'name')
        read.fail(`${name === 'prefix' ? 'Prefix' : 'Suffix'} expression name not found`);
      if (read.text() !== 'equals-ignore-case') read.fail(`Unsupported ${name} pattern: ${read.text()}`);
      if (read.next() !== 'string') read.fail('equals-ignore-case match pattern must be a string');
      const folded = fold(read.text());
      closes(read, ONE_KEY);
      closes(read, ONE_KEY);
      return { test: strings((value) => matches(fold(value), folded)) };
    }
    if (token !== 'string') read.fail(`${name} match pattern must be a string`);
    const text = read.text();
    closes(read, ONE_KEY);
    return { test: strings((value) => matches(value, text)) };
  };
}

function wildcardOf(read: Reader, text: string): Wildcard {
  try {
    return wildcard(text);
  } catch (error) {
    return read.fail((error as Error).message);
  }
}

const COMPARE: Record<string, (value: number, bound: number) => boolean> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** `[op, n]`, or a lower bound followed by an upper one. */
function range(read: Reader): (value: number) => boolean {
  if (read.next() !== 'string') read.fail(`Invalid member in numeric match: ${read.text()}`);
  const operator = read.text();
  if (!Object.hasOwn(COMPARE, operator)) {
    read.next();
    read.fail(`Unrecognized numeric range operator: ${operator}`);
  }
  const bound = boundOf(read, operator === '=' ? 'equals' : operator);
  const within = (value: number) => COMPARE[operator]!(value, bound);

  const token = read.next();
  if (token === ']') return within;
  if (!operator.startsWith('>')) read.fail(TOO_MANY);
  if (token !== 'string') read.fail(`Bad value in numeric range: ${read.text()}`);
  const upper = read.text();
  if (upper !== '<' && upper !== '<=') read.fail(`Bad numeric range operator: ${upper}`);
  const top = boundOf(read, upper);
  if (read.next() !== ']') read.fail('Too many terms in numeric range expression');
  if (bound >= top) read.fail('Bottom must be less than top');
  return (value) => within(value) && COMPARE[upper]!(value, top);
}

function boundOf(read: Reader, operator: string): number {
  if (read.next() !== 'number') read.fail(`Value of ${operator} must be numeric`);
  const text = read.text();
  return comparable(text) ?? read.fail(`Cannot compare number : ${text}`);
}

/** `anything-but` of a string or number, or a list of the one or the other. */
function butValues(read: Reader, first: Token): Expression {
  const texts = new Set<Leaf>();
  const numbers = new Set<Leaf>();
  for (const token of listed(read, first)) {
    if (token === 'string') texts.add(read.text());
    else if (token === 'number')
      numbers.add(comparable(read.text()) ?? again(read, `Cannot compare number : ${read.text()}`));
    else again(read, 'Inside anything but list, start|null|boolean is not supported.');
  }
  if (texts.size > 0 === numbers.size > 0)
    read.fail(
      'Inside anything but list, either all values are number or string, mixed type is not supported',
    );
  return { test: (value) => !texts.has(value) && !numbers.has(value) };
}

interface Nested {
  /** What is said of a value that is no string. */
  otherwise: string;
  testOf(text: string, read: Reader): { test: (value: string) => boolean; wildcard?: Wildcard };
}

const AFFIX = 'prefix/suffix match pattern must be a string';
const notEmpty = (read: Reader, text: string) => text || read.fail('Null prefix/suffix not allowed');

const NESTED: Record<string, Nested> = {
  prefix: {
    otherwise: AFFIX,
    testOf: (text, read) => (notEmpty(read, text), { test: (value) => value.startsWith(text) }),
  },
  suffix: {
    otherwise: AFFIX,
    testOf: (text, read) => (notEmpty(read, text), { test: (value) => value.endsWith(text) }),
  },
  'equals-ignore-case': {
    otherwise: 'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.',
    testOf: (text) => ({ test: (value) => fold(value) === fold(text) }),
  },
  wildcard: {
    otherwise: 'wildcard match pattern must be a string',
    testOf: (text, read) => {
      const runs = wildcardOf(read, text);
      return { test: (value) => matchesWildcard(runs, value), wildcard: runs };
    },
  },
};

/** `anything-but` of `{"prefix": …}` and the like, with one string or a list. */
function butNested(read: Reader, first: Token, { otherwise, testOf }: Nested): Expression {
  const tests: ReturnType<Nested['testOf']>[] = [];
  const inList = first === '[';
  for (const token of listed(read, first)) {
    if (token !== 'string') (inList ? again : failed)(read, otherwise);
    tests.push(testOf(read.text(), read));
  }
  return {
    test: (value) => typeof value !== 'string' || !tests.some(({ test }) => test(value)),
    wildcards: tests.map((test) => test.wildcard).filter((runs) => runs !== undefined),
  };
}

/** The tokens of a list, or the one value that stands without a list. */
function* listed(read: Reader, first: Token): Generator<Token> {
  if (first !== '[') return void (yield first);
  for (let token = read.next(); token !== ']'; token = read.next()) yield token;
}

const failed = (read: Reader, reason: string): never => read.fail(reason);

/** Within lists AWS's parser wraps its own refusal, so that the place is said twice. */
function again(read: Reader, reason: string): never {
  try {
    return read.fail(reason);
  } catch (error) {
    return read.fail(error instanceof Unreadable ? error.message : reason);
  }
}
