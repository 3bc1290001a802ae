import { AddPermissionCommand, CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import * as SM from '@aws-sdk/client-secrets-manager';
import { expect, test } from 'vitest';
import { withRole } from '../iam/role.ts';
import { zip } from '../lambda/fixture.ts';
import { startKept, type Kept } from './killed.ts';

const client = (aws: Kept) => aws.client(SM.SecretsManagerClient);

test('secrets are kept with their versions, policies, deletions and the time of their next rotation', async () => {
  const aws = await startKept();
  const ResourcePolicy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: '000000000000' }, Action: '*', Resource: '*' }],
  });
  await client(aws).send(new SM.CreateSecretCommand({ Name: 'bytes', SecretBinary: Uint8Array.of(1, 2) }));
  await client(aws).send(new SM.PutSecretValueCommand({ SecretId: 'bytes', SecretString: 'text' }));
  await client(aws).send(new SM.PutResourcePolicyCommand({ SecretId: 'bytes', ResourcePolicy }));
  await client(aws).send(new SM.CreateSecretCommand({ Name: 'gone', SecretString: 's' }));
  await client(aws).send(new SM.DeleteSecretCommand({ SecretId: 'gone', RecoveryWindowInDays: 7 }));
  const { FunctionArn: RotationLambdaARN } = await aws.client(LambdaClient).send(
    new CreateFunctionCommand({
      FunctionName: 'rotate',
      Role: await withRole(aws),
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { ZipFile: zip({ 'index.js': 'exports.handler = async () => {};' }) },
    }),
  );
  await aws.client(LambdaClient).send(
    new AddPermissionCommand({
      FunctionName: 'rotate',
      StatementId: 'rotation',
      Action: 'lambda:InvokeFunction',
      Principal: 'secretsmanager.amazonaws.com',
    }),
  );
  await client(aws).send(
    new SM.RotateSecretCommand({
      SecretId: 'bytes',
      RotationLambdaARN,
      RotationRules: { AutomaticallyAfterDays: 1 },
      RotateImmediately: false,
    }),
  );
  await aws.advance(1000);

  const next = await aws.killed();
  const value = (more: Partial<SM.GetSecretValueCommandInput> = {}) =>
    client(next).send(new SM.GetSecretValueCommand({ SecretId: 'bytes', ...more }));
  expect(await value()).toMatchObject({ SecretString: 'text' });
  expect(await value({ VersionStage: 'AWSPREVIOUS' })).toMatchObject({ SecretBinary: Uint8Array.of(1, 2) });
  expect(await client(next).send(new SM.GetResourcePolicyCommand({ SecretId: 'bytes' }))).toMatchObject({
    ResourcePolicy,
  });
  const described = (SecretId: string) => client(next).send(new SM.DescribeSecretCommand({ SecretId }));
  expect((await described('bytes')).LastRotatedDate).toBeUndefined();
  expect((await described('gone')).DeletedDate).toBeInstanceOf(Date);
  await next.advance('7d');
  expect((await described('bytes')).LastRotatedDate).toBeInstanceOf(Date);
  await expect(described('gone')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});
