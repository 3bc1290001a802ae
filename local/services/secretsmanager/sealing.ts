/**
 * What KMS has to do with a value: it makes the data key of each version, and opens it for whoever reads. The account's
 * own key lets in everybody whom Secrets Manager lets in, so it is not asked.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
 */
import { AwsError } from '../../errors.ts';
import type { Principal } from '../../principal.ts';
import type { World } from '../../world.ts';
import type { Secret, Version } from './secret.ts';

export interface Sealing {
  /** The data key of a version that is to be; undefined for the account's own key. */
  seal(of: Sealed, version: string, principal: Principal): Promise<Uint8Array | undefined>;
  /** Throws unless `principal` may have the version's data key opened. */
  open(of: Sealed, version: Version, principal: Principal): Promise<void>;
}

type Sealed = Pick<Secret, 'arn' | 'keyId'>;

export function sealingOf(world: World): Sealing {
  const via = `secretsmanager.${world.region}.amazonaws.com`;
  const ask = async <Output>(principal: Principal, operation: string, input: object, failure: AwsError) => {
    try {
      return await world.call<Output>({ ...principal, via }, 'kms', operation, input);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      // https://github.com/aws/aws-cdk/issues/7677
      throw error.code === 'AccessDeniedException'
        ? new AwsError(error.code, 'Access to KMS is not allowed')
        : failure;
    }
  };

  return {
    async seal({ arn, keyId: KeyId }, version, principal) {
      if (KeyId === undefined) return undefined;
      const input = { KeyId, KeySpec: 'AES_256', ...context(arn, version) };
      const failure = failed('EncryptionFailure', 'encrypt');
      const answer = await ask<{ CiphertextBlob: Uint8Array }>(principal, 'GenerateDataKey', input, failure);
      return answer.CiphertextBlob;
    },
    async open({ arn }, { id, dataKey: CiphertextBlob }, principal) {
      if (!CiphertextBlob) return;
      const input = { CiphertextBlob, ...context(arn, id) };
      await ask(principal, 'Decrypt', input, failed('DecryptionFailure', 'decrypt'));
    },
  };
}

const context = (SecretARN: string, SecretVersionId: string) => ({
  EncryptionContext: { SecretARN, SecretVersionId },
});

/** The words of https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html#API_GetSecretValue_Errors */
const failed = (code: string, what: string): AwsError =>
  new AwsError(code, `Secrets Manager can't ${what} the protected secret text using the provided KMS key.`);

/** A key that is given; undefined for the account's own. */
export const keyGiven = (id = ''): string | undefined =>
  id === '' || /(^|:)alias\/aws\/secretsmanager$/.test(id) ? undefined : id;
