/** The grammar of ProjectionExpression, and what it leaves of an item. */
import { attributeOf, type AttributeValue, type Item } from '../value.ts';
import { invalid } from '../errors.ts';
import { checkDefined, resolved, shown, type Scope } from './scope.ts';
import { cached, parsed, path, type Parsed, type Path, type Reading } from './syntax.ts';
import { tokensOf } from './tokens.ts';

export const projectionExpression = cached((text) =>
  parsed('ProjectionExpression', tokensOf('ProjectionExpression', text, []), grammar),
);

function grammar(reading: Reading): Path[] {
  const paths = [path(reading)];
  while (reading.tokens.skip(',')) paths.push(path(reading));
  return paths;
}

export type ResolvedPath = (string | number)[];

/** The paths with their names replaced. Throws ValidationException for undefined names and for paths that meet. */
export function projected({ tree, ...expression }: Parsed<Path[]>, scope: Scope): ResolvedPath[] {
  checkDefined(expression, scope);
  const paths = tree.map((it) => resolved(it, scope));
  checkApart(paths, expression.parameter);
  return paths;
}

/** Throws ValidationException where one path lies within another, or treats as a list what another treats as a map. */
export function checkApart(paths: ResolvedPath[], parameter: string): void {
  const meeting = (how: string, one: ResolvedPath, two: ResolvedPath) =>
    invalid(
      `Invalid ${parameter}: Two document paths ${how} with each other; must remove or rewrite one of these paths; path one: ${shown(one)}, path two: ${shown(two)}`,
    );
  paths.forEach((two, i) => {
    for (const one of paths.slice(0, i)) {
      const apart = one.findIndex((part, at) => part !== two[at]);
      if (apart === -1 || apart >= two.length) throw meeting('overlap', one, two);
      if (typeof one[apart] !== typeof two[apart]) throw meeting('conflict', one, two);
    }
  });
}

/** What the item has at these paths, in the same structure; the elements of a list move up. */
export function project(item: Item, paths: ResolvedPath[]): Item {
  const left: Item = {};
  for (const [name, below] of branches(paths)) {
    const value = attributeOf(item, name as string);
    const kept = value && prune(value, below);
    if (kept) left[name as string] = kept;
  }
  return left;
}

/** The paths by their first part. */
function branches(paths: ResolvedPath[]): Map<string | number, ResolvedPath[]> {
  const byFirst = new Map<string | number, ResolvedPath[]>();
  for (const [first, ...rest] of paths) {
    const below = byFirst.get(first!) ?? [];
    if (rest.length > 0) below.push(rest);
    byFirst.set(first!, below);
  }
  return byFirst;
}

function prune(value: AttributeValue, paths: ResolvedPath[]): AttributeValue | undefined {
  if (paths.length === 0) return value;
  const kept = [...branches(paths)];
  if (typeof kept[0]![0] === 'string') {
    const map = value.M && project(value.M, paths);
    return map && Object.keys(map).length > 0 ? { M: map } : undefined;
  }
  const list = value.L
    ? kept
        .toSorted(([a], [b]) => Number(a) - Number(b))
        .flatMap(([index, below]) => {
          const element = value.L?.[index as number];
          return element ? (prune(element, below) ?? []) : [];
        })
    : [];
  return list.length > 0 ? { L: list } : undefined;
}
