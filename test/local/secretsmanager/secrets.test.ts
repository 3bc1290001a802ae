import * as SM from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startLocal, type Local } from '../../../local/index.ts';
import { administrator } from '../../../local/principal.ts';

let aws: Local;
let client: SM.SecretsManagerClient;
beforeAll(async () => {
  aws = await startLocal();
  client = aws.client(SM.SecretsManagerClient);
});
afterAll(() => aws.stop());

const create = (Name: string, more: Partial<SM.CreateSecretCommandInput> = {}) =>
  client.send(new SM.CreateSecretCommand({ Name, SecretString: 's', ...more }));
const value = (SecretId: string, more: Partial<SM.GetSecretValueCommandInput> = {}) =>
  client.send(new SM.GetSecretValueCommand({ SecretId, ...more }));
const describing = (SecretId: string) => client.send(new SM.DescribeSecretCommand({ SecretId }));
const remove = (SecretId: string, more: Partial<SM.DeleteSecretCommandInput> = {}) =>
  client.send(new SM.DeleteSecretCommand({ SecretId, ...more }));

const MISSING = {
  name: 'ResourceNotFoundException',
  message: "Secrets Manager can't find the specified secret.",
};
const MARKED = {
  name: 'InvalidRequestException',
  message: "You can't perform this operation on the secret because it was marked for deletion.",
};

describe('a secret', () => {
  test('has an ARN that ends in six characters, and is found by its name, by that, and by that without them', async () => {
    const { ARN = '', VersionId } = await create('shop/key', { SecretString: '{"a":1}' });
    expect(ARN).toMatch(/^arn:aws:secretsmanager:eu-west-1:000000000000:secret:shop\/key-[A-Za-z\d]{6}$/);
    for (const id of ['shop/key', ARN, ARN.slice(0, -7)])
      expect(await value(id)).toMatchObject({
        ARN,
        Name: 'shop/key',
        VersionId,
        SecretString: '{"a":1}',
        VersionStages: ['AWSCURRENT'],
        CreatedDate: expect.any(Date) as Date,
      });
    await expect(value(`${ARN.slice(0, -6)}AAAAAA`)).rejects.toMatchObject(MISSING);
  });

  test('whose name ends like an ARN is not found by the ARN without its end', async () => {
    const { ARN = '' } = await create('key-a1b2c3');
    expect(await value(ARN)).toMatchObject({ Name: 'key-a1b2c3' });
    await expect(value(ARN.slice(0, -7))).rejects.toMatchObject(MISSING);
  });

  test('may be bytes', async () => {
    await create('bytes', { SecretString: undefined, SecretBinary: Uint8Array.of(0, 1, 255) });
    const { SecretBinary, SecretString } = await value('bytes');
    expect([SecretBinary, SecretString]).toEqual([Uint8Array.of(0, 1, 255), undefined]);
  });

  test('may be without a value, which is not found then', async () => {
    expect(await create('empty', { SecretString: undefined })).not.toHaveProperty('VersionId');
    expect(await describing('empty')).not.toHaveProperty('VersionIdsToStages');
    await expect(value('empty')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
    });
  });

  test('tells what it is, without its value', async () => {
    await create('told', { Description: 'd', Tags: [{ Key: 'a', Value: 'b' }] });
    const { ARN: _arn, CreatedDate: _created, $metadata: _meta, ...rest } = await describing('told');
    expect(rest).toEqual({
      Name: 'told',
      Description: 'd',
      Tags: [{ Key: 'a', Value: 'b' }],
      LastChangedDate: expect.any(Date) as Date,
      VersionIdsToStages: { [String((await value('told')).VersionId)]: ['AWSCURRENT'] },
    });
    expect((await describing('told')).LastAccessedDate).toEqual(new Date('2030-01-01T00:00:00Z'));
  });

  test('is tagged and untagged', async () => {
    await create('tagged');
    const tags = async () => (await describing('tagged')).Tags;
    expect(await tags()).toBeUndefined();
    const tag = (Key: string, Value: string) =>
      client.send(new SM.TagResourceCommand({ SecretId: 'tagged', Tags: [{ Key, Value }] }));
    await tag('a', '1');
    await tag('b', '2');
    await tag('a', '3');
    expect(await tags()).toEqual([
      { Key: 'b', Value: '2' },
      { Key: 'a', Value: '3' },
    ]);
    await client.send(new SM.UntagResourceCommand({ SecretId: 'tagged', TagKeys: ['a', 'b'] }));
    expect(await tags()).toEqual([]);
    await expect(tag('aws:x', '1')).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });
});

