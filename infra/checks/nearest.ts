import { closest, distance } from 'fastest-levenshtein';

/** `; did you mean order.placed?`, or nothing where no known name is near. */
export function nearest(name: string, known: readonly string[]): string {
  if (known.length === 0) return '';
  const best = closest(name, known);
  return distance(name, best) <= name.length / 2 ? `; did you mean ${best}?` : '';
}
