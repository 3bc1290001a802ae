/** What keys are for. https://docs.aws.amazon.com/kms/latest/developerguide/kms-cryptography.html */
import type * as KMS from '@aws-sdk/client-kms';
import { AwsError, notModelled } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import type { World } from '../../world.ts';
import { checkUsable, type Key, type Keys } from './key.ts';
import { checkLength, checkRange, invalid } from './limits.ts';
import { refuseGrants } from './managing.ts';
import { keyOf, open, seal, type Context } from './seal.ts';

export function sealing({ random }: World, keys: Keys) {
  const sealed = (key: Key, text: Uint8Array, context: Context = {}) =>
    seal(key, text, context, random.hex(24));
  const usable = (input: Common & { KeyId?: string | undefined }) => {
    const key = keys.at(input.KeyId);
    checkUsable(key);
    checkCommon(input);
    return key;
  };
  const opened = opening(keys);
  const dataKey = (input: KMS.GenerateDataKeyWithoutPlaintextCommandInput & Common) => {
    const key = usable(input);
    const Plaintext = Buffer.from(random.hex(bytesOf(input) * 2), 'hex');
    return { KeyId: key.arn, Plaintext, CiphertextBlob: sealed(key, Plaintext, input.EncryptionContext) };
  };

  return {
    Encrypt(input: KMS.EncryptCommandInput) {
      const key = usable(input);
      const { Plaintext = new Uint8Array(), EncryptionContext } = input;
      checkLength('plaintext', Plaintext, 1, 4096);
      const CiphertextBlob = sealed(key, Plaintext, EncryptionContext);
      return {
        CiphertextBlob,
        KeyId: key.arn,
        EncryptionAlgorithm,
      } satisfies Answer<KMS.EncryptCommandOutput>;
    },

    Decrypt(input: KMS.DecryptCommandInput) {
      const { CiphertextBlob = new Uint8Array(), KeyId, EncryptionContext } = input;
      const { key, text } = opened(CiphertextBlob, KeyId, EncryptionContext);
      checkCommon(input);
      return {
        KeyId: key.arn,
        Plaintext: text,
        EncryptionAlgorithm,
      } satisfies Answer<KMS.DecryptCommandOutput>;
    },

    ReEncrypt(input: KMS.ReEncryptCommandInput) {
      const { CiphertextBlob = new Uint8Array(), SourceKeyId, SourceEncryptionContext } = input;
      const { key: source, text } = opened(CiphertextBlob, SourceKeyId, SourceEncryptionContext);
      const target = usable({ ...input, KeyId: input.DestinationKeyId });
      return {
        CiphertextBlob: sealed(target, text, input.DestinationEncryptionContext),
        SourceKeyId: source.arn,
        KeyId: target.arn,
        SourceEncryptionAlgorithm: EncryptionAlgorithm,
        DestinationEncryptionAlgorithm: EncryptionAlgorithm,
      } satisfies Answer<KMS.ReEncryptCommandOutput>;
    },

    GenerateDataKey: (input: KMS.GenerateDataKeyCommandInput) =>
      dataKey(input) satisfies Answer<KMS.GenerateDataKeyCommandOutput>,

    GenerateDataKeyWithoutPlaintext(input: KMS.GenerateDataKeyWithoutPlaintextCommandInput) {
      const { KeyId, CiphertextBlob } = dataKey(input);
      return {
        KeyId,
        CiphertextBlob,
      } satisfies Answer<KMS.GenerateDataKeyWithoutPlaintextCommandOutput>;
    },
  };
}

/** Opens a ciphertext. @param named the key that the caller says it is, where it says so */
const opening =
  (keys: Keys) =>
  (blob: Uint8Array, named: string | undefined, context: Context = {}) => {
    const id = keyOf(blob);
    if (id === undefined) throw unreadable();
    if (named !== undefined && keys.at(named).id !== id) throw otherKey();
    const key = keys.find(id);
    if (!key) throw noKey();
    checkUsable(key);
    const text = open(key, blob, context);
    if (!text) throw unreadable();
    return { key, text };
  };

const EncryptionAlgorithm = 'SYMMETRIC_DEFAULT';

interface Common {
  DryRun?: boolean | undefined;
  GrantTokens?: string[] | undefined;
  Recipient?: KMS.RecipientInfo | undefined;
  EncryptionAlgorithm?: string | undefined;
  SourceEncryptionAlgorithm?: string | undefined;
  DestinationEncryptionAlgorithm?: string | undefined;
}

function checkCommon(input: Common): void {
  refuseGrants(input.GrantTokens);
  if (input.Recipient) throw notModelled('enclaves');
  for (const algorithm of [
    input.EncryptionAlgorithm,
    input.SourceEncryptionAlgorithm,
    input.DestinationEncryptionAlgorithm,
  ])
    if (algorithm !== undefined && algorithm !== EncryptionAlgorithm)
      throw new AwsError(
        'InvalidKeyUsageException',
        `Algorithm ${algorithm} is incompatible with key spec SYMMETRIC_DEFAULT.`,
      );
  if (input.DryRun)
    throw new AwsError(
      'DryRunOperationException',
      'The request would have succeeded, but the DryRun option is set.',
    );
}

function bytesOf({ KeySpec, NumberOfBytes }: KMS.GenerateDataKeyWithoutPlaintextCommandInput): number {
  if ((KeySpec === undefined) === (NumberOfBytes === undefined))
    throw invalid('Please specify either number of bytes or key spec.');
  checkRange('numberOfBytes', NumberOfBytes, 1, 1024);
  return NumberOfBytes ?? (KeySpec === 'AES_128' ? 16 : 32);
}

const unreadable = () => new AwsError('InvalidCiphertextException', '');
const otherKey = () =>
  new AwsError(
    'IncorrectKeyException',
    'The key ID in the request does not identify a CMK that can perform this operation.',
  );
const noKey = () =>
  new AwsError(
    'AccessDeniedException',
    'The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.',
  );
