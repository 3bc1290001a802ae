/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html */
import type * as SecretsManager from '@aws-sdk/client-secrets-manager';
import type { Random } from '../../random.ts';
import type { Answer } from '../../service.ts';
import type { World } from '../../world.ts';
import { checkRange } from '../kms/limits.ts';
import { invalidParameter } from './secret.ts';

export const drawing = ({ random }: World) => ({
  GetRandomPassword(input: SecretsManager.GetRandomPasswordCommandInput) {
    const { PasswordLength: length = 32, RequireEachIncludedType = true } = input;
    checkRange('passwordLength', length, 1, 4096);
    const types = typesOf(input);
    const each = RequireEachIncludedType ? types : [];
    if (length < each.length)
      throw invalidParameter('Password length is too short based on the required types.');
    const any = types.join('');
    if (any === '') throw invalidParameter('There are no characters that a password could be made of.');
    const needed = each.map((type) => one(type, random));
    const rest = Array.from({ length: length - each.length }, () => one(any, random));
    return {
      RandomPassword: shuffled([...needed, ...rest], random).join(''),
    } satisfies Answer<SecretsManager.GetRandomPasswordCommandOutput>;
  },
});

/** The characters of each type that is asked for, but for types of which all are excluded. */
function typesOf(input: SecretsManager.GetRandomPasswordCommandInput): string[] {
  const excluded = new Set(input.ExcludeCharacters);
  return [
    input.ExcludeLowercase ? '' : 'abcdefghijklmnopqrstuvwxyz',
    input.ExcludeUppercase ? '' : 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    input.ExcludeNumbers ? '' : '0123456789',
    input.ExcludePunctuation ? '' : '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
    input.IncludeSpace ? ' ' : '',
  ]
    .map((type) => type.replace(/[^]/g, (character) => (excluded.has(character) ? '' : character)))
    .filter(Boolean);
}

const one = (from: string, { integer }: Random): string => from[integer(0, from.length - 1)]!;

function shuffled<T>(items: T[], { integer }: Random): T[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = integer(0, last);
    [items[last], items[other]] = [items[other]!, items[last]!];
  }
  return items;
}
