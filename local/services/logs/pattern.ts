import { AwsError, notModelled } from '../../errors.ts';

export type LogFilter = (message: string) => boolean;

/**
 * Filter patterns: terms that must all occur, `?` alternatives, `-` exclusions, quoted phrases, and one JSON comparison
 * or several joined by `&&` or `||`.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function logFilter(pattern = ''): LogFilter {
  const text = pattern.trim();
  if (text.startsWith('{')) return jsonFilter(text);
  if (text.startsWith('[')) throw notModelled('filter patterns for space-delimited log events');
  if (text.startsWith('%')) throw notModelled('regular expressions in filter patterns');
  return termFilter(text);
}

function termFilter(text: string): LogFilter {
  const must: string[] = [];
  const mustNot: string[] = [];
  const any: string[] = [];
  for (const [, sign = '', quoted, plain] of text.matchAll(/([?-]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))/g)) {
    const term = quoted?.replaceAll(/\\(.)/g, '$1') ?? plain ?? '';
    if (sign === '?') any.push(term);
    else if (sign === '-') mustNot.push(term);
    else must.push(term);
  }
  return (message) =>
    must.every((term) => message.includes(term)) &&
    !mustNot.some((term) => message.includes(term)) &&
    (any.length === 0 || any.some((term) => message.includes(term)));
}

function jsonFilter(text: string): LogFilter {
  const inner = text.slice(1, -1);
  if (!text.endsWith('}')) throw invalidPattern();
  const alternatives = inner.split('||').map((part) => part.split('&&').map(comparison));
  return (message) => {
    const value = jsonIn(message);
    return value !== undefined && alternatives.some((all) => all.every((matches) => matches(value)));
  };
}

type Test = (event: unknown) => boolean;

/** `$.a.b = "x"`, `$.a[0] > 1`, `$.a IS NULL`, `$.a NOT EXISTS`. */
function comparison(text: string): Test {
  const match =
    /^\s*\(?\s*\$((?:\.[\w-]+|\[\d+\])+)\s*(?:(=|!=|<=|>=|<|>)\s*("(?:[^"\\]|\\.)*"|[^\s)]+)|IS\s+(TRUE|FALSE|NULL)|(NOT EXISTS|EXISTS))\s*\)?\s*$/i.exec(
      text,
    );
  if (!match) throw invalidPattern();
  const [, path = '', operator = '', operand = '', is, exists] = match;
  const valueOf = (event: unknown) => valueAt(event, path);
  if (exists) return (event) => (valueOf(event) !== undefined) === (exists.toUpperCase() === 'EXISTS');
  if (is) return (event) => String(valueOf(event)) === is.toLowerCase();
  return compared(operator, operand, valueOf);
}

function compared(operator: string, operand: string, valueOf: (event: unknown) => unknown): Test {
  const quoted = operand.startsWith('"');
  const text = quoted ? (JSON.parse(operand) as string) : operand;
  const number = Number(text);
  if (quoted || Number.isNaN(number)) {
    if (operator !== '=' && operator !== '!=') throw invalidPattern();
    const wildcard = new RegExp(
      `^${text.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('*', '.*')}$`,
      's',
    );
    return (event) => {
      const value = valueOf(event);
      return (
        (typeof value === 'string' && wildcard.test(value)) === (operator === '=') && value !== undefined
      );
    };
  }
  const holds = NUMERIC[operator]!;
  return (event) => {
    const value = valueOf(event);
    return typeof value === 'number' && holds(value, number);
  };
}

const NUMERIC: Record<string, (a: number, b: number) => boolean> = {
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

const valueAt = (event: unknown, path: string): unknown =>
  [...path.matchAll(/\.([\w-]+)|\[(\d+)\]/g)].reduce<unknown>(
    (value, [, name, index]) => (value as Record<string, unknown> | undefined | null)?.[name ?? index!],
    event,
  );

function jsonIn(message: string): unknown {
  if (!message.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}

const invalidPattern = () => new AwsError('InvalidParameterException', 'Invalid filter pattern');
