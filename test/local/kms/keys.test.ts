import * as KMS from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keyed } from './keyed.ts';

let aws: Awaited<ReturnType<typeof keyed>>;
beforeAll(async () => {
  aws = await keyed();
});
afterAll(() => aws.stop());

const describing = async (KeyId: string) =>
  (await aws.kms.send(new KMS.DescribeKeyCommand({ KeyId }))).KeyMetadata!;
const A_DAY = 86_400_000;

test('a key is described as it was made', async () => {
  const made = await aws.key({ Description: 'orders', Tags: [{ TagKey: 'team', TagValue: 'shop' }] });
  expect(made).toEqual({
    AWSAccountId: '000000000000',
    KeyId: expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/),
    Arn: `arn:aws:kms:eu-west-1:000000000000:key/${made.KeyId}`,
    CreationDate: new Date(aws.world.clock.now()),
    Enabled: true,
    Description: 'orders',
    KeyUsage: 'ENCRYPT_DECRYPT',
    KeyState: 'Enabled',
    Origin: 'AWS_KMS',
    KeyManager: 'CUSTOMER',
    CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
    KeySpec: 'SYMMETRIC_DEFAULT',
    EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
    MultiRegion: false,
  });
  expect(await describing(made.Arn!)).toEqual(made);
  const { Tags } = await aws.kms.send(new KMS.ListResourceTagsCommand({ KeyId: made.KeyId }));
  expect(Tags).toEqual([{ TagKey: 'team', TagValue: 'shop' }]);
});

test('a key that is not there is not found, by whatever name', async () => {
  const missing = '00000000-0000-4000-8000-000000000000';
  const said = async (KeyId: string) => (await describing(KeyId).catch((error: Error) => error)) as Error;
  expect(await said(missing)).toMatchObject({
    name: 'NotFoundException',
    message: `Key 'arn:aws:kms:eu-west-1:000000000000:key/${missing}' does not exist`,
  });
  expect((await said('key')).message).toBe("Invalid keyId 'key'");
  expect((await said('alias/none')).message).toBe(
    'Alias arn:aws:kms:eu-west-1:000000000000:alias/none is not found.',
  );
  expect((await said(`arn:aws:kms:us-east-1:000000000000:key/${missing}`)).message).toBe(
    'Invalid arn us-east-1',
  );
});

test('keys that are not symmetric are refused by name', async () => {
  await expect(aws.key({ KeySpec: 'RSA_2048' })).rejects.toThrow('keys of the spec RSA_2048');
  await expect(aws.key({ MultiRegion: true })).rejects.toThrow('multi-Region keys');
  await expect(aws.key({ Origin: 'EXTERNAL' })).rejects.toThrow('keys of the origin EXTERNAL');
});

test('a key is switched off and on', async () => {
  const { KeyId } = await aws.key();
  await aws.kms.send(new KMS.DisableKeyCommand({ KeyId }));
  expect(await describing(KeyId!)).toMatchObject({ KeyState: 'Disabled', Enabled: false });
  await aws.kms.send(new KMS.EnableKeyCommand({ KeyId }));
  expect(await describing(KeyId!)).toMatchObject({ KeyState: 'Enabled' });
});

describe('deletion', () => {
  test('takes effect when its days are over, with the aliases of the key', async () => {
    const { KeyId, Arn } = await aws.key();
    await aws.kms.send(new KMS.CreateAliasCommand({ AliasName: 'alias/brief', TargetKeyId: KeyId }));
    expect(
      await aws.kms.send(new KMS.ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 })),
    ).toMatchObject({
      KeyId: Arn,
      KeyState: 'PendingDeletion',
      PendingWindowInDays: 7,
      DeletionDate: new Date(aws.world.clock.now() + 7 * A_DAY),
    });
    await aws.advance(7 * A_DAY - 1);
    expect(await describing('alias/brief')).toMatchObject({ KeyState: 'PendingDeletion', Enabled: false });
    await aws.advance(1);
    await expect(describing(KeyId!)).rejects.toMatchObject({ name: 'NotFoundException' });
    await expect(describing('alias/brief')).rejects.toThrow('alias/brief is not found');
  });

  test('can be called off, which leaves the key disabled', async () => {
    const { KeyId, Arn } = await aws.key();
    await aws.kms.send(new KMS.ScheduleKeyDeletionCommand({ KeyId }));
    await expect(aws.kms.send(new KMS.EnableKeyCommand({ KeyId }))).rejects.toMatchObject({
      name: 'KMSInvalidStateException',
      message: `${Arn} is pending deletion.`,
    });
    await aws.kms.send(new KMS.CancelKeyDeletionCommand({ KeyId }));
    await aws.advance(30 * A_DAY);
    expect(await describing(KeyId!)).toMatchObject({ KeyState: 'Disabled' });
  });

  test('takes at least a week', async () => {
    const { KeyId } = await aws.key();
    await expect(
      aws.kms.send(new KMS.ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 6 })),
    ).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

