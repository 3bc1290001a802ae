/** Which operation of a REST API a method, a path and a query stand for. */
import type { NormalizedSchema } from '@smithy/core/schema';
import type { Model, OperationModel } from './model.ts';
import { placesOf } from './rest.ts';
import { decoded } from './text.ts';

export interface Match {
  operation: OperationModel;
  labels: Record<string, string>;
}

interface Pattern {
  operation: OperationModel;
  method: string;
  path: RegExp;
  labels: string[];
  /** Longer literals are tried first. */
  literal: number;
  /** Query parameters that must be there, with a value where the model gives one. */
  query: [name: string, value: string][];
  /** The SDK's own hint, which other clients leave out. */
  hint: string | undefined;
  requiredQuery: string[];
  requiredHeaders: string[];
  inBucket: boolean;
}

/** `path` is still percent-encoded and has no query. `inBucket` says whether a bucket was named; only S3 asks. */
export function matcher(
  model: Model,
): (
  method: string,
  path: string,
  query: URLSearchParams,
  headers: Record<string, string | undefined>,
  inBucket?: boolean,
) => Match | undefined {
  const patterns = [...model.operations.values()]
    .flatMap((operation) => patternOf(operation) ?? [])
    .toSorted(bySpecificity);

  return (method, path, query, headers, inBucket) => {
    const hint = query.get('x-id') ?? undefined;
    const fits = patterns.filter(
      (pattern) =>
        pattern.method === method &&
        (inBucket === undefined || pattern.inBucket === inBucket) &&
        pattern.path.test(path) &&
        pattern.query.every(
          ([name, value]) => query.has(name) && (value === '' || query.get(name) === value),
        ),
    );
    const found =
      (hint && fits.find((pattern) => pattern.hint === hint)) ||
      fits.find(
        ({ requiredQuery, requiredHeaders }) =>
          requiredQuery.every((name) => query.has(name)) &&
          requiredHeaders.every((name) => headers[name] !== undefined),
      ) ||
      fits[0];
    if (!found) return undefined;
    const values = found.path.exec(path)!.slice(1);
    return {
      operation: found.operation,
      labels: Object.fromEntries(found.labels.map((label, i) => [label, decoded(values[i]!)])),
    };
  };
}

function patternOf(operation: OperationModel): Pattern | undefined {
  if (!operation.http) return undefined;
  const { method, uri } = operation.http;
  const [path = '', search = ''] = uri.split('?');
  const labels: string[] = [];
  const expression = path
    .replace(/[.*$^|()[\]\\]/g, String.raw`\$&`)
    .replace(/\{([^}+]+)(\+?)\}/g, (_label, name: string, greedy: string) => {
      labels.push(name);
      return greedy ? '(.+)' : '([^/]+)';
    });
  const query = [...new URLSearchParams(search)];
  const required = requiredMembers(operation.input);
  const { query: inQuery, headers, labels: inPath } = placesOf(operation.input);
  return {
    operation,
    method,
    path: new RegExp(`^${expression}/?$`),
    labels,
    literal: path.replace(/\{[^}]+\}/g, '').length,
    query: query.filter(([name]) => name !== 'x-id'),
    hint: query.find(([name]) => name === 'x-id')?.[1],
    requiredQuery: inQuery.filter(([, name]) => required.has(name)).map(([wireName]) => wireName),
    requiredHeaders: headers.filter(([, name]) => required.has(name)).map(([wireName]) => wireName),
    inBucket: inPath.has('Bucket'),
  };
}

function requiredMembers(schema: NormalizedSchema): Set<string> {
  const count = (schema.getSchema() as unknown as unknown[])[6];
  const names = schema.isStructSchema() ? [...schema.structIterator()].map(([name]) => name) : [];
  return new Set(names.slice(0, typeof count === 'number' ? count : 0));
}

const bySpecificity = (a: Pattern, b: Pattern) =>
  b.literal - a.literal ||
  b.query.length - a.query.length ||
  a.labels.length - b.labels.length ||
  b.requiredQuery.length + b.requiredHeaders.length - a.requiredQuery.length - a.requiredHeaders.length;
