/** `Ref`, `Fn::*` and conditions. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html */
import { notModelled } from '../errors.ts';
import { cidrBlocks } from './cidr.ts';
import { invalid } from './template.ts';
import { isDictionary, same, textOf, type Dictionary } from './values.ts';

/** What a template's expressions can see. */
export interface Scope {
  /** A parameter, a pseudo parameter or a resource. */
  ref(name: string): unknown;
  attribute(resource: string, name: string): unknown;
  mapping(name: string): Dictionary | undefined;
  condition(name: string): boolean;
  importValue(name: string): unknown;
  region: string;
}

/** `AWS::NoValue`: whatever holds it is left out. */
export const NO_VALUE = Symbol('AWS::NoValue');

/** The value with every function in it worked out. */
export function resolve(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value))
    return value.map((item) => resolve(item, scope)).filter((item) => item !== NO_VALUE);
  if (!isDictionary(value)) return value;
  const [name, ...others] = Object.keys(value);
  if (name !== undefined && others.length === 0) {
    const run = FUNCTIONS[name];
    if (run) return run(value[name], scope);
    if (name.startsWith('Fn::')) throw notModelled(`the intrinsic function ${name}`);
  }
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [key, resolve(inner, scope)] as const)
      .filter(([, inner]) => inner !== NO_VALUE),
  );
}

/** Whether a condition's expression holds. */
export function holds(expression: unknown, scope: Scope): boolean {
  if (isDictionary(expression) && typeof expression['Condition'] === 'string')
    return scope.condition(expression['Condition']);
  const result = resolve(expression, scope);
  if (typeof result === 'boolean') return result;
  if (result === 'true' || result === 'false') return result === 'true';
  throw invalid(
    'Template error: every Condition member must be an intrinsic function that yields true or false.',
  );
}

/** `Name.Attribute` or `[Name, Attribute]`, as the two parts. */
export function attributePath(argument: unknown): [resource: string, attribute: string] {
  const [resource, ...attribute] =
    typeof argument === 'string' ? argument.split('.') : (argument as string[]);
  if (resource === undefined || attribute.length === 0)
    throw invalid(
      'Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute',
    );
  return [resource, attribute.join('.')];
}

/** The `${…}` of a Fn::Sub text; `${!…}` is left to stand for `${…}`. */
export const SUBSTITUTION = /\$\{(!?)\s*([^}]*?)\s*\}/g;

const FUNCTIONS: Record<string, (argument: unknown, scope: Scope) => unknown> = {
  Ref: (name, scope) => scope.ref(String(name)),
  'Fn::GetAtt': (argument, scope) => {
    const [resource, attribute] = attributePath(
      Array.isArray(argument) ? argument.map((part) => resolve(part, scope)) : argument,
    );
    return scope.attribute(resource, attribute);
  },
  'Fn::Sub': substitute,
  'Fn::Join': (argument, scope) => {
    const [separator, items] = pair('Fn::Join', argument);
    return list('Fn::Join', resolve(items, scope)).map(String).join(String(separator));
  },
  'Fn::Split': (argument, scope) => {
    const [separator, text] = pair('Fn::Split', argument);
    return String(resolve(text, scope)).split(String(separator));
  },
  'Fn::Select': (argument, scope) => {
    const [index, items] = pair('Fn::Select', argument);
    const from = list('Fn::Select', resolve(items, scope));
    const at = Number(resolve(index, scope));
    if (!(at in from))
      throw invalid(`Template error: Fn::Select cannot select nonexistent value at index ${at}`);
    return from[at];
  },
  'Fn::If': (argument, scope) => {
    const [name, yes, no] = list('Fn::If', argument);
    return resolve(scope.condition(String(name)) ? yes : no, scope);
  },
  'Fn::Equals': (argument, scope) => {
    const [a, b] = pair('Fn::Equals', argument);
    return same(textual(resolve(a, scope)), textual(resolve(b, scope)));
  },
  'Fn::And': (argument, scope) => list('Fn::And', argument).every((each) => holds(each, scope)),
  'Fn::Or': (argument, scope) => list('Fn::Or', argument).some((each) => holds(each, scope)),
  'Fn::Not': (argument, scope) => !holds(list('Fn::Not', argument)[0], scope),
  'Fn::Contains': (argument, scope) => {
    const [items, text] = pair('Fn::Contains', argument);
    return list('Fn::Contains', resolve(items, scope)).includes(resolve(text, scope));
  },
  'Fn::FindInMap': findInMap,
  'Fn::ImportValue': (argument, scope) => scope.importValue(String(resolve(argument, scope))),
  'Fn::Base64': (argument, scope) => Buffer.from(String(resolve(argument, scope))).toString('base64'),
  'Fn::Cidr': (argument, scope) => {
    const [block, count, bits = 8] = list('Fn::Cidr', resolve(argument, scope));
    return cidrBlocks(String(block), Number(count), Number(bits));
  },
  'Fn::GetAZs': (argument, scope) => {
    const region = textOf(resolve(argument, scope)) || scope.region;
    return ['a', 'b', 'c'].map((zone) => region + zone);
  },
  'Fn::Length': (argument, scope) => list('Fn::Length', resolve(argument, scope)).length,
  'Fn::ToJsonString': (argument, scope) => JSON.stringify(resolve(argument, scope)),
};

function substitute(argument: unknown, scope: Scope): string {
  const [text, variables = {}] = (Array.isArray(argument) ? argument : [argument]) as [unknown, Dictionary?];
  if (typeof text !== 'string')
    throw invalid(
      "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, and an optional second argument to specify a mapping of values to replace in the string",
    );
  return text.replace(SUBSTITUTION, (_whole, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    if (name in variables) return String(resolve(variables[name], scope));
    return String(name.includes('.') ? scope.attribute(...attributePath(name)) : scope.ref(name));
  });
}

function findInMap(argument: unknown, scope: Scope): unknown {
  const [map, first, second, fallback] = list('Fn::FindInMap', argument).map((each) => resolve(each, scope));
  const found = (scope.mapping(String(map))?.[String(first)] as Dictionary | undefined)?.[String(second)];
  if (found !== undefined) return found;
  if (isDictionary(fallback) && 'DefaultValue' in fallback) return fallback['DefaultValue'];
  throw invalid(
    `Template error: Unable to get mapping for ${String(map)}::${String(first)}::${String(second)}`,
  );
}

const list = (name: string, argument: unknown): unknown[] => {
  if (!Array.isArray(argument))
    throw invalid(`Template error: every ${name} object requires a list argument.`);
  return argument;
};

const pair = (name: string, argument: unknown): [unknown, unknown] => {
  const both = list(name, argument);
  if (both.length !== 2) throw invalid(`Template error: every ${name} object requires two parameters.`);
  return both as [unknown, unknown];
};

const textual = (value: unknown): unknown =>
  typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