test('rotation is every year unless it is said how often', async () => {
  const { KeyId } = await aws.key();
  const status = () => aws.kms.send(new KMS.GetKeyRotationStatusCommand({ KeyId }));
  expect(await status()).toMatchObject({ KeyRotationEnabled: false });
  await aws.kms.send(new KMS.EnableKeyRotationCommand({ KeyId }));
  const since = aws.world.clock.now();
  expect(await status()).toMatchObject({
    KeyRotationEnabled: true,
    RotationPeriodInDays: 365,
    NextRotationDate: new Date(since + 365 * A_DAY),
  });
  await aws.kms.send(new KMS.EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 90 }));
  expect(await status()).toMatchObject({ RotationPeriodInDays: 90 });
  await aws.kms.send(new KMS.DisableKeyRotationCommand({ KeyId }));
  expect(await status()).toMatchObject({ KeyRotationEnabled: false });
});

test('descriptions and tags change', async () => {
  const { KeyId } = await aws.key({ Tags: [{ TagKey: 'a', TagValue: '1' }] });
  await aws.kms.send(new KMS.UpdateKeyDescriptionCommand({ KeyId, Description: 'new' }));
  await aws.kms.send(new KMS.TagResourceCommand({ KeyId, Tags: [{ TagKey: 'b', TagValue: '2' }] }));
  await aws.kms.send(new KMS.UntagResourceCommand({ KeyId, TagKeys: ['a'] }));
  expect(await describing(KeyId!)).toMatchObject({ Description: 'new' });
  const { Tags } = await aws.kms.send(new KMS.ListResourceTagsCommand({ KeyId }));
  expect(Tags).toEqual([{ TagKey: 'b', TagValue: '2' }]);
});

describe('an alias', () => {
  const create = (AliasName: string, TargetKeyId?: string) =>
    aws.kms.send(new KMS.CreateAliasCommand({ AliasName, TargetKeyId }));

  test('stands for one key, and later for another', async () => {
    const [first, second] = [await aws.key(), await aws.key()];
    await create('alias/shop/orders', first.KeyId);
    expect(await describing('alias/shop/orders')).toEqual(first);
    await aws.kms.send(
      new KMS.UpdateAliasCommand({ AliasName: 'alias/shop/orders', TargetKeyId: second.Arn }),
    );
    const arn = 'arn:aws:kms:eu-west-1:000000000000:alias/shop/orders';
    expect(await describing(arn)).toEqual(second);
    const { Aliases } = await aws.kms.send(new KMS.ListAliasesCommand({ KeyId: second.KeyId }));
    expect(Aliases).toMatchObject([
      { AliasName: 'alias/shop/orders', AliasArn: arn, TargetKeyId: second.KeyId },
    ]);
    await aws.kms.send(new KMS.DeleteAliasCommand({ AliasName: 'alias/shop/orders' }));
    await expect(describing(arn)).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  test('is one of its kind, and not one of AWS’s', async () => {
    const { KeyId } = await aws.key();
    await create('alias/taken', KeyId);
    await expect(create('alias/taken', KeyId)).rejects.toMatchObject({
      name: 'AlreadyExistsException',
      message: 'An alias with the name arn:aws:kms:eu-west-1:000000000000:alias/taken already exists',
    });
    await expect(create('alias/aws/sqs', KeyId)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    await expect(create('taken', KeyId)).rejects.toThrow('Invalid identifier');
    await expect(create('alias/a', 'alias/taken')).rejects.toThrow('Aliases must refer to keys. Not aliases');
  });
});

test('keys and aliases are listed in pages', async () => {
  const { KeyId } = await aws.key();
  const arns: string[] = [];
  for (let Marker: string | undefined, more = true; more;) {
    const {
      Keys = [],
      NextMarker,
      Truncated,
    } = await aws.kms.send(new KMS.ListKeysCommand({ Limit: 3, Marker }));
    expect(Keys.length).toBeLessThanOrEqual(3);
    arns.push(...Keys.map(({ KeyArn = '' }) => KeyArn));
    [Marker, more] = [NextMarker, Truncated === true];
  }
  expect(arns).toContain(`arn:aws:kms:eu-west-1:000000000000:key/${KeyId}`);
  expect(new Set(arns).size).toBe(arns.length);
});

test('an AWS managed key is there as soon as somebody speaks of it, and nobody’s to change', async () => {
  const key = await describing('alias/aws/sqs');
  expect(key).toMatchObject({ KeyManager: 'AWS', KeyState: 'Enabled' });
  await expect(aws.kms.send(new KMS.DisableKeyCommand({ KeyId: key.KeyId }))).rejects.toMatchObject({
    name: 'AccessDeniedException',
  });
  expect(await describing('alias/aws/sqs')).toEqual(key);
});
