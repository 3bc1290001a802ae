/** New values: a version is never changed, a new one takes over its labels. */
import type * as SecretsManager from '@aws-sdk/client-secrets-manager';
import { AwsError } from '../../errors.ts';
import type { Principal } from '../../principal.ts';
import type { Answer, Call } from '../../service.ts';
import type { Clock } from '../../clock.ts';
import { tokenOf, valueOf } from './limits.ts';
import type { Sealing } from './sealing.ts';
import {
  CURRENT,
  holderOf,
  invalidRequest,
  named,
  type Secret,
  type Secrets,
  type Value,
  type Version,
} from './secret.ts';
import { move } from './stages.ts';

/** Puts a value under a version's id; the same again changes nothing. Throws ResourceExistsException for another value. */
export type Write = (
  secret: Secret,
  id: string,
  value: Value,
  stages: string[],
  principal: Principal,
) => Promise<Version>;

export const writing = (secrets: Secrets, write: Write) => ({
  async PutSecretValue(input: SecretsManager.PutSecretValueCommandInput, { principal }: Call) {
    const { SecretId, VersionStages = [CURRENT] } = input;
    const secret = secrets.active(SecretId);
    const id = tokenOf(input);
    const value = valueOf(input);
    if (!value) throw invalidRequest('You must provide either SecretString or SecretBinary.');
    const { stages } = await write(secret, id, value, VersionStages, principal);
    return {
      ...named(secret, id),
      VersionStages: [...stages],
    } satisfies Answer<SecretsManager.PutSecretValueCommandOutput>;
  },
});

export const writer =
  ({ now }: Clock, { seal }: Sealing): Write =>
  async (secret, id, value, stages, principal) => {
    const known = secret.versions.find((version) => version.id === id);
    if (known?.value) return theSame(known, value, secret);
    const dataKey = await seal(secret, id, principal);
    const version = known ?? { id, created: now(), stages: [] };
    Object.assign(version, { value, dataKey });
    if (!known) secret.versions.push(version);
    // The first version is the current one, whatever else it is.
    move(secret, version, holderOf(secret, CURRENT) ? stages : [...stages, CURRENT]);
    secret.changed = now();
    forgetDeprecated(secret, now());
    return version;
  };

/** Throws ResourceExistsException when the version has another value. */
export function theSame(version: Version, value: Value | undefined, { arn }: Secret): Version {
  if (!isSame(version.value, value))
    throw new AwsError(
      'ResourceExistsException',
      `You can't use ClientRequestToken ${version.id} because that value is already in use for a version of secret ${arn}.`,
    );
  return version;
}

const isSame = (a: Value | undefined, b: Value | undefined): boolean =>
  a !== undefined &&
  b !== undefined &&
  'SecretString' in a === 'SecretString' in b &&
  bytes(a).equals(bytes(b));

const bytes = (value: Value): Buffer =>
  'SecretString' in value ? Buffer.from(value.SecretString) : Buffer.from(value.SecretBinary);

/** The oldest that no label holds go when there are more than a hundred, after a day. https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html#term_version */
function forgetDeprecated(secret: Secret, now: number): void {
  const deprecated = secret.versions.filter(({ stages }) => stages.length === 0);
  const surplus = new Set(
    deprecated.slice(0, -100).filter(({ created }) => created < now - 24 * 60 * 60 * 1000),
  );
  if (surplus.size > 0) secret.versions = secret.versions.filter((version) => !surplus.has(version));
}
