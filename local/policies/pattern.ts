/** Text with `*` (anything) and `?` (one character), as actions, resources and conditions of policies use it. */

const compiled = new Map<string, RegExp>();

/** Compiled patterns are kept, up to a bound: policies are few, but `${…}` makes new ones. */
const MOST_KEPT = 10_000;

export function matches(pattern: string, text: string, { ignoreCase = false } = {}): boolean {
  if (pattern === '*') return true;
  if (!pattern.includes('*') && !pattern.includes('?'))
    return ignoreCase ? pattern.toLowerCase() === text.toLowerCase() : pattern === text;
  const key = ignoreCase ? `i${pattern}` : `=${pattern}`;
  let expression = compiled.get(key);
  if (!expression) {
    if (compiled.size >= MOST_KEPT) compiled.clear();
    expression = new RegExp(
      `^${pattern
        .replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
        .replaceAll('*', '.*')
        .replaceAll('?', '.')}$`,
      ignoreCase ? 'is' : 's',
    );
    compiled.set(key, expression);
  }
  return expression.test(text);
}

/** The value of a condition key in one request, or `undefined` where the request has none. */
export type Context = (key: string) => string[] | undefined;

/**
 * Fills in `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`, `${*}`. `undefined` when a variable has no value: then
 * the pattern matches nothing. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function filled(pattern: string, context: Context): string | undefined {
  if (!pattern.includes('${')) return pattern;
  let complete = true;
  const text = pattern.replace(/\$\{([^}]+)\}/g, (_all, inner: string) => {
    if (inner === '*' || inner === '?' || inner === '$') return inner;
    const { key = '', fallback } =
      /^(?<key>[^,]+?)\s*(?:,\s*'(?<fallback>[^']*)')?$/.exec(inner)?.groups ?? {};
    const values = context(key);
    const value = values?.length === 1 ? values[0] : fallback;
    complete &&= value !== undefined;
    return value ?? '';
  });
  return complete ? text : undefined;
}
