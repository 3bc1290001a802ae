import * as KMS from '@aws-sdk/client-kms';
import { expect, test } from 'vitest';
import { startKept } from './killed.ts';

test('KMS keeps keys with what they sealed, their aliases, and the day on which they go', async () => {
  const aws = await startKept();
  const kms = aws.client(KMS.KMSClient);
  const { KeyMetadata } = await kms.send(new KMS.CreateKeyCommand({ Description: 'd' }));
  const { KeyId } = KeyMetadata!;
  await kms.send(new KMS.CreateAliasCommand({ AliasName: 'alias/it', TargetKeyId: KeyId }));
  await kms.send(new KMS.DescribeKeyCommand({ KeyId: 'alias/aws/sqs' }));
  const { CiphertextBlob } = await kms.send(
    new KMS.EncryptCommand({ KeyId, Plaintext: Buffer.from('hello') }),
  );
  const before = await kms.send(new KMS.ListAliasesCommand({}));

  const next = await aws.killed();
  const again = next.client(KMS.KMSClient);
  expect((await again.send(new KMS.ListAliasesCommand({}))).Aliases).toEqual(before.Aliases);
  expect(before.Aliases).toHaveLength(2);
  const { Plaintext } = await again.send(new KMS.DecryptCommand({ CiphertextBlob }));
  expect(Buffer.from(Plaintext!).toString()).toBe('hello');
  await again.send(new KMS.ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));

  const last = await next.killed();
  const describe = new KMS.DescribeKeyCommand({ KeyId: 'alias/it' });
  expect((await last.client(KMS.KMSClient).send(describe)).KeyMetadata).toMatchObject({
    Description: 'd',
    KeyState: 'PendingDeletion',
  });
  await last.advance('7d');
  await expect(last.client(KMS.KMSClient).send(describe)).rejects.toMatchObject({
    name: 'NotFoundException',
  });
});
