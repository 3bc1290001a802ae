import { createHash } from 'node:crypto';
import type { Parameter } from '@aws-sdk/client-ssm';

/**
 * A parameter as whoever asks may see it: without `WithDecryption` a SecureString comes as KMS has sealed it. The key of
 * the account, `alias/aws/ssm`, lets in everybody whom Systems Manager lets in, so no permission for KMS is needed.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/secure-string-parameter-kms-encryption.html
 */
export const sealed = (parameter: Parameter, withDecryption: boolean | undefined): Parameter =>
  parameter.Type === 'SecureString' && !withDecryption
    ? { ...parameter, Value: ciphertext(parameter.Value ?? '') }
    : parameter;

/** Nobody reads anything out of it; the same value gives the same text. */
const ciphertext = (value: string): string =>
  `AQICAH${createHash('sha512').update(value).digest('base64').replaceAll('=', '')}`;
