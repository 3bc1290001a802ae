import type { LogFields, LogPattern } from '../pattern.ts';
import { invalidCharacters, invalidPattern } from './refusals.ts';
import { regexOf } from './regex.ts';

/**
 * Terms that must all be in the message, `-` exclusions, or `?` alternatives, which count only where there is no term that
 * must be there; or one regular expression.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-unstructured-log-events.html
 */
export function termPattern(text: string): LogPattern {
  const matches = text.startsWith('%') ? expression(text) : terms(text);
  return {
    match: (message) => (matches(message) ? NO_FIELDS : undefined),
    names: () => false,
    hasFields: false,
  };
}

const NO_FIELDS: LogFields = { valueOf: () => undefined, extracted: {} };

type Test = (message: string) => boolean;

function expression(text: string): Test {
  if (!/^%[^%]+%$/.test(text)) throw invalidPattern();
  const regex = regexOf(text);
  return (message) => regex.test(message);
}

function terms(text: string): Test {
  const must: string[] = [];
  const mustNot: string[] = [];
  const any: string[] = [];
  for (const [, sign = '', quoted, plain = ''] of text.matchAll(/([?-]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))/g)) {
    const term = quoted?.replaceAll(/\\(.)/g, '$1') ?? checked(plain);
    if (sign === '?') any.push(term);
    else if (sign === '-') mustNot.push(term);
    else must.push(term);
  }
  return (message) =>
    must.every((term) => message.includes(term)) &&
    !mustNot.some((term) => message.includes(term)) &&
    (any.length === 0 || must.length > 0 || any.some((term) => message.includes(term)));
}

/** Whatever is no letter, digit or underscore must be in quotation marks. */
function checked(term: string): string {
  const wrong = /[^\p{L}\p{N}_]/u.exec(term);
  if (wrong) throw invalidCharacters(wrong[0]);
  return term;
}
