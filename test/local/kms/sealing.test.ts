import * as KMS from '@aws-sdk/client-kms';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keyed } from './keyed.ts';

let aws: Awaited<ReturnType<typeof keyed>>;
let KeyId: string;
let Arn: string;
beforeAll(async () => {
  aws = await keyed();
  ({ KeyId = '', Arn = '' } = await aws.key());
});
afterAll(() => aws.stop());

const Plaintext = Buffer.from('hello');
const encrypt = (input: Partial<KMS.EncryptCommandInput> = {}) =>
  aws.kms.send(new KMS.EncryptCommand({ KeyId, Plaintext, ...input }));
const decrypt = (input: KMS.DecryptCommandInput) => aws.kms.send(new KMS.DecryptCommand(input));

test('what was encrypted is decrypted by whoever has the ciphertext, without naming the key', async () => {
  const { CiphertextBlob, ...rest } = await encrypt();
  expect(rest).toMatchObject({ KeyId: Arn, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' });
  expect(Buffer.from(CiphertextBlob!).includes(Plaintext)).toBe(false);
  const { Plaintext: text, KeyId: by } = await decrypt({ CiphertextBlob });
  expect([Buffer.from(text!).toString(), by]).toEqual(['hello', Arn]);
});

test('the same text gives another ciphertext each time', async () => {
  const [a, b] = [await encrypt(), await encrypt()];
  expect(a.CiphertextBlob).not.toEqual(b.CiphertextBlob);
});

test('the encryption context must be the same, in whatever order', async () => {
  const { CiphertextBlob } = await encrypt({ EncryptionContext: { a: '1', b: '2' } });
  await decrypt({ CiphertextBlob, EncryptionContext: { b: '2', a: '1' } });
  const others: (Record<string, string> | undefined)[] = [undefined, { a: '1' }, { a: '1', b: '3' }];
  for (const EncryptionContext of others)
    await expect(decrypt({ CiphertextBlob, EncryptionContext })).rejects.toMatchObject({
      name: 'InvalidCiphertextException',
    });
});

test('a ciphertext that was changed, or is none, is not opened', async () => {
  const { CiphertextBlob } = await encrypt();
  const changed = Buffer.from(CiphertextBlob!);
  changed[changed.length - 1]! ^= 1;
  for (const blob of [changed, Buffer.from('x')])
    await expect(decrypt({ CiphertextBlob: blob })).rejects.toMatchObject({
      name: 'InvalidCiphertextException',
    });
});

test('a key that is named must be the one', async () => {
  const { CiphertextBlob } = await encrypt();
  const other = await aws.key();
  await decrypt({ CiphertextBlob, KeyId: Arn });
  await expect(decrypt({ CiphertextBlob, KeyId: other.KeyId })).rejects.toMatchObject({
    name: 'IncorrectKeyException',
    message: 'The key ID in the request does not identify a CMK that can perform this operation.',
  });
});

test('a data key comes open and sealed, or sealed only', async () => {
  const { Plaintext: text, CiphertextBlob } = await aws.kms.send(
    new KMS.GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' }),
  );
  expect(text).toHaveLength(32);
  const opened = await decrypt({ CiphertextBlob });
  expect(Buffer.from(opened.Plaintext!)).toEqual(Buffer.from(text!));
  const sealed = await aws.kms.send(
    new KMS.GenerateDataKeyWithoutPlaintextCommand({ KeyId, NumberOfBytes: 8 }),
  );
  expect(sealed).not.toHaveProperty('Plaintext');
  expect((await decrypt({ CiphertextBlob: sealed.CiphertextBlob })).Plaintext).toHaveLength(8);
  await expect(aws.kms.send(new KMS.GenerateDataKeyCommand({ KeyId }))).rejects.toThrow(
    'Please specify either number of bytes or key spec.',
  );
});

test('a ciphertext changes its key without being seen', async () => {
  const other = await aws.key();
  const { CiphertextBlob } = await encrypt({ EncryptionContext: { a: '1' } });
  const again = await aws.kms.send(
    new KMS.ReEncryptCommand({
      CiphertextBlob,
      SourceEncryptionContext: { a: '1' },
      DestinationKeyId: other.KeyId,
    }),
  );
  expect(again).toMatchObject({ SourceKeyId: Arn, KeyId: other.Arn });
  const { Plaintext: text } = await decrypt({ CiphertextBlob: again.CiphertextBlob });
  expect(Buffer.from(text!).toString()).toBe('hello');
});

test('random bytes are as many as were asked for', async () => {
  const { Plaintext: bytes } = await aws.kms.send(new KMS.GenerateRandomCommand({ NumberOfBytes: 5 }));
  expect(bytes).toHaveLength(5);
});

test('no more than 4,096 bytes are encrypted', async () => {
  await encrypt({ Plaintext: Buffer.alloc(4096) });
  await expect(encrypt({ Plaintext: Buffer.alloc(4097) })).rejects.toThrow(
    "Value at 'plaintext' failed to satisfy constraint: Member must have length less than or equal to 4096",
  );
});

test('a key that is disabled or waits for its deletion neither seals nor opens', async () => {
  const { KeyId: id, Arn: arn } = await aws.key();
  const { CiphertextBlob } = await encrypt({ KeyId: id });
  await aws.kms.send(new KMS.DisableKeyCommand({ KeyId: id }));
  for (const use of [() => encrypt({ KeyId: id }), () => decrypt({ CiphertextBlob })])
    await expect(use()).rejects.toMatchObject({ name: 'DisabledException', message: `${arn} is disabled.` });
  await aws.kms.send(new KMS.ScheduleKeyDeletionCommand({ KeyId: id, PendingWindowInDays: 7 }));
  for (const use of [() => encrypt({ KeyId: id }), () => decrypt({ CiphertextBlob })])
    await expect(use()).rejects.toMatchObject({ name: 'KMSInvalidStateException' });
  await aws.advance('7d');
  await expect(decrypt({ CiphertextBlob })).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

test('grants and dry runs', async () => {
  await expect(encrypt({ GrantTokens: ['t'] })).rejects.toThrow('grants of keys');
  await expect(encrypt({ DryRun: true })).rejects.toMatchObject({ name: 'DryRunOperationException' });
  await expect(aws.kms.send(new KMS.ListGrantsCommand({ KeyId }))).rejects.toMatchObject({
    name: 'NotImplemented',
  });
});
