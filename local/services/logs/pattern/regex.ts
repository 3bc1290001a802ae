import { invalidCharacters, invalidPattern } from './refusals.ts';

/**
 * `%expression%`. There are no groups; a parenthesis is written `\x28`.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/regex-expressions.html
 */
export function regexOf(text: string): RegExp {
  const expression = text.slice(1, -1);
  const wrong = /[^A-Za-z0-9\s:_#=@/;,\-^$?[\]{}|\\*+.]/.exec(expression);
  if (wrong) throw invalidCharacters(wrong[0]);
  try {
    return new RegExp(expression);
  } catch {
    throw invalidPattern();
  }
}
