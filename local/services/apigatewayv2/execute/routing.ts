/** Which route takes a request: the most specific one. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html */
import type { Incoming } from '../../apigateway/execute/invocation.ts';
import type { Definition, Route } from '../api.ts';
import type { Target } from './invocation.ts';

export function routed(definition: Definition, { method, path }: Incoming): Target | undefined {
  const segments = segmentsOf(path);
  for (const { route, ...pattern } of patternsOf(definition)) {
    if (pattern.method !== 'ANY' && pattern.method !== method) continue;
    const pathParameters = matched(pattern.segments, segments);
    if (pathParameters) return { route, pathParameters };
  }
  const otherwise = [...definition.routes.values()].find(({ RouteKey }) => RouteKey === '$default');
  return otherwise && { route: otherwise, pathParameters: {} };
}

interface Pattern {
  route: Route;
  method: string;
  segments: string[];
}

/** A slash at the end makes another path. */
const segmentsOf = (path: string): string[] => path.slice(1).split('/');

const known = new WeakMap<Definition, Pattern[]>();

/** The most specific ones first. */
function patternsOf(definition: Definition): Pattern[] {
  let patterns = known.get(definition);
  if (!patterns) {
    patterns = [...definition.routes.values()]
      .filter(({ RouteKey }) => RouteKey !== '$default')
      .map((route) => {
        const [method = '', path = '/'] = route.RouteKey.split(' ');
        return { route, method, segments: segmentsOf(path) };
      })
      .toSorted((a, b) => (rankOf(a) < rankOf(b) ? -1 : 1));
    known.set(definition, patterns);
  }
  return patterns;
}

/** Full paths before those that take all that is left, literal parts before variables, one method before any. */
function rankOf({ segments, method }: Pattern): string {
  const kinds = segments
    .map((segment) => (isGreedy(segment) ? '2' : isVariable(segment) ? '1' : '0'))
    .join('');
  return `${kinds.endsWith('2') ? 1 : 0}${kinds}${method === 'ANY' ? 1 : 0}`;
}

const isVariable = (segment: string) => segment.startsWith('{') && segment.endsWith('}');
const isGreedy = (segment: string) => segment.endsWith('+}');

function matched(pattern: string[], segments: string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [i, part] of pattern.entries()) {
    const segment = segments[i];
    if (isGreedy(part)) {
      const rest = segments.slice(i).join('/');
      return rest === '' ? undefined : { ...parameters, [part.slice(1, -2)]: decoded(rest) };
    }
    if (segment === undefined) return undefined;
    if (isVariable(part) && segment !== '') parameters[part.slice(1, -1)] = decoded(segment);
    else if (part !== decoded(segment)) return undefined;
  }
  return segments.length === pattern.length ? parameters : undefined;
}

export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
