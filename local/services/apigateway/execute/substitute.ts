/** Variables in the texts of gateway responses and access logs. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html */
import { headerOf, type Invocation } from './invocation.ts';

/** What a text may speak of. */
export interface Known extends Pick<Invocation, 'context' | 'request'> {
  stage: { variables?: Record<string, string> | undefined };
  target?: { pathParameters: Record<string, string> };
}

/** The text with `$context.…` and `$stageVariables.…` filled in. @param missing what stands for a variable without a value */
export const substituted = (template: string, invocation: Known, missing: string): string =>
  template.replace(
    /\$(context|stageVariables)((?:\.[A-Za-z_]\w*)+)/g,
    (_all, root: string, path: string) => valueOf(invocation, root + path) ?? missing,
  );

/** `context.requestId`, `stageVariables.a`, `method.request.header.Accept`, or a text in single quotes. */
export function valueOf(invocation: Known, expression: string): string | undefined {
  const literal = /^'(.*)'$/s.exec(expression)?.[1];
  if (literal !== undefined) return literal;
  const [root, ...path] = expression.split('.');
  if (root === 'stageVariables') return invocation.stage.variables?.[path.join('.')];
  if (root === 'context') return textOf(dug(invocation.context, path));
  if (root === 'method' && path[0] === 'request')
    return ofRequest(invocation, path[1], path.slice(2).join('.'));
  return undefined;
}

function ofRequest({ request, target }: Known, place: string | undefined, name: string): string | undefined {
  if (place === 'header') return headerOf(request, name);
  if (place === 'querystring') return request.query.get(name)?.at(-1);
  return place === 'path' ? target?.pathParameters[name] : undefined;
}

const dug = (value: unknown, path: string[]): unknown =>
  path.reduce<unknown>((inner, name) => (inner as Record<string, unknown> | null | undefined)?.[name], value);

const textOf = (value: unknown): string | undefined =>
  value === undefined || value === null
    ? undefined
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);
