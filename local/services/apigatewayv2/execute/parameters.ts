/** What the parameters of an integration stand for in one request. */
import { valueOf } from '../../apigateway/execute/substitute.ts';
import type { Invocation } from './invocation.ts';

/**
 * The value of `$request.body.name` and the like, of a text with `${request.header.name}` in it, or the text itself.
 * Undefined where the request does not have it.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-aws-services.html
 */
export function parameterOf(invocation: Invocation, source: string): string | undefined {
  if (!source.includes('${'))
    return source.startsWith('$') ? selectedBy(invocation, source.slice(1)) : source;
  let complete = true;
  const text = source.replaceAll(/\$\{([^}]*)\}/g, (_all, expression: string) => {
    const value = selectedBy(invocation, expression);
    complete &&= value !== undefined;
    return value ?? '';
  });
  return complete ? text : undefined;
}

/** What came more than once is joined by commas. */
function selectedBy(invocation: Invocation, expression: string): string | undefined {
  const { request, target } = invocation;
  if (/^request\.body(?![\w-])/.test(expression))
    return inBody(Buffer.from(request.body).toString(), expression.slice('request.body'.length));
  const [, place, name = ''] = /^request\.(header|querystring|path)\.(.+)$/.exec(expression) ?? [];
  if (place === 'querystring') return request.query.get(name)?.join(',');
  if (place === 'path') return target?.pathParameters[name];
  if (place === undefined) return valueOf(invocation, expression);
  const sent = request.headers.filter(([each]) => each.toLowerCase() === name.toLowerCase());
  return sent.length > 0 ? sent.map(([, value]) => value).join(',') : undefined;
}

/** Of a body that a path leads into only the first 100 KB are read. */
const READ = 102_400;

/** @param path such as `.order.lines[0].id`; empty for the whole body */
function inBody(body: string, path: string): string | undefined {
  if (path === '') return body === '' ? undefined : body;
  const steps = Array.from(path.matchAll(/\.([^.[\]]+)|\[(\d+)\]|\['([^']+)'\]/g), (step) => step.slice(1));
  let value = parsed(body.slice(0, READ));
  for (const step of steps)
    value = (value as Record<string, unknown> | null | undefined)?.[step.find((part) => part !== undefined)!];
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
