/** Conditions on the fields of an event, as patterns for JSON and for space-delimited events have them. */
import { invalidCharacters, invalidPattern } from './refusals.ts';
import { regexOf } from './regex.ts';

/** What a field holds; several where its selector has a wildcard. */
export type ValuesOf = (subject: string) => unknown[];
export type Condition = (valuesOf: ValuesOf) => boolean;

export interface Conditions {
  holds: Condition;
  /** The fields that are named. */
  subjects: Set<string>;
}

/** Which of `&&`, `||` and parentheses binds how: `()` before `&&` before `||`. */
export function conditionsOf(text: string, numberOf: NumberOf): Conditions {
  const tokens = tokensOf(text);
  const subjects = new Set<string>();
  let at = 0;
  const take = (token: string): boolean => tokens[at] === token && ++at > 0;
  const next = (): string => {
    const token = tokens[at++];
    if (token === undefined) throw invalidPattern();
    return token;
  };

  const either = (): Condition => {
    const parts = [both()];
    while (take('||')) parts.push(both());
    return parts.length === 1 ? parts[0]! : (valuesOf) => parts.some((holds) => holds(valuesOf));
  };
  const both = (): Condition => {
    const parts = [one()];
    while (take('&&')) parts.push(one());
    return parts.length === 1 ? parts[0]! : (valuesOf) => parts.every((holds) => holds(valuesOf));
  };
  const one = (): Condition => {
    if (take('(')) {
      const inner = either();
      if (!take(')')) throw invalidPattern();
      return inner;
    }
    const subject = next();
    subjects.add(subject);
    const holds = tested(next(), next, numberOf);
    return (valuesOf) => holds(valuesOf(subject));
  };

  const holds = either();
  if (at < tokens.length) throw invalidPattern();
  return { holds, subjects };
}

/** The number that a value is, if it is one: in JSON a number, in a text the digits. */
export type NumberOf = (value: unknown) => number | undefined;

const TOKEN = /\s*([()]|&&|\|\||[!<>]=|[=<>]|"(?:[^"\\]|\\.)*"|%[^%]*%|[^\s()=<>!&|"%]+)/y;

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  const rest = text.trimEnd();
  TOKEN.lastIndex = 0;
  for (let at = 0; at < rest.length; at = TOKEN.lastIndex) {
    const found = TOKEN.exec(rest);
    if (!found) throw invalidPattern();
    tokens.push(found[1]!);
  }
  return tokens;
}

type Values = (values: unknown[]) => boolean;

/** What follows the field: `= 1`, `IS NULL`, `EXISTS`. */
function tested(operator: string, next: () => string, numberOf: NumberOf): Values {
  switch (operator.toUpperCase()) {
    case 'EXISTS':
      return exists;
    case 'NOT':
      if (next().toUpperCase() !== 'EXISTS') throw invalidPattern();
      return (values) => !exists(values);
    case 'IS': {
      const constant = CONSTANTS.get(next().toUpperCase());
      if (constant === undefined) throw invalidPattern();
      return (values) => values.some((value) => value === constant);
    }
    default: {
      const compare = comparison(operator, next(), numberOf);
      return (values) => values.some(compare);
    }
  }
}

const exists: Values = (values) => values.some((value) => value !== undefined);

const CONSTANTS = new Map<string, unknown>([
  ['TRUE', true],
  ['FALSE', false],
  ['NULL', null],
]);

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
export const isNumber = (text: string): boolean => NUMBER.test(text);

/** What is no text, number or boolean equals nothing and differs from nothing. */
function comparison(operator: string, operand: string, numberOf: NumberOf): (value: unknown) => boolean {
  const holds = NUMERIC.get(operator);
  if (!holds) throw invalidPattern();
  const equal = operator === '=' || operator === '!=';
  const number = isNumber(operand) ? Number(operand) : undefined;
  if (!equal && number === undefined)
    throw invalidCharacters(operand.startsWith('"') ? operand : `"${operand}"`);
  const fits = textTest(operand);
  return (value) => {
    const text = textOf(value);
    if (text === undefined) return false;
    const own = number === undefined ? undefined : numberOf(value);
    if (own !== undefined) return holds(own, number!);
    return equal && fits(text) === (operator === '=');
  };
}

export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;

const NUMERIC = new Map<string, (a: number, b: number) => boolean>([
  ['=', (a, b) => a === b],
  ['!=', (a, b) => a !== b],
  ['<', (a, b) => a < b],
  ['<=', (a, b) => a <= b],
  ['>', (a, b) => a > b],
  ['>=', (a, b) => a >= b],
]);

/** `*` stands for anything at the beginning and at the end, and for itself in between. */
function textTest(operand: string): (text: string) => boolean {
  if (operand.startsWith('%')) {
    const regex = regexOf(operand);
    return (text) => regex.test(text);
  }
  const wanted = operand.startsWith('"') ? operand.slice(1, -1).replaceAll(/\\(.)/g, '$1') : operand;
  const [before, after] = [wanted.startsWith('*'), wanted.length > 1 && wanted.endsWith('*')];
  const core = wanted.slice(before ? 1 : 0, after ? -1 : undefined);
  if (before && after) return (text) => text.includes(core);
  if (before) return (text) => text.endsWith(core);
  if (after) return (text) => text.startsWith(core);
  return (text) => text === core;
}
