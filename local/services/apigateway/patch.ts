/** Changes as API Gateway takes them: JSON Patch with texts for values, on the paths that a shape allows. */
import type { PatchOperation } from '@aws-sdk/client-api-gateway';
import { badRequest } from './errors.ts';

/**
 * What stands at a path. `item`: the last segment itself is an item of a list. https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html
 */
export type Kind = 'text' | 'number' | 'flag' | 'item';

/** Kinds by path; `{}` stands for any segment: `/variables/{}`. */
export type Kinds = Record<string, Kind>;

type Node = Record<string, unknown>;

/** Applies all operations to a copy, so that one that is refused leaves nothing half done. */
export function patched<Shape extends object>(
  shape: Shape,
  operations: PatchOperation[] | undefined,
  kinds: Kinds,
): Shape {
  const copy = structuredClone(shape);
  for (const operation of operations ?? []) apply(copy as Node, operation, kinds);
  return copy;
}

function apply(shape: Node, { op, path = '', value }: PatchOperation, kinds: Kinds): void {
  if (op !== 'add' && op !== 'remove' && op !== 'replace')
    throw badRequest("Invalid patch operation specified. Must be 'add'|'remove'|'replace'");
  const segments = path
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
  const kind = kindOf(segments, kinds);
  if (!kind)
    throw badRequest(
      `Invalid patch path  '${path}' specified for op '${op}'. Must be one of: [${Object.keys(kinds).join(', ')}]`,
    );
  const parents = segments.slice(0, -1);
  const last = segments.at(-1)!;
  if (kind === 'item') return changeItem(shape, parents, last, op, value);
  const parent = parents.reduce<Node>((node, segment) => (node[segment] ??= {}) as Node, shape);
  if (op === 'remove') delete parent[last];
  else parent[last] = converted(value ?? '', kind);
}

/** `replace` of an item names the old one in its path, and the new one as its value. */
function changeItem(
  shape: Node,
  parents: string[],
  item: string,
  op: 'add' | 'remove' | 'replace',
  value: string | undefined,
): void {
  const name = parents.at(-1)!;
  const parent = parents.slice(0, -1).reduce<Node>((node, segment) => (node[segment] ??= {}) as Node, shape);
  const before = (parent[name] ?? []) as string[];
  const kept = before.filter((one) => one !== item);
  if (op === 'remove') parent[name] = kept;
  else parent[name] = [...kept, op === 'replace' ? (value ?? item) : item];
}

function kindOf(segments: string[], kinds: Kinds): Kind | undefined {
  const entry = Object.entries(kinds).find(([path]) => {
    const wanted = path.split('/').slice(1);
    return (
      wanted.length === segments.length &&
      wanted.every((segment, i) => segment === '{}' || segment === segments[i])
    );
  });
  return entry?.[1];
}

function converted(value: string, kind: Kind): unknown {
  if (kind === 'flag') return value.toLowerCase() === 'true';
  if (kind === 'text') return value;
  if (value === '' || Number.isNaN(Number(value))) throw badRequest(`Invalid number: ${value}`);
  return Number(value);
}
