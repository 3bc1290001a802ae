import { AddPermissionCommand, CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import * as SM from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLocal, type Local } from '../../../local/index.ts';
import type { Happening } from '../../../local/world.ts';
import { withRole } from '../iam/role.ts';
import { zip } from '../lambda/fixture.ts';

let aws: Local;
let client: SM.SecretsManagerClient;
const told: Happening[] = [];
beforeAll(async () => {
  aws = await startLocal();
  client = aws.client(SM.SecretsManagerClient);
  aws.world.activity.listen((happening) => told.push(happening));
});
afterAll(() => aws.stop());

/** As AWS's own templates do it: the new value is the old one with an exclamation mark. */
const ROTATE = `
const { SecretsManagerClient, GetSecretValueCommand, PutSecretValueCommand, DescribeSecretCommand,
  UpdateSecretVersionStageCommand } = require('@aws-sdk/client-secrets-manager');
const client = new SecretsManagerClient();
exports.handler = async ({ Step, SecretId, ClientRequestToken, RotationToken }) => {
  const { VersionIdsToStages: stages } = await client.send(new DescribeSecretCommand({ SecretId }));
  if (!stages[ClientRequestToken].includes('AWSPENDING') || !RotationToken) throw new Error('not pending');
  const get = (more) => client.send(new GetSecretValueCommand({ SecretId, ...more }));
  if (Step === 'createSecret') {
    const { SecretString } = await get({ VersionStage: 'AWSCURRENT' });
    if (SecretString.startsWith('broken')) throw new Error('canary: ' + SecretString);
    await client.send(new PutSecretValueCommand({
      SecretId, ClientRequestToken, SecretString: SecretString + '!', VersionStages: ['AWSPENDING'] }));
  } else await get({ VersionId: ClientRequestToken, VersionStage: 'AWSPENDING' });
  if (Step === 'finishSecret') {
    const [before] = Object.entries(stages).find(([, labels]) => labels.includes('AWSCURRENT'));
    const VersionStage = 'AWSCURRENT';
    await client.send(new UpdateSecretVersionStageCommand({
      SecretId, VersionStage, MoveToVersionId: ClientRequestToken, RemoveFromVersionId: before }));
    await client.send(new UpdateSecretVersionStageCommand({
      SecretId, VersionStage: 'AWSPENDING', RemoveFromVersionId: ClientRequestToken }));
  }
};`;

let rotator: Promise<string> | undefined;
async function makeRotator(): Promise<string> {
  const lambda = aws.client(LambdaClient);
  const { FunctionArn } = await lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'rotate',
      Role: await withRole(aws, {
        name: 'rotator',
        statements: [{ Effect: 'Allow', Action: 'secretsmanager:*', Resource: '*' }],
      }),
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { ZipFile: zip({ 'index.js': ROTATE }) },
    }),
  );
  return FunctionArn!;
}

/** A secret, and how it is rotated by a function that Secrets Manager may invoke. */
async function rotated(SecretId: string, SecretString = 'a') {
  const RotationLambdaARN = await (rotator ??= makeRotator());
  await client.send(new SM.CreateSecretCommand({ Name: SecretId, SecretString }));
  return {
    rotate: async (more: Partial<SM.RotateSecretCommandInput> = {}) => {
      const answer = await client.send(new SM.RotateSecretCommand({ SecretId, RotationLambdaARN, ...more }));
      await aws.advance(1000);
      return answer;
    },
    value: async (VersionStage = 'AWSCURRENT') =>
      (await client.send(new SM.GetSecretValueCommand({ SecretId, VersionStage }))).SecretString,
    described: () => client.send(new SM.DescribeSecretCommand({ SecretId })),
  };
}

