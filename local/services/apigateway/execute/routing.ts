/** Which method a path leads to: the most specific resource that has one. */
import type { Definition, Resource } from '../api.ts';
import { Refused } from './refused.ts';
import type { Target } from './invocation.ts';

/** Throws what AWS says of a path or a method that is not there. */
export function routed(api: Definition, httpMethod: string, path: string): Target {
  const found = resourceFor(treeOf(api), segmentsOf(path), httpMethod);
  if (!found)
    throw new Refused(
      'MISSING_AUTHENTICATION_TOKEN',
      'MissingAuthenticationTokenException',
      'Missing Authentication Token',
    );
  return found;
}

/** A slash at the end is not looked at. */
const segmentsOf = (path: string): string[] => {
  const bare = path.replace(/^\/+|\/+$/g, '');
  return bare === '' ? [] : bare.split('/');
};

interface Node {
  resource: Resource;
  children: Node[];
}

const trees = new WeakMap<Definition, Node>();

function treeOf(api: Definition): Node {
  let tree = trees.get(api);
  if (!tree) {
    tree = nodeOf(api, api.resources.get(api.settings.rootResourceId)!);
    trees.set(api, tree);
  }
  return tree;
}

/** Literal parts come before variables, and those before what takes all that is left. */
const nodeOf = (api: Definition, resource: Resource): Node => ({
  resource,
  children: [...api.resources.values()]
    .filter(({ parentId }) => parentId === resource.id)
    .map((child) => nodeOf(api, child))
    .toSorted((a, b) => rank(a.resource.pathPart!) - rank(b.resource.pathPart!)),
});

const rank = (part: string): number => (part.endsWith('+}') ? 2 : part.startsWith('{') ? 1 : 0);

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-settings-method-request.html */
const OF_ANY = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']);

function resourceFor(
  { resource, children }: Node,
  segments: string[],
  httpMethod: string,
): Target | undefined {
  const [first, ...rest] = segments;
  if (first === undefined) {
    const { [httpMethod]: own, ANY: any } = resource.resourceMethods;
    const method = own ?? (OF_ANY.has(httpMethod) ? any : undefined);
    return method && { resource, method, pathParameters: {} };
  }
  for (const child of children) {
    const part = child.resource.pathPart!;
    if (rank(part) === 0 && part !== first) continue;
    const greedy = rank(part) === 2;
    if (rank(part) === 1 && first === '') continue;
    const found = resourceFor(child, greedy ? [] : rest, httpMethod);
    if (!found) continue;
    if (rank(part) === 0) return found;
    const name = part.slice(1, greedy ? -2 : -1);
    return {
      ...found,
      pathParameters: { [name]: greedy ? segments.join('/') : first, ...found.pathParameters },
    };
  }
  return undefined;
}
