import type { JsonSchema } from './schema.ts';

/** A difference between two schemas of one version of a contract. */
export interface Change {
  /** Such as `data.lines[].quantity`. */
  readonly path: string;
  /** Such as `required field added`. */
  readonly what: string;
  /** Whether data of the one side may be refused or misread by the other. */
  readonly breaks: boolean;
}

/**
 * What differs. While a change is deployed, both sides meet data of the other: from the queues, the outbox, the archive,
 * and from functions that are not replaced yet. So within a version only a new optional field is harmless. What narrows
 * refuses what was sent before; what widens is refused by a reader that has not shipped, and dead-lettered at once.
 */
export function changesOf(before: JsonSchema, after: JsonSchema, path = 'data'): Change[] {
  const [old, young] = [comparable(before), comparable(after)];
  const keywords = new Set([...Object.keys(old), ...Object.keys(young)]);
  // Of another type, every bound differs too; that would only hide what happened.
  if (old.type !== young.type) return COMPARED['type']!(old, young, path);
  return [...keywords].flatMap((keyword) => {
    const compare = COMPARED[keyword] ?? otherwise(keyword);
    return same(old[keyword], young[keyword]) ? [] : compare(old, young, path);
  });
}

/** A schema without what says nothing about data: annotations, and the pattern by which zod checks a format. */
export function comparable(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(
    Object.entries(schema).filter(
      ([keyword]) => !ANNOTATIONS.has(keyword) && !(keyword === 'pattern' && schema.format !== undefined),
    ),
  );
}

const ANNOTATIONS = new Set(['$schema', '$id', 'title', 'description', 'examples', 'default']);

type Compare = (before: JsonSchema, after: JsonSchema, path: string) => Change[];

const COMPARED: Readonly<Record<string, Compare>> = {
  type: ({ type: before }, { type: after }, path) => [
    breaking(
      path,
      before === 'number' && after === 'integer'
        ? 'type narrowed from number to integer'
        : `type changed from ${String(before)} to ${String(after)}`,
    ),
  ],
  properties: (before, after, path) => fieldsOf(before, after, path),
  required: (before, after, path) => requirements(before, after, path),
  items: (before, after, path) => inner('items', before, after, `${path}[]`),
  additionalProperties: (before, after, path) => inner('additionalProperties', before, after, `${path}.*`),
  enum: (before, after, path) => [
    ...missing(before.enum, after.enum).map((value) => breaking(path, `enum value removed: ${value}`)),
    ...missing(after.enum, before.enum).map((value) => breaking(path, `enum value added: ${value}`)),
  ],
  ...boundsOf(['minimum', 'exclusiveMinimum', 'minLength', 'minItems'], 'raised', 'lowered'),
  ...boundsOf(['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems'], 'lowered', 'raised'),
};

const otherwise =
  (keyword: string): Compare =>
  (before, after, path) => [
    breaking(path, `${keyword} changed from ${text(before[keyword])} to ${text(after[keyword])}`),
  ];

function fieldsOf(before: JsonSchema, after: JsonSchema, path: string): Change[] {
  const [old, young] = [before.properties ?? {}, after.properties ?? {}];
  const removed = Object.keys(old).filter((name) => !(name in young));
  const added = Object.keys(young).filter((name) => !(name in old));
  const kept = Object.keys(old).filter((name) => name in young);
  return [
    ...removed.map((name) => breaking(`${path}.${name}`, 'field removed')),
    ...added.map((name) =>
      after.required?.includes(name)
        ? breaking(`${path}.${name}`, 'required field added')
        : { path: `${path}.${name}`, what: 'optional field added', breaks: false },
    ),
    ...kept.flatMap((name) =>
      changesOf(old[name] as JsonSchema, young[name] as JsonSchema, `${path}.${name}`),
    ),
  ];
}

/** Of fields that both have: those that come and go are told by `fieldsOf`. */
function requirements(before: JsonSchema, after: JsonSchema, path: string): Change[] {
  const kept = (name: string) => name in (before.properties ?? {}) && name in (after.properties ?? {});
  const [old, young] = [before.required ?? [], after.required ?? []];
  return [
    ...young
      .filter((name) => kept(name) && !old.includes(name))
      .map((name) => breaking(`${path}.${name}`, 'made required')),
    ...old
      .filter((name) => kept(name) && !young.includes(name))
      .map((name) => breaking(`${path}.${name}`, 'made optional, but its readers rely on it')),
  ];
}

function inner(
  keyword: 'items' | 'additionalProperties',
  before: JsonSchema,
  after: JsonSchema,
  path: string,
) {
  const [old, young] = [before[keyword], after[keyword]];
  return isSchema(old) && isSchema(young)
    ? changesOf(old, young, path)
    : otherwise(keyword)(before, after, path);
}

function boundsOf(keywords: string[], narrows: string, widens: string): Record<string, Compare> {
  const compare =
    (keyword: string): Compare =>
    ({ [keyword]: before }, { [keyword]: after }, path) => {
      const raised = Number(after) > Number(before) ? 'raised' : 'lowered';
      const narrowed = before === undefined || (after !== undefined && raised === narrows);
      const how = before === undefined ? 'set' : after === undefined ? 'lifted' : narrowed ? narrows : widens;
      return [
        breaking(
          path,
          `type ${narrowed ? 'narrowed' : 'widened'}: ${keyword} ${how} from ${text(before)} to ${text(after)}`,
        ),
      ];
    };
  return Object.fromEntries(keywords.map((keyword) => [keyword, compare(keyword)]));
}

const breaking = (path: string, what: string): Change => ({ path, what, breaks: true });

const isSchema = (value: unknown): value is JsonSchema => typeof value === 'object' && value !== null;

const missing = (from: readonly unknown[] = [], there: readonly unknown[] = []): string[] =>
  from.filter((value) => !there.includes(value)).map(text);

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const text = (value: unknown): string => (value === undefined ? 'none' : JSON.stringify(value));