test('a function must exist, and must let Secrets Manager in', async () => {
  const { rotate, described } = await rotated('refused');
  const refused = {
    name: 'AccessDeniedException',
    message:
      'Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com.',
  };
  await expect(rotate()).rejects.toMatchObject(refused);
  const RotationLambdaARN = 'arn:aws:lambda:eu-west-1:000000000000:function:missing';
  await expect(rotate({ RotationLambdaARN })).rejects.toMatchObject(refused);
  await expect(rotate({ RotationLambdaARN: undefined })).rejects.toMatchObject({
    name: 'InvalidRequestException',
    message: 'No Lambda rotation function ARN is associated with this secret.',
  });
  expect(await described()).not.toHaveProperty('RotationEnabled');
  await aws.client(LambdaClient).send(
    new AddPermissionCommand({
      FunctionName: 'rotate',
      StatementId: 'rotation',
      Action: 'lambda:InvokeFunction',
      Principal: 'secretsmanager.amazonaws.com',
    }),
  );
});

test('a rotation is four steps, after which the new value is the current one', async () => {
  const { rotate, value, described } = await rotated('steps');
  const { VersionId } = await rotate();
  expect([await value(), await value('AWSPREVIOUS')]).toEqual(['a!', 'a']);
  const { VersionIdsToStages, ...rest } = await described();
  expect(VersionIdsToStages?.[VersionId!]).toEqual(['AWSCURRENT']);
  expect(rest).toMatchObject({ RotationEnabled: true, LastRotatedDate: expect.any(Date) as Date });
  expect(rest).not.toHaveProperty('NextRotationDate');
  expect(told.filter(({ kind, secret }) => kind === 'rotation' && secret === 'steps')).toMatchObject(
    ['createSecret', 'setSecret', 'testSecret', 'finishSecret'].map((step) => ({ step })),
  );
});

test('a schedule in days rotates at midnight, unless somebody has put a value by hand', async () => {
  const { rotate, value, described } = await rotated('daily');
  await rotate({ RotationRules: { AutomaticallyAfterDays: 2 }, RotateImmediately: false });
  expect(await value()).toBe('a');
  expect((await described()).NextRotationDate).toEqual(new Date('2030-01-03T23:59:59Z'));
  await aws.advance('1d');
  await client.send(new SM.PutSecretValueCommand({ SecretId: 'daily', SecretString: 'b' }));
  await aws.advance('1d');
  expect(await value()).toBe('b');
  await aws.advance('1d');
  expect(await value()).toBe('b!');
  await client.send(new SM.CancelRotateSecretCommand({ SecretId: 'daily' }));
  await aws.advance('9d');
  expect(await value()).toBe('b!');
  expect((await described()).RotationEnabled).toBe(false);
});

test('a schedule in hours rotates every so many hours', async () => {
  const { rotate, value } = await rotated('hourly');
  await rotate({ RotationRules: { ScheduleExpression: 'rate(4 hours)' } });
  await aws.advance('8h');
  expect(await value()).toBe('a!!!');
});

test('rules that make no schedule are refused', async () => {
  const { rotate } = await rotated('rules');
  for (const RotationRules of [
    { AutomaticallyAfterDays: 1001 },
    { AutomaticallyAfterDays: 1, ScheduleExpression: 'rate(1 day)' },
    { ScheduleExpression: 'rate(3 hours)' },
    { ScheduleExpression: 'daily' },
  ])
    await expect(rotate({ RotationRules })).rejects.toMatchObject({ name: 'InvalidParameterException' });
  await expect(rotate({ RotationRules: { ScheduleExpression: 'cron(0 0 * * ? *)' } })).rejects.toMatchObject({
    name: 'NotImplemented',
  });
});

test('one that fails stays pending, is tried again, and tells nothing of the secret', async () => {
  const { rotate, value } = await rotated('failing', 'broken canary');
  const { VersionId } = await rotate();
  expect(await value()).toBe('broken canary');
  expect(told.findLast(({ kind }) => kind === 'rotation')).toMatchObject({
    secret: 'failing',
    step: 'createSecret',
    error: 'Unhandled',
  });
  await client.send(new SM.PutSecretValueCommand({ SecretId: 'failing', SecretString: 'mended' }));
  await expect(rotate()).rejects.toMatchObject({
    name: 'InvalidRequestException',
    message: "A previous rotation isn't complete. That rotation will be reattempted.",
  });
  await aws.advance(1000);
  const got = await client.send(new SM.GetSecretValueCommand({ SecretId: 'failing' }));
  expect(got).toMatchObject({ SecretString: 'mended!', VersionId });
  expect(JSON.stringify(told)).not.toContain('canary');
});