describe('is refused', () => {
  test('a name with other characters, whatever is asked', async () => {
    const refused = {
      name: 'ValidationException',
      message:
        'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
    };
    await expect(create('Inv Name')).rejects.toMatchObject(refused);
    await expect(value(' Inv*Name? ')).rejects.toMatchObject(refused);
  });

  test('a secret that is there already, unless it is the same request', async () => {
    const ClientRequestToken = 'eb41453f-25bb-4025-b7f4-850cfca0ce71';
    const first = await create('twice', { SecretString: 's', ClientRequestToken });
    expect(first.VersionId).toBe(ClientRequestToken);
    expect(await create('twice', { SecretString: 's', ClientRequestToken })).toMatchObject({
      ARN: first.ARN,
      VersionId: ClientRequestToken,
    });
    await expect(create('twice')).rejects.toMatchObject({
      name: 'ResourceExistsException',
      message: 'The operation failed because the secret twice already exists.',
    });
    await expect(create('twice', { SecretString: 'other', ClientRequestToken })).rejects.toMatchObject({
      name: 'ResourceExistsException',
      message: `You can't use ClientRequestToken ${ClientRequestToken} because that value is already in use for a version of secret ${first.ARN}.`,
    });
  });

  test('two values in one, a value beyond 64 KB, and a request without a token', async () => {
    const both = create('both', { SecretString: 'canary', SecretBinary: Uint8Array.of(1) });
    await expect(both).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: "You can't specify both a binary secret value and a string secret value in the same secret.",
    });
    await create('long', { SecretString: 'x'.repeat(65_536) });
    await expect(create('longer', { SecretString: 'canary€'.repeat(8000) })).rejects.toMatchObject({
      name: 'ValidationException',
      message:
        "1 validation error detected: Value at 'secretString' failed to satisfy constraint: Member must have length less than or equal to 65536",
    });
    const call = (operation: string, input: object) =>
      aws.world.call(administrator('000000000000'), 'secretsmanager', operation, input);
    await expect(call('CreateSecret', { Name: 'tokenless', SecretString: 's' })).rejects.toMatchObject({
      code: 'InvalidRequestException',
      message: 'You must provide a ClientRequestToken value. We recommend a UUID-type value.',
    });
  });

  test('what is not modelled, by name', async () => {
    await expect(create('r', { AddReplicaRegions: [{ Region: 'us-east-1' }] })).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining('replicas of secrets') as string,
    });
    const ReplicateSecretToRegions = new SM.ReplicateSecretToRegionsCommand({
      SecretId: 'r',
      AddReplicaRegions: [{ Region: 'us-east-1' }],
    });
    await expect(client.send(ReplicateSecretToRegions)).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining('secretsmanager:ReplicateSecretToRegions') as string,
    });
  });
});

describe('deletion', () => {
  test('waits for as many days as it is told, and can be taken back until then', async () => {
    const { ARN } = await create('brief');
    const { DeletionDate } = await remove('brief', { RecoveryWindowInDays: 7 });
    expect(DeletionDate).toEqual(new Date(aws.world.clock.now() + 7 * 86_400_000));
    await expect(value('brief')).rejects.toMatchObject(MARKED);
    await expect(
      client.send(new SM.TagResourceCommand({ SecretId: 'brief', Tags: [{ Key: 'a', Value: 'b' }] })),
    ).rejects.toMatchObject(MARKED);
    await expect(create('brief')).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message:
        "You can't create this secret because a secret with this name is already scheduled for deletion.",
    });
    expect((await describing('brief')).DeletedDate).toEqual(DeletionDate);
    await client.send(new SM.RestoreSecretCommand({ SecretId: 'brief' }));
    expect(await value('brief')).toMatchObject({ ARN, SecretString: 's' });

    await remove('brief', { RecoveryWindowInDays: 7 });
    await aws.advance('6d');
    expect(await describing('brief')).toMatchObject({ ARN });
    await aws.advance('1d');
    await expect(describing('brief')).rejects.toMatchObject(MISSING);
  });

  test('at once, after which the name is free, and again, which is no error', async () => {
    const { ARN } = await create('gone');
    await remove('gone');
    await remove('gone', { ForceDeleteWithoutRecovery: true });
    await remove('gone', { ForceDeleteWithoutRecovery: true });
    expect((await create('gone')).ARN).not.toBe(ARN);
  });

  test('is refused for other windows, and for two ways at once', async () => {
    await create('kept');
    for (const RecoveryWindowInDays of [6, 31])
      await expect(remove('kept', { RecoveryWindowInDays })).rejects.toMatchObject({
        name: 'InvalidParameterException',
        message: 'The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).',
      });
    await expect(
      remove('kept', { RecoveryWindowInDays: 7, ForceDeleteWithoutRecovery: true }),
    ).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
    });
    await expect(remove('nowhere')).rejects.toMatchObject(MISSING);
  });
});

describe('a random password', () => {
  const password = async (input: SM.GetRandomPasswordCommandInput = {}) =>
    (await client.send(new SM.GetRandomPasswordCommand(input))).RandomPassword!;

  test('has 32 characters of four types, or what is asked for', async () => {
    const usual = await password();
    expect(usual).toHaveLength(32);
    for (const type of [/[a-z]/, /[A-Z]/, /\d/, /[!-/:-@[-`{-~]/]) expect(usual).toMatch(type);
    expect(await password({ PasswordLength: 500, IncludeSpace: true })).toMatch(/ /);
    expect(
      await password({ PasswordLength: 500, ExcludePunctuation: true, ExcludeCharacters: 'abc1' }),
    ).toMatch(/^[d-zA-Z02-9]{500}$/);
    expect(
      await password({ PasswordLength: 2, RequireEachIncludedType: false, ExcludeNumbers: true }),
    ).toHaveLength(2);
  });

  test('cannot be shorter than its types are many, nor longer than 4,096', async () => {
    await expect(password({ PasswordLength: 3 })).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'Password length is too short based on the required types.',
    });
    await expect(password({ PasswordLength: 4097 })).rejects.toMatchObject({ name: 'ValidationException' });
  });
});
