/**
 * Mapping templates as far as they are variables in a text: `$input`, `$util`, `$context`, `$stageVariables`. Those with
 * directives (`#set`, `#foreach`) are programs in Velocity, which is not modelled.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
 */
import { notModelled } from '../../../errors.ts';
import { headerOf, type Invocation } from './invocation.ts';

/** @param body what `$input` is: the request's body, or the integration's answer */
export function mapped(template: string, invocation: Invocation, body: string): string {
  if (
    /#(#|\*|\{?(set|if|else|elseif|end|foreach|macro|parse|include|evaluate|define|stop|break)\b)/.test(
      template,
    )
  )
    throw notModelled('Velocity directives in mapping templates');
  const roots: Record<string, unknown> = {
    input: inputOf(invocation, body),
    util: UTIL,
    context: invocation.context,
    stageVariables: invocation.stage.variables ?? {},
  };
  let text = '';
  for (let at = 0; at < template.length;) {
    const found = template[at] === '$' ? reference(template, at, roots) : undefined;
    text += found ? textOf(found.value) : template[at]!;
    at = found ? found.end : at + 1;
  }
  return text;
}

interface Found {
  value: unknown;
  /** Where the text goes on. */
  end: number;
}

/** `$input.json('$.id')`, `${context.stage}`, `$!stageVariables.a`; undefined for a dollar that is only one. */
function reference(text: string, start: number, roots: Record<string, unknown>): Found | undefined {
  const opening = /\$!?(\{?)([A-Za-z]\w*)/y;
  opening.lastIndex = start;
  const [all, brace, root = ''] = opening.exec(text) ?? [];
  if (all === undefined) return undefined;
  if (!(root in roots)) throw notModelled(`$${root} in mapping templates`);
  let found: Found = { value: roots[root], end: start + all.length };
  for (let next = step(text, found, roots); next; next = step(text, found, roots)) found = next;
  return brace && text[found.end] === '}' ? { ...found, end: found.end + 1 } : found;
}

/** One member or one call further. */
function step(text: string, { value, end }: Found, roots: Record<string, unknown>): Found | undefined {
  const member = /\.([A-Za-z_]\w*)/y;
  member.lastIndex = end;
  const name = member.exec(text)?.[1];
  if (name === undefined) return undefined;
  const after = end + name.length + 1;
  const inner =
    typeof value === 'string'
      ? ofText(value)[name]
      : isObject(value) && Object.hasOwn(value, name)
        ? value[name]
        : undefined;
  if (text[after] !== '(') return { value: inner, end: after };
  if (typeof inner !== 'function') throw notModelled(`the method ${name} in mapping templates`);
  const { values, end: closed } = argumentsAt(text, after + 1, roots);
  return { value: (inner as (...values: unknown[]) => unknown)(...values), end: closed };
}

function argumentsAt(text: string, start: number, roots: Record<string, unknown>) {
  const values: unknown[] = [];
  let at = start;
  for (;;) {
    at += /^[\s,]*/.exec(text.slice(at))![0].length;
    if (text[at] === ')') return { values, end: at + 1 };
    const literal = /^(?:'([^']*)'|"([^"]*)")/.exec(text.slice(at));
    const found = literal
      ? { value: literal[1] ?? literal[2], end: at + literal[0].length }
      : reference(text, at, roots);
    if (!found) throw notModelled(`what stands at ${text.slice(at, at + 20)} in mapping templates`);
    values.push(found.value);
    at = found.end;
  }
}

/** Texts are Java's. */
const ofText = (text: string): Record<string, unknown> => ({
  replaceAll: (pattern: string, by: string) => text.replace(new RegExp(pattern, 'g'), by),
});

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const textOf = (value: unknown): string =>
  value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);

function inputOf({ request, target }: Invocation, body: string) {
  const parameter = (name: string) =>
    target?.pathParameters[name] ?? request.query.get(name)?.at(-1) ?? headerOf(request, name);
  return {
    body,
    path: (path: string) => at(body, path),
    json: (path: string) => JSON.stringify(at(body, path) ?? ''),
    params: parameter,
  };
}

/** `$`, `$.a.b`, `$.a[0]`, `$['a']`. */
function at(body: string, path: string): unknown {
  if (!/^\$(\.[\w-]+|\[\d+\]|\['[^']+'\])*$/.test(path)) throw notModelled(`the JSONPath ${path}`);
  const keys = [...path.matchAll(/\.([\w-]+)|\[(\d+)\]|\['([^']+)'\]/g)].map(([, a, b, c]) => a ?? b ?? c!);
  return keys.reduce<unknown>(
    (value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined),
    parsed(body),
  );
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body || '{}');
  } catch {
    return body;
  }
}

const UTIL = {
  escapeJavaScript: (text: unknown) =>
    JSON.stringify(textOf(text))
      .slice(1, -1)
      .replaceAll("'", String.raw`\'`)
      .replaceAll('/', String.raw`\/`),
  urlEncode: (text: unknown) => encodeURIComponent(textOf(text)).replaceAll('%20', '+'),
  urlDecode: (text: unknown) => decodeURIComponent(textOf(text).replaceAll('+', ' ')),
  base64Encode: (text: unknown) => Buffer.from(textOf(text)).toString('base64'),
  base64Decode: (text: unknown) => Buffer.from(textOf(text), 'base64').toString(),
  parseJson: (text: unknown) => parsed(textOf(text)),
};
