/**
 * Metric math, as far as sums, ratios and filled gaps need it.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
import { notModelled } from '../../errors.ts';
import { validation } from './failures.ts';

/** One value a period, oldest first; undefined where there is none. */
export type Points = (number | undefined)[];
/** A scalar, a time series, or an array of time series. */
type Value = number | Points | { array: Points[] };
/** The time series of the other queries, by Id. */
export type Given = (id: string) => Points;

export interface Expression {
  /** The Ids it speaks of. */
  ids: string[];
  /** `length` periods. */
  evaluate(given: Given, length: number): Points;
}

/** `all`: Ids of the metrics that `METRICS()` stands for. Throws ValidationError, or what is not modelled by name. */
export function parseExpression(text: string, all: string[]): Expression {
  const unknown = text.match(/\b[A-Z_]+(?=\()/g)?.find((name) => !FUNCTIONS.includes(name));
  if (unknown !== undefined) throw notModelled(`the metric math function ${unknown}`);
  const tokens = text.match(/\d+(?:\.\d+)?|[A-Za-z_]\w*|"[^"]*"|[<>=!]=|&&|\|\||[-+*/^()[\],<>]/g) ?? [];
  const ids = new Set<string>();
  let at = 0;
  const wrong = () => validation(`Error in expression '${text}' [${at}]: Invalid syntax`);
  const take = (token: string) => tokens[at] === token && !!++at;
  const expect = (token: string) => {
    if (!take(token)) throw wrong();
  };
  const list = (end: string): Node[] => {
    const items: Node[] = [];
    if (take(end)) return items;
    do items.push(binary(0));
    while (take(','));
    expect(end);
    return items;
  };
  const primary = (): Node => {
    const token = tokens[at++];
    if (token === undefined) throw wrong();
    if (token === '(') {
      const inner = binary(0);
      expect(')');
      return inner;
    }
    if (token === '-') {
      const inner = primary();
      return (given, length) => mapped(inner(given, length), (value) => -value);
    }
    if (token === '[') {
      const items = list(']');
      return (given, length) => ({ array: items.map((item) => series(item(given, length), length)) });
    }
    if (/^\d/.test(token)) return () => Number(token);
    if (take('(')) return call(token, list(')'), all, ids);
    if (!/^[a-z]/.test(token)) throw token === 'REPEAT' ? notModelled('FILL(…, REPEAT)') : wrong();
    ids.add(token);
    return (given) => given(token);
  };
  const binary = (level: number): Node => {
    const operators = LEVELS[level];
    if (!operators) return primary();
    let left = binary(level + 1);
    for (let token = tokens[at]; token !== undefined && operators[token]; token = tokens[at]) {
      at++;
      const [one, other, run] = [left, binary(level + 1), operators[token]!];
      left = (given, length) => combined(one(given, length), other(given, length), run);
    }
    return left;
  };

  const root = binary(0);
  if (at < tokens.length || tokens.join('') !== text.replaceAll(/\s/g, '')) throw wrong();
  return { ids: [...ids], evaluate: (given, length) => series(root(given, length), length) };
}

type Node = (given: Given, length: number) => Value;
type Run = (a: number, b: number) => number;

const or: Run = (a, b) => Number(!!a || !!b);
const and: Run = (a, b) => Number(!!a && !!b);

const LEVELS: Record<string, Run>[] = [
  { '||': or, OR: or },
  { '&&': and, AND: and },
  {
    '<': (a, b) => Number(a < b),
    '>': (a, b) => Number(a > b),
    '<=': (a, b) => Number(a <= b),
    '>=': (a, b) => Number(a >= b),
    '==': (a, b) => Number(a === b),
    '!=': (a, b) => Number(a !== b),
  },
  { '+': (a, b) => a + b, '-': (a, b) => a - b },
  { '*': (a, b) => a * b, '/': (a, b) => a / b },
  { '^': (a, b) => a ** b },
];

const AGGREGATES: Record<string, (values: number[]) => number> = {
  SUM: (values) => values.reduce((sum, value) => sum + value, 0),
  AVG: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  MIN: (values) => Math.min(...values),
  MAX: (values) => Math.max(...values),
};

const FUNCTIONS = ['METRICS', 'FILL', 'IF', ...Object.keys(AGGREGATES)];

function call(name: string, items: Node[], all: string[], ids: Set<string>): Node {
  const [first, second, third] = items;
  if (name === 'METRICS' && first) throw notModelled('METRICS of some metrics only');
  if (name === 'METRICS') {
    for (const id of all) ids.add(id);
    return (given) => ({ array: all.map(given) });
  }
  if (name === 'FILL' && first && second)
    return (given, length) => {
      const filling = second(given, length);
      return series(first(given, length), length).map((value, i) => value ?? series(filling, length)[i]);
    };
  if (name === 'IF' && first && second)
    return (given, length) => {
      const [condition, yes] = [series(first(given, length), length), series(second(given, length), length)];
      const no = third ? series(third(given, length), length) : [];
      return condition.map((value, i) => (value === undefined ? undefined : value ? yes[i] : no[i]));
    };
  if (Object.hasOwn(AGGREGATES, name) && first)
    return (given, length) => aggregated(first(given, length), AGGREGATES[name]!);
  throw validation(`The arguments of ${name} are not valid.`);
}

const present = (values: Points) => values.filter((one) => one !== undefined);
const finite = (value: number) => (Number.isFinite(value) ? value : undefined);

/** Of an array: period by period. Of one series: over all its periods. */
function aggregated(value: Value, run: (values: number[]) => number): Value {
  if (typeof value === 'number') return value;
  if (Array.isArray(value)) return present(value).length > 0 ? run(present(value)) : [];
  const [first = []] = value.array;
  return first.map((_, i) => {
    const values = present(value.array.map((points) => points[i]));
    return values.length > 0 ? run(values) : undefined;
  });
}

function series(value: Value, length: number): Points {
  if (typeof value === 'number') return Array.from({ length }, () => value);
  if (Array.isArray(value)) return value;
  throw validation('The expression for an alarm or a query must be a single time series.');
}

const mapped = (value: Value, run: (value: number) => number): Value => {
  if (typeof value === 'number') return run(value);
  if (Array.isArray(value)) return value.map((one) => (one === undefined ? undefined : run(one)));
  return { array: value.array.map((points) => mapped(points, run) as Points) };
};

/** A value where both have one; what cannot be divided is none. */
function combined(a: Value, b: Value, run: Run): Value {
  if (typeof a === 'number' && typeof b === 'number') return run(a, b);
  if (typeof b === 'number') return mapped(a, (value) => run(value, b));
  if (typeof a === 'number') return mapped(b, (value) => run(a, value));
  if (!Array.isArray(a) || !Array.isArray(b)) throw notModelled('metric math between arrays of time series');
  return a.map((value, i) => {
    const other = b[i];
    return value === undefined || other === undefined ? undefined : finite(run(value, other));
  });
}
