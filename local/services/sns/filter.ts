/**
 * Filter policies. SNS reads them as EventBridge reads patterns, and in the same words.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-message-filtering.html
 */
import type * as SNS from '@aws-sdk/client-sns';
import { AwsError } from '../../errors.ts';
import { compilePattern } from '../events/pattern/compile.ts';
import { parseExactly } from '../events/pattern/numbers.ts';

type MessageAttributes = Record<string, SNS.MessageAttributeValue>;

/** Whether a subscription wants a message. */
export type Filter = (message: string, attributes: MessageAttributes) => boolean;

/** `undefined` for an empty policy, which lets everything pass. */
export function filterOf(
  policy: string,
  scope: string,
  refused: (what: string) => AwsError,
): Filter | undefined {
  if (policy === '' || /^\s*\{\s*\}\s*$/.test(policy)) return undefined;
  const matches = compiled(policy, refused);
  checkSize(JSON.parse(policy) as object, scope, refused);
  return scope === 'MessageBody'
    ? (message) => matchesBody(matches, bodyOf(message))
    : (_message, attributes) => matches(fieldsOf(attributes));
}

/** A list or a text, though JSON, has no keys. */
const matchesBody = (matches: (event: unknown) => boolean, body: unknown): boolean =>
  typeof body === 'object' && body !== null && !Array.isArray(body) && matches(body);

function compiled(policy: string, refused: (what: string) => AwsError) {
  try {
    return compilePattern(policy);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw refused(`FilterPolicy: ${error.message.replace('Event pattern is not valid. Reason: ', '')}`);
  }
}

/** At most five keys, and at most 150 combinations of their values, where each level of nesting counts again. */
function checkSize(policy: object, scope: string, refused: (what: string) => AwsError): void {
  let keys = 0;
  let combinations = 1;
  const walk = (node: object, depth: number) => {
    for (const [key, value] of Object.entries(node) as [string, object][]) {
      if (key === '$or') for (const choice of value as object[]) walk(choice, depth);
      else if (Array.isArray(value)) {
        keys++;
        combinations *= value.length * depth;
      } else if (scope === 'MessageBody') walk(value, depth + 1);
      else
        throw new AwsError(
          'InvalidParameterException',
          'Invalid parameter: Filter policy scope MessageAttributes does not support nested filter policy',
        );
    }
  };
  walk(policy, 1);
  if (keys > 5) throw refused('FilterPolicy: Filter policy can not have more than 5 keys');
  if (combinations > 150) throw refused('FilterPolicy: Filter policy is too complex');
}

function bodyOf(message: string): unknown {
  try {
    return parseExactly(message);
  } catch {
    return undefined;
  }
}

/** Attributes as a flat event: numbers as numbers, `String.Array` as a list, bytes not at all. */
function fieldsOf(attributes: MessageAttributes): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [name, { DataType, StringValue = '' }] of Object.entries(attributes)) {
    if (DataType === 'String') fields[name] = StringValue;
    else if (DataType === 'Number' || DataType === 'String.Array') fields[name] = bodyOf(StringValue);
  }
  return fields;
}
