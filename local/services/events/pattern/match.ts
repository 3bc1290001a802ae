/**
 * How the fields of a pattern meet the values of an event: paths are flattened with dots, arrays by their elements, and
 * fields that lie in elements of one array must all be found in the same element.
 * https://github.com/aws/event-ruler (Event, ACFinder, ArrayMembership)
 */
import { Numeral } from './numbers.ts';
import type { Leaf, Test } from './operators.ts';

/** One field that a pattern asks for. */
export interface Field {
  /** Dotted: `detail.state`. */
  name: string;
  path: Path;
  /** Whether it may be missing. */
  absent: boolean;
  test: Test;
}

/** The keys by which an object may hold what a dotted name means: `a.b` is `a` and then `b`, or the one key `a.b`. */
export type Path = { key: string; rest: Path | undefined }[];

export function pathOf(name: string): Path {
  const steps = name.split('.');
  const from: Path[] = [];
  for (let i = steps.length - 1; i >= 0; i--)
    from[i] = steps
      .slice(i)
      .map((_, taken) => ({ key: steps.slice(i, i + taken + 1).join('.'), rest: from[i + taken + 1] }));
  return from[0]!;
}

/** `fields` in the order of their names. */
export function holds(fields: readonly Field[], event: unknown, from = 0, within?: Elements): boolean {
  const field = fields[from];
  if (!field) return true;
  const found: Found[] = [];
  collect(event, field.path, undefined, found);
  if (
    field.absent &&
    !found.some(({ elements }) => agree(within, elements)) &&
    holds(fields, event, from + 1, within)
  )
    return true;
  return found.some(
    ({ value, elements }) =>
      field.test(value) &&
      agree(within, elements) &&
      holds(fields, event, from + 1, elements ? together(within, elements) : within),
  );
}

interface Found {
  value: Leaf;
  elements: Elements | undefined;
}

/** In which element of which array a value lies, from the innermost outwards. */
interface Elements {
  array: unknown[];
  index: number;
  outer: Elements | undefined;
}

/** Adds every value at `path` (undefined: here). An object is no value. */
function collect(
  here: unknown,
  path: Path | undefined,
  elements: Elements | undefined,
  found: Found[],
): void {
  if (Array.isArray(here)) {
    here.forEach((element: unknown, index) => {
      const container = typeof element === 'object' && element !== null && !(element instanceof Numeral);
      if (container) collect(element, path, { array: here, index, outer: elements }, found);
      else if (!path) found.push({ value: element as Leaf, elements });
    });
  } else if (typeof here === 'object' && here !== null && !(here instanceof Numeral)) {
    for (const { key, rest } of path ?? [])
      if (Object.hasOwn(here, key)) collect((here as Record<string, unknown>)[key], rest, elements, found);
  } else if (!path) {
    found.push({ value: here as Leaf, elements });
  }
}

function agree(some: Elements | undefined, others: Elements | undefined): boolean {
  for (let a = some; a; a = a.outer)
    for (let b = others; b; b = b.outer) if (a.array === b.array && a.index !== b.index) return false;
  return true;
}

const together = (some: Elements | undefined, others: Elements): Elements => ({
  ...others,
  outer: others.outer ? together(some, others.outer) : some,
});
