import type { LogPattern } from '../pattern.ts';
import { conditionsOf, textOf } from './condition.ts';
import { invalidCharacters, invalidPattern } from './refusals.ts';

/**
 * `{ $.level = "error" && $.latency > 100 }`.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-json-log-events.html
 */
export function jsonPattern(text: string): LogPattern {
  if (!text.endsWith('}')) throw invalidPattern();
  const { holds, subjects } = conditionsOf(text.slice(1, -1), (value) =>
    typeof value === 'number' ? value : undefined,
  );
  const paths = new Map(Array.from(subjects, (subject) => [subject, pathOf(subject)]));
  return {
    hasFields: true,
    names: (selector) => subjects.has(selector),
    match(message) {
      const event = jsonIn(message);
      const valuesOf = (subject: string) => valuesAt(event, paths.get(subject)!);
      if (event === undefined || !holds(valuesOf)) return undefined;
      return { extracted: {}, valueOf: (selector) => textOf(valuesOf(selector)[0]) };
    },
  };
}

/** `$.users[0].name`; `*` is any element or property. */
function pathOf(selector: string): string[] {
  if (!/^\$(\.[\w*-]+|\[(\d+|\*)\])+$/.test(selector)) {
    if (!selector.startsWith('$')) throw invalidPattern();
    throw invalidCharacters(selector);
  }
  return [...selector.matchAll(/[\w*-]+/g)].map(([step]) => step);
}

function valuesAt(event: unknown, path: string[]): unknown[] {
  let values = [event];
  for (const step of path)
    values = values.flatMap((value) => {
      if (typeof value !== 'object' || value === null) return [];
      return step === '*' ? Object.values(value) : [(value as Record<string, unknown>)[step]];
    });
  return values;
}

function jsonIn(message: string): unknown {
  if (!message.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}
