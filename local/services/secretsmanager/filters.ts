/** Which secrets a search is for. https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Filter.html */
import type { Filter, FilterNameStringType } from '@aws-sdk/client-secrets-manager';
import { AwsError } from '../../errors.ts';
import { invalidParameter, type Secret } from './secret.ts';

/** Those that fit every filter, by one of its values at least. */
export function matching(secrets: Secret[], filters: Filter[]): Secret[] {
  const tests = filters.map(testOf);
  return secrets.filter((secret) => tests.every((test) => test(secret)));
}

type Test = (secret: Secret) => boolean;

function testOf({ Key, Values }: Filter, i: number): Test {
  if (Key === undefined) throw invalidParameter('Invalid filter key');
  if (!Values) throw invalidParameter(`Invalid filter values for key: ${Key}`);
  const attribute = ATTRIBUTES[Key];
  if (!attribute)
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value '${Key}' at 'filters.${i + 1}.member.key' failed to satisfy constraint: Member must satisfy enum value set: [${Object.keys(ATTRIBUTES).join(', ')}]`,
    );
  const fits = BY_WORDS.has(Key) ? hasWords : (wanted: string, text: string) => text.startsWith(wanted);
  return (secret) =>
    Values.some((value) => {
      const wanted = value.replace(/^!/, '');
      return attribute(secret).some((text) => fits(wanted, text)) !== value.startsWith('!');
    });
}

const keys = ({ tags = [] }: Secret) => tags.map(({ Key = '' }) => Key);
const values = ({ tags = [] }: Secret) => tags.map(({ Value = '' }) => Value);

const ATTRIBUTES: Record<FilterNameStringType, (secret: Secret) => string[]> = {
  description: ({ description = '' }) => [description],
  name: ({ name }) => [name],
  'tag-key': keys,
  'tag-value': values,
  // No secret here is another service's or has replicas.
  'primary-region': () => [],
  'owning-service': () => [],
  all: (secret) => [secret.name, secret.description ?? '', ...keys(secret), ...values(secret)],
};

/** The others are prefixes, in the given case. */
const BY_WORDS = new Set<FilterNameStringType>(['all', 'description']);

/** Every word wanted is the beginning of a word in the text. As seen on AWS: https://github.com/getmoto/moto, tests/test_secretsmanager/test_list_secrets.py */
function hasWords(wanted: string, text: string): boolean {
  const found = wordsOf(text);
  return wordsOf(wanted).every((word) => found.some((one) => one.startsWith(word)));
}

const wordsOf = (text: string): string[] =>
  text
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase()
    .split(/[\s/_+=.@-]+/)
    .filter(Boolean);
