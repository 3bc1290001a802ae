/** What Secrets Manager's model says of single members, and how it pages. */
import type { Tag } from '@aws-sdk/client-secrets-manager';
import { AwsError } from '../../errors.ts';
import { checkLength, checkRange, invalid } from '../kms/limits.ts';
import { invalidParameter, invalidRequest, type Value } from './secret.ts';

/** Bytes. https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
const LONGEST_VALUE = 65_536;
const MOST_TAGS = 50;

export function checkName(name: string): void {
  if (!/^[\w/+=.@!-]{1,512}$/.test(name))
    throw invalid(
      'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
    );
}

/** The SDKs make up a token; so must whoever calls without one. */
export function tokenOf({ ClientRequestToken: token }: { ClientRequestToken?: string | undefined }): string {
  if (token === undefined)
    throw invalidRequest('You must provide a ClientRequestToken value. We recommend a UUID-type value.');
  if (token.length < 32 || token.length > 64)
    throw invalidParameter('ClientRequestToken must be 32-64 characters long.');
  return token;
}

/** The value that a request brings, an empty text being none. Its words never have any of it. */
export function valueOf(input: {
  SecretString?: string | undefined;
  SecretBinary?: Uint8Array | undefined;
}): Value | undefined {
  const { SecretString = '', SecretBinary } = input;
  if (SecretString && SecretBinary)
    throw invalidParameter(
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    );
  if (SecretBinary) {
    checkLength('secretBinary', SecretBinary, 1, LONGEST_VALUE);
    return { SecretBinary };
  }
  if (!SecretString) return undefined;
  checkLength('secretString', Buffer.from(SecretString), 1, LONGEST_VALUE);
  return { SecretString };
}

export function checkDescription(text = ''): void {
  if (text.length > 2048)
    throw invalid(
      "1 validation error detected: Value at 'description' failed to satisfy constraint: Member must have length less than or equal to 2048",
    );
}

export function checkTags(tags: Tag[], before: Tag[] = []): void {
  const keys = tags.map(({ Key = '' }) => Key);
  if (keys.some((key) => key.startsWith('aws:')))
    throw invalidParameter('Tag keys that begin with aws: are reserved.');
  if (new Set([...before.map(({ Key = '' }) => Key), ...keys]).size > MOST_TAGS)
    throw new AwsError('LimitExceededException', `A secret can have at most ${MOST_TAGS} tags.`);
}

/** @param most how many at once, at the most and unless asked for fewer */
export function page<T>(
  all: T[],
  { MaxResults, NextToken }: { MaxResults?: number | undefined; NextToken?: string | undefined },
  most: number,
): { items: T[]; NextToken?: string } {
  checkRange('maxResults', MaxResults, 1, most);
  const text = NextToken === undefined ? '0' : Buffer.from(NextToken, 'base64').toString();
  if (!/^\d{1,9}$/.test(text))
    throw new AwsError('InvalidNextTokenException', 'The NextToken value is invalid.');
  const from = Number(text);
  const items = all.slice(from, from + (MaxResults ?? most));
  const end = from + items.length;
  return end < all.length ? { items, NextToken: Buffer.from(String(end)).toString('base64') } : { items };
}
