/** Which resources an expression refers to, and whether everything that is referred to exists. */
import { attributePath, SUBSTITUTION } from './intrinsics.ts';
import { invalid, malformed, type Template } from './template.ts';
import { isDictionary, type Dictionary } from './values.ts';

/**
 * The names in `value`'s Ref, Fn::GetAtt and Fn::Sub. `condition` tells which branch of an Fn::If counts; without it
 * both do.
 */
export function references(value: unknown, condition?: (name: string) => boolean): Set<string> {
  const found = new Set<string>();
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(walk);
    if (!isDictionary(value)) return;
    const [name, ...others] = Object.keys(value);
    if (name === undefined) return;
    const argument = value[name];
    if (others.length > 0) return Object.values(value).forEach(walk);
    if (name === 'Ref') found.add(String(argument));
    else if (name === 'Fn::GetAtt') found.add(attributePath(argument)[0]);
    else if (name === 'Fn::Sub') walkSubstitution(argument);
    else if (name === 'Fn::If' && condition && Array.isArray(argument))
      walk(condition(String(argument[0])) ? argument[1] : argument[2]);
    else walk(argument);
  };
  const walkSubstitution = (argument: unknown): void => {
    const [text, variables] = (Array.isArray(argument) ? argument : [argument, {}]) as [string, Dictionary];
    Object.values(variables).forEach(walk);
    for (const [, literal, name = ''] of text.matchAll(SUBSTITUTION))
      if (!literal && !(name in variables)) found.add(name.split('.')[0]!);
  };
  walk(value);
  return found;
}

/** Throws AWS's words for the first name that nothing in the template bears. */
export function checkReferences({ Parameters, Resources, Outputs, Conditions }: Template): void {
  const resources = new Set(Object.keys(Resources));
  const known = (name: string) => name.startsWith('AWS::') || name in Parameters || resources.has(name);
  const unresolved = (value: unknown) => [...references(value)].filter((name) => !known(name));

  const missing = Object.values(Resources).flatMap(({ Properties, DependsOn }) => [
    ...unresolved(Properties),
    ...[DependsOn ?? []].flat().filter((name) => !resources.has(name)),
  ]);
  if (missing.length > 0) throw dangling(missing, 'Resources');
  const missingInOutputs = Object.values(Outputs).flatMap((output) => unresolved(output));
  if (missingInOutputs.length > 0) throw dangling(missingInOutputs, 'Outputs');
  for (const { Condition } of [...Object.values(Resources), ...Object.values(Outputs)])
    if (Condition !== undefined && !(Condition in Conditions))
      throw malformed(`Unresolved condition dependency ${Condition} in the Resources block of the template`);
}

const dangling = (names: string[], block: string) =>
  malformed(
    `Unresolved resource dependencies [${[...new Set(names)].join(', ')}] in the ${block} block of the template`,
  );

/** Each name with what must be there before it, in an order that respects this. Throws when there is none. */
export function inOrderOfDependency(dependencies: Map<string, string[]>): Map<string, string[]> {
  const ordered = new Map<string, string[]>();
  const waiting = new Map(dependencies);
  while (waiting.size > 0) {
    const ready = [...waiting].filter(([, on]) => on.every((name) => !waiting.has(name)));
    if (ready.length === 0)
      throw invalid(`Circular dependency between resources: [${[...waiting.keys()].join(', ')}]`);
    for (const [name, on] of ready) {
      ordered.set(name, on);
      waiting.delete(name);
    }
  }
  return ordered;
}
