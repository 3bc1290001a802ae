import { delimitedPattern } from './pattern/delimited.ts';
import { jsonPattern } from './pattern/json.ts';
import { termPattern } from './pattern/terms.ts';

/** A filter pattern that was read. */
export interface LogPattern {
  /** What is in a message that matches. @default undefined: it does not match */
  match(message: string): LogFields | undefined;
  /** Whether the pattern names a field by this selector (`$.latency`, `$bytes`). */
  names(selector: string): boolean;
  /** Of patterns of terms there are no fields. */
  hasFields: boolean;
}

export interface LogFields {
  /** The text of a field. @default undefined: there is none, or it is no text, number or boolean */
  valueOf(selector: string): string | undefined;
  /** Those of space-delimited events, by name without `$`. */
  extracted: Record<string, string>;
}

/**
 * Reads a filter pattern: terms, a regular expression, `{ conditions on JSON }` or `[fields, of, space-delimited events]`.
 * Throws InvalidParameterException.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function logPattern(pattern = ''): LogPattern {
  const text = pattern.trim();
  if (text.startsWith('{')) return jsonPattern(text);
  if (text.startsWith('[')) return delimitedPattern(text);
  return termPattern(text);
}
