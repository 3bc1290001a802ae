/** Secrets wait for a while before they are gone. https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html */
import type * as SecretsManager from '@aws-sdk/client-secrets-manager';
import type { Answer } from '../../service.ts';
import type { World } from '../../world.ts';
import { invalidParameter, named, type Secrets } from './secret.ts';

export const deleting = ({ clock }: World, secrets: Secrets) => ({
  DeleteSecret(input: SecretsManager.DeleteSecretCommandInput) {
    const { SecretId = '', RecoveryWindowInDays, ForceDeleteWithoutRecovery = false } = input;
    if (ForceDeleteWithoutRecovery && RecoveryWindowInDays !== undefined)
      throw invalidParameter(
        "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
      );
    const days = RecoveryWindowInDays ?? 30;
    if (days < 7 || days > 30)
      throw invalidParameter('The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).');
    if (ForceDeleteWithoutRecovery) return deletedAtOnce(secrets, SecretId, clock.now());
    const secret = secrets.active(SecretId);
    secret.deletion = clock.now() + days * A_DAY;
    return {
      ...named(secret),
      DeletionDate: new Date(secret.deletion),
    } satisfies Answer<SecretsManager.DeleteSecretCommandOutput>;
  },

  RestoreSecret({ SecretId }: SecretsManager.RestoreSecretCommandInput) {
    const secret = secrets.at(SecretId);
    secret.deletion = undefined;
    return named(secret) satisfies Answer<SecretsManager.RestoreSecretCommandOutput>;
  },
});

const A_DAY = 86_400_000;

/** One that is not there is deleted as well. */
function deletedAtOnce(
  secrets: Secrets,
  id: string,
  now: number,
): Answer<SecretsManager.DeleteSecretCommandOutput> {
  const secret = secrets.find(id);
  if (secret) secrets.remove(secret);
  const { arn, name } = secret ?? { arn: id.startsWith('arn:') ? id : secrets.newArn(id), name: id };
  return { ARN: arn, Name: name, DeletionDate: new Date(now) };
}
