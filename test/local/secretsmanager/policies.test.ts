import { CreateKeyCommand, DisableKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import * as SM from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startLocal, type Local } from '../../../local/index.ts';
import type { RoleSession } from '../../../local/principal.ts';
import { withRole } from '../iam/role.ts';

let aws: Local;
let client: SM.SecretsManagerClient;
beforeAll(async () => {
  aws = await startLocal();
  client = aws.client(SM.SecretsManagerClient);
});
afterAll(() => aws.stop());

let count = 0;
/** What acts as a role with these statements. */
const role = async (...statements: object[]): Promise<RoleSession> =>
  aws.world.service('iam').roleSession(await withRole(aws, { name: `role-${count++}`, statements }), 'x');
const secret = async (Name: string, more: Partial<SM.CreateSecretCommandInput> = {}) =>
  (await client.send(new SM.CreateSecretCommand({ Name, SecretString: 's', ...more }))).ARN!;
const read = (who: RoleSession, SecretId: string, more: object = {}) =>
  aws.world.call<SM.GetSecretValueCommandOutput>(who, 'secretsmanager', 'GetSecretValue', {
    SecretId,
    ...more,
  });
const allow = (Resource: string, more: object = {}) => ({
  Effect: 'Allow',
  Action: 'secretsmanager:GetSecretValue',
  Resource,
  ...more,
});

describe('who may read a secret', () => {
  test('is said by its ARN, however the secret is named', async () => {
    const arn = await secret('own');
    const reader = await role(allow(arn));
    const other = await role(allow(arn.replace('own', 'other')));
    for (const id of ['own', arn, arn.slice(0, -7)])
      expect(await read(reader, id)).toMatchObject({ SecretString: 's' });
    expect(await read(await role(allow(arn.replace(/.{6}$/, '??????'))), 'own')).toMatchObject({ ARN: arn });
    await expect(read(other, 'own')).rejects.toMatchObject({
      code: 'AccessDeniedException',
      message: `User: ${other.arn} is not authorized to perform: secretsmanager:GetSecretValue on resource: ${arn} because no identity-based policy allows the secretsmanager:GetSecretValue action`,
    });
  });

  test('is said by the secret itself too, by the label of a version', async () => {
    const arn = await secret('shared');
    const reader = await role();
    const ResourcePolicy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        allow('*', {
          Principal: { AWS: reader.roleArn },
          Condition: { StringEquals: { 'secretsmanager:VersionStage': 'AWSCURRENT' } },
        }),
      ],
    });
    await expect(read(reader, arn)).rejects.toMatchObject({ code: 'AccessDeniedException' });
    await client.send(new SM.PutResourcePolicyCommand({ SecretId: arn, ResourcePolicy }));
    expect(await client.send(new SM.GetResourcePolicyCommand({ SecretId: arn }))).toMatchObject({
      ResourcePolicy,
    });
    expect(await read(reader, 'shared')).toMatchObject({ SecretString: 's' });
    await expect(read(reader, 'shared', { VersionStage: 'AWSPREVIOUS' })).rejects.toMatchObject({
      code: 'AccessDeniedException',
    });
    await client.send(new SM.DeleteResourcePolicyCommand({ SecretId: arn }));
    await expect(read(reader, arn)).rejects.toMatchObject({ code: 'AccessDeniedException' });
  });

  test('of many at once, for each of them', async () => {
    const arn = await secret('batch/mine');
    await secret('batch/theirs');
    const batch = { ...allow('*'), Action: 'secretsmanager:BatchGetSecretValue' };
    const reader = await role(batch, allow(arn));
    const asked = (who: RoleSession, input: SM.BatchGetSecretValueCommandInput) =>
      aws.world.call<SM.BatchGetSecretValueCommandOutput>(
        who,
        'secretsmanager',
        'BatchGetSecretValue',
        input,
      );
    const { SecretValues, Errors } = await asked(reader, { SecretIdList: ['batch/mine', 'batch/theirs'] });
    expect(SecretValues).toMatchObject([{ Name: 'batch/mine' }]);
    expect(Errors).toMatchObject([{ SecretId: 'batch/theirs', ErrorCode: 'AccessDeniedException' }]);
    await expect(asked(reader, { Filters: [{ Key: 'name', Values: ['batch'] }] })).rejects.toThrow(
      'is not authorized to perform: secretsmanager:ListSecrets',
    );
  });
});

test('who makes a secret is judged by its name, and by its tags as well', async () => {
  const Resource = 'arn:aws:secretsmanager:eu-west-1:000000000000:secret:team/*';
  const who = await role({ ...allow(Resource), Action: 'secretsmanager:CreateSecret' });
  const make = (Name: string, more: object = {}) =>
    aws.world.call(who, 'secretsmanager', 'CreateSecret', {
      Name,
      ClientRequestToken: aws.world.random.uuid(),
      ...more,
    });
  await make('team/key');
  await expect(make('key')).rejects.toMatchObject({ code: 'AccessDeniedException' });
  await expect(make('team/tagged', { Tags: [{ Key: 'a', Value: 'b' }] })).rejects.toThrow(
    'is not authorized to perform: secretsmanager:TagResource',
  );
});

