/** The JSON paths that EventBridge knows: `$.detail.lines[0].sku`, `$.detail['a b']`, `$.detail.*`, `$.detail.lines[*].sku`. */

/** Finds a value; undefined when there is none. */
export type JsonPath = (root: unknown) => unknown;

/** Undefined when `text` is no path. */
export function jsonPath(text: string): JsonPath | undefined {
  if (!WHOLE.test(text)) return undefined;
  const steps = Array.from(text.matchAll(STEP), ([, name, quoted, index]) =>
    index === undefined || index === '*' ? (name ?? quoted ?? '*') : Number(index),
  );
  return (root) => valueAt(root, steps, 0);
}

const STEP = /\.([^.[\]'"\s]+)|\[(?:'([^']*)'|(\d+|\*))\]/g;
const WHOLE = new RegExp(`^\\$(?:${STEP.source})*$`);

function valueAt(value: unknown, steps: (string | number)[], from: number): unknown {
  const step = steps[from];
  if (step === undefined || value === undefined) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  if (step === '*') {
    const found = Object.values(value).map((inner) => valueAt(inner, steps, from + 1));
    return found.filter((inner) => inner !== undefined);
  }
  if (Array.isArray(value) !== (typeof step === 'number') || !Object.hasOwn(value, step)) return undefined;
  return valueAt((value as Record<string | number, unknown>)[step], steps, from + 1);
}
