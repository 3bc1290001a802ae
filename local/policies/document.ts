/** Policy documents, read once a text. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */
import type { Conditions } from './conditions.ts';

export interface Policy {
  statements: Statement[];
}

export interface Statement {
  effect: 'Allow' | 'Deny';
  actions: Choice;
  resources?: Choice;
  principals?: Principals;
  conditions: Conditions;
}

/** `Action` or `NotAction`, `Resource` or `NotResource`. */
export interface Choice {
  not: boolean;
  patterns: string[];
}

export interface Principals {
  not: boolean;
  anyone: boolean;
  /** ARNs, account numbers or `*`. */
  aws: string[];
  /** Such as `lambda.amazonaws.com`. */
  services: string[];
}

const known = new Map<string, Policy>();
const MOST_KEPT = 5_000;

/** Throws SyntaxError in IAM's words. */
export function policyOf(text: string): Policy {
  let policy = known.get(text);
  if (!policy) {
    if (known.size >= MOST_KEPT) known.clear();
    policy = read(text);
    known.set(text, policy);
  }
  return policy;
}

function read(text: string): Policy {
  const document = parsed(text);
  if (!isObject(document) || unknownKey(document, ['Version', 'Id', 'Statement'])) throw syntax();
  const { Version = '2008-10-17', Statement } = document;
  if (Version !== '2012-10-17' && Version !== '2008-10-17') throw syntax();
  if (!isObject(Statement) && !Array.isArray(Statement)) throw syntax();
  return { statements: [Statement].flat().map(statementOf) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SyntaxError('This policy contains invalid Json');
  }
}

const ELEMENTS = [
  'Sid',
  'Effect',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Principal',
  'NotPrincipal',
  'Condition',
];

function statementOf(statement: unknown): Statement {
  if (!isObject(statement) || unknownKey(statement, ELEMENTS)) throw syntax();
  const { Effect, Condition = {} } = statement;
  if (Effect !== 'Allow' && Effect !== 'Deny') throw syntax();
  const actions = choice(statement, 'Action');
  if (!actions) throw new SyntaxError('Policy statement must contain actions.');
  const resources = choice(statement, 'Resource');
  const principals = principalsOf(statement);
  if (!isObject(Condition)) throw syntax();
  return {
    effect: Effect,
    actions,
    ...(resources && { resources }),
    ...(principals && { principals }),
    conditions: conditionsOf(Condition),
  };
}

function choice(statement: Record<string, unknown>, element: string): Choice | undefined {
  const { [element]: positive, [`Not${element}`]: negative } = statement;
  if (positive !== undefined && negative !== undefined) throw syntax();
  if (positive !== undefined) return { not: false, patterns: texts(positive) };
  return negative === undefined ? undefined : { not: true, patterns: texts(negative) };
}

function principalsOf({ Principal, NotPrincipal }: Record<string, unknown>): Principals | undefined {
  if (Principal !== undefined && NotPrincipal !== undefined) throw syntax();
  const given = Principal ?? NotPrincipal;
  if (given === undefined) return undefined;
  const not = Principal === undefined;
  if (given === '*') return { not, anyone: true, aws: [], services: [] };
  if (!isObject(given) || unknownKey(given, ['AWS', 'Service', 'Federated', 'CanonicalUser'])) throw syntax();
  const { AWS = [], Service = [] } = given;
  return { not, anyone: false, aws: texts(AWS), services: texts(Service) };
}

function conditionsOf(condition: Record<string, unknown>): Conditions {
  return Object.entries(condition).flatMap(([operator, keys]) => {
    if (!isObject(keys)) throw syntax();
    return Object.entries(keys).map(([key, values]) => ({ operator, key, values: texts(values) }));
  });
}

function texts(value: unknown): string[] {
  return [value].flat().map((one) => {
    if (typeof one !== 'string' && typeof one !== 'boolean' && typeof one !== 'number') throw syntax();
    return String(one);
  });
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const unknownKey = (value: object, keys: string[]) => Object.keys(value).some((key) => !keys.includes(key));

const syntax = () => new SyntaxError('Syntax errors in policy.');
