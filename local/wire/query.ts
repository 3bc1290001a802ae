/** The AWS Query protocol in: `Tags.member.1.Key=a` becomes the shape that the schema describes. */
import type { NormalizedSchema } from '@smithy/core/schema';
import { fromText } from './text.ts';

/** The parameters of a Query request as a tree: `{ Tags: { member: { 1: { Key: 'a' } } } }`. */
type Tree = { value?: string; below?: Map<string, Tree> };

export function readQuery(schema: NormalizedSchema, parameters: URLSearchParams): object {
  const tree: Tree = {};
  for (const [name, value] of parameters) plant(tree, name.split('.'), value);
  return read(schema, tree) ?? {};
}

function plant(tree: Tree, path: string[], value: string) {
  let at = tree;
  for (const part of path) {
    at.below ??= new Map();
    let next = at.below.get(part);
    if (!next) at.below.set(part, (next = {}));
    at = next;
  }
  at.value = value;
}

function read(schema: NormalizedSchema, tree: Tree): unknown {
  if (schema.isStructSchema()) return readStruct(schema, tree);
  if (schema.isListSchema()) return readList(schema, tree);
  if (schema.isMapSchema()) return readMap(schema, tree);
  return tree.value === undefined ? undefined : fromText(schema, tree.value);
}

function readStruct(schema: NormalizedSchema, { below }: Tree): object {
  const struct: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const wireName = member.getMergedTraits().xmlName ?? name;
    const given = below?.get(wireName) ?? below?.get(name);
    const value = given && read(member, given);
    if (value !== undefined) struct[name] = value;
  }
  return struct;
}

/** `X.member.1`, or `X.1` where the list is flattened. An empty list is sent as `X=`. */
function readList(schema: NormalizedSchema, tree: Tree): unknown[] {
  const item = schema.getValueSchema();
  const itemName = item.getMergedTraits().xmlName ?? 'member';
  const flattened = Boolean(schema.getMergedTraits().xmlFlattened);
  return numbered(flattened ? tree : tree.below?.get(itemName)).map((entry) => read(item, entry));
}

/** `X.entry.1.key` and `X.entry.1.value`, or `X.1.Name` and `X.1.Value` where the map is flattened. */
function readMap(schema: NormalizedSchema, tree: Tree): object {
  const key = schema.getKeySchema().getMergedTraits().xmlName ?? 'key';
  const value = schema.getValueSchema();
  const valueName = value.getMergedTraits().xmlName ?? 'value';
  const flattened = Boolean(schema.getMergedTraits().xmlFlattened);
  return Object.fromEntries(
    numbered(flattened ? tree : tree.below?.get('entry')).map((entry) => [
      entry.below?.get(key)?.value ?? '',
      read(value, entry.below?.get(valueName) ?? {}),
    ]),
  );
}

/** What stands below 1, 2, 3 … in that order. */
const numbered = (tree: Tree | undefined): Tree[] =>
  [...(tree?.below ?? [])]
    .filter(([name]) => /^\d+$/.test(name))
    .toSorted(([a], [b]) => Number(a) - Number(b))
    .map(([, entry]) => entry);