test('who has a secret rotated must be allowed to invoke the function', async () => {
  const SecretId = await secret('rotated');
  const RotationLambdaARN = 'arn:aws:lambda:eu-west-1:000000000000:function:rotate';
  const who = await role({ ...allow('*'), Action: 'secretsmanager:RotateSecret' });
  const input = { SecretId, RotationLambdaARN, ClientRequestToken: aws.world.random.uuid() };
  await expect(aws.world.call(who, 'secretsmanager', 'RotateSecret', input)).rejects.toThrow(
    `is not authorized to perform: lambda:InvokeFunction on resource: ${RotationLambdaARN}`,
  );
});

describe('a policy of a secret', () => {
  const open = JSON.stringify({ Version: '2012-10-17', Statement: [allow('*', { Principal: '*' })] });

  test('is refused when it is none, and when it lets everybody in though that is blocked', async () => {
    const SecretId = await secret('policed');
    const put = (ResourcePolicy: string, BlockPublicPolicy = false) =>
      client.send(new SM.PutResourcePolicyCommand({ SecretId, ResourcePolicy, BlockPublicPolicy }));
    for (const bad of ['{', open.replace('2012-10-17', '2019-10-19'), open.replace(/,"Principal":"\*"/, '')])
      await expect(put(bad)).rejects.toMatchObject({
        name: 'MalformedPolicyDocumentException',
        message: 'This policy has invalid syntax.',
      });
    await expect(put(open, true)).rejects.toMatchObject({ name: 'PublicPolicyException' });
    await put(open);
  });

  test('is looked at without being put', async () => {
    const validate = async (ResourcePolicy: string) => {
      const { PolicyValidationPassed, ValidationErrors = [] } = await client.send(
        new SM.ValidateResourcePolicyCommand({ ResourcePolicy }),
      );
      return [PolicyValidationPassed, ValidationErrors.length];
    };
    expect(await validate(open)).toEqual([false, 1]);
    expect(await validate('{')).toEqual([false, 1]);
    expect(await validate(open.replace('"*"}', '{"AWS":"000000000000"}}'))).toEqual([true, 0]);
  });
});

describe('a key of one’s own', () => {
  const key = async () => {
    const { KeyMetadata } = await aws.client(KMSClient).send(new CreateKeyCommand({}));
    return KeyMetadata!.Arn!;
  };

  test('must be allowed to whoever writes and reads, through Secrets Manager', async () => {
    const KmsKeyId = await key();
    const arn = await secret('sealed', { KmsKeyId });
    expect(await client.send(new SM.DescribeSecretCommand({ SecretId: arn }))).toMatchObject({ KmsKeyId });
    const through = (service: string) => ({
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: KmsKeyId,
      Condition: {
        StringEquals: {
          'kms:ViaService': `${service}.eu-west-1.amazonaws.com`,
          'kms:EncryptionContext:SecretARN': arn,
        },
      },
    });
    expect(await read(await role(allow(arn), through('secretsmanager')), arn)).toMatchObject({
      SecretString: 's',
    });
    const refused = { code: 'AccessDeniedException', message: 'Access to KMS is not allowed' };
    await expect(read(await role(allow(arn), through('sqs')), arn)).rejects.toMatchObject(refused);
    const writer = await role({ ...allow(arn), Action: 'secretsmanager:PutSecretValue' });
    const put = { SecretId: arn, SecretString: 't', ClientRequestToken: aws.world.random.uuid() };
    await expect(aws.world.call(writer, 'secretsmanager', 'PutSecretValue', put)).rejects.toMatchObject(
      refused,
    );
  });

  test('that is not there makes no secret, and one that is disabled gives none back', async () => {
    const missing = 'arn:aws:kms:eu-west-1:000000000000:key/11111111-2222-4333-8444-555555555555';
    await expect(secret('unsealed', { KmsKeyId: missing })).rejects.toMatchObject({
      name: 'EncryptionFailure',
    });
    await expect(client.send(new SM.DescribeSecretCommand({ SecretId: 'unsealed' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    const KmsKeyId = await key();
    const SecretId = await secret('locked', { KmsKeyId });
    await aws.client(KMSClient).send(new DisableKeyCommand({ KeyId: KmsKeyId }));
    await expect(client.send(new SM.GetSecretValueCommand({ SecretId }))).rejects.toMatchObject({
      name: 'DecryptionFailure',
    });
  });

  test('takes over the labelled versions when it is changed, and the account’s own asks for nothing', async () => {
    const KmsKeyId = await key();
    const SecretId = await secret('moved', { KmsKeyId: 'alias/aws/secretsmanager' });
    const reader = await role(allow(SecretId));
    expect(await read(reader, SecretId)).toMatchObject({ SecretString: 's' });
    await client.send(new SM.UpdateSecretCommand({ SecretId, KmsKeyId }));
    await expect(read(reader, SecretId)).rejects.toThrow('Access to KMS is not allowed');
    await client.send(new SM.UpdateSecretCommand({ SecretId, KmsKeyId: '' }));
    expect(await read(reader, SecretId)).toMatchObject({ SecretString: 's' });
  });
});
