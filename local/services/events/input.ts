/**
 * What a target is sent instead of the whole event: Input, InputPath or InputTransformer, as recorded against AWS.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
import type { InputTransformer, Target } from '@aws-sdk/client-eventbridge';
import type { Rule } from './bus.ts';
import { isoSeconds, type Envelope } from './event.ts';
import { jsonPath, type JsonPath } from './path.ts';
import { stringifyExactly } from './pattern/numbers.ts';

/** Makes a target's input from an event; undefined when what comes out is no JSON, which AWS does not deliver. */
export type Shape = (event: Envelope, rule: Rule) => string | undefined;

/** `nothingSelected` is sent when InputPath selects nothing. */
export function shapeOf({ Input, InputPath, InputTransformer }: Target, nothingSelected: string): Shape {
  if (Input !== undefined) return () => Input;
  if (InputTransformer) return transformer(InputTransformer);
  if (InputPath === undefined || InputPath === '$') return ({ text }) => text;
  const select = jsonPath(InputPath)!;
  return ({ parsed }) => {
    const selected = select(parsed);
    return selected === undefined ? nothingSelected : stringifyExactly(selected);
  };
}

/** The names between angle brackets in a template. */
export const placeholdersIn = (template: string): string[] =>
  Array.from(template.matchAll(PLACEHOLDER), ([, name]) => name!);

const PLACEHOLDER = /<([^<>\s"]+)>/g;

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html#eb-transform-input-predefined */
export const PREDEFINED: Record<string, (event: Envelope, rule: Rule) => unknown> = {
  'aws.events.rule-arn': (_event, rule) => rule.arn,
  'aws.events.rule-name': (_event, rule) => rule.name,
  'aws.events.event.ingestion-time': (event) => isoSeconds(event.ingested),
  'aws.events.event': ({ id, account, detailType, ingested, source, region, resources }) => ({
    id,
    account,
    detailType,
    time: isoSeconds(ingested),
    source,
    region,
    resources,
    version: '0',
  }),
  'aws.events.event.json': (event) => event.parsed,
};

function transformer({ InputPathsMap = {}, InputTemplate = '' }: InputTransformer): Shape {
  const paths = new Map<string, JsonPath>(
    Object.entries(InputPathsMap).map(([name, path]) => [name, jsonPath(path)!]),
  );
  const isText = isTextTemplate(InputTemplate);
  const fill = filling(InputTemplate);
  return (event, rule) => {
    const text = fill((name) =>
      Object.hasOwn(PREDEFINED, name) ? PREDEFINED[name]!(event, rule) : paths.get(name)?.(event.parsed),
    );
    return isJson(text) || (isText && text.split('\n').every(isJson)) ? text : undefined;
  };
}

/** Puts values where a template has their names between angle brackets. What comes out may be no JSON. */
export function filling(template: string): (valueOf: (name: string) => unknown) => string {
  const isText = isTextTemplate(template);
  const parts = partsOf(template);
  return (valueOf) =>
    parts
      .map((part) => {
        if (typeof part === 'string') return part;
        const value = valueOf(part.name);
        return part.quoted ? withinText(value, isText) : stringifyExactly(value ?? '');
      })
      .join('');
}

const isTextTemplate = (template: string) => template.trimStart().startsWith('"');

/** The literal parts of a template and the placeholders between them. `quoted`: it stands within a JSON string. */
type Part = string | { name: string; quoted: boolean };

function partsOf(template: string): Part[] {
  let quoted = false;
  return template.split(PLACEHOLDER).map((part, i): Part => {
    if (i % 2 === 1) return { name: part, quoted };
    if ((part.replaceAll(/\\[^]/g, '').split('"').length - 1) % 2 === 1) quoted = !quoted;
    return part;
  });
}

/** A text goes in as it is, without escapes; in a template that is one text, everything else loses its quotes. */
function withinText(value: unknown, isText: boolean): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  const json = stringifyExactly(value);
  return isText ? json.replaceAll('"', '') : json;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
