import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import * as SM from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { App, CfnOutput, SecretValue, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startLocal, type Local } from '../../../local/index.ts';
import type { Happening } from '../../../local/world.ts';
import { outputsOf, stacksOf, template } from '../cloudformation/stacks-of.ts';

const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
let aws: Local;
let client: SM.SecretsManagerClient;
const told: Happening[] = [];
beforeAll(async () => {
  aws = await startLocal();
  client = aws.client(SM.SecretsManagerClient);
  aws.world.activity.listen((happening) => told.push(happening));
});
afterAll(async () => {
  await aws.stop();
  rmSync(folder, { recursive: true });
});

const value = async (SecretId: string) =>
  (await client.send(new SM.GetSecretValueCommand({ SecretId }))).SecretString!;
const fn = (stack: Stack, id: string, body: string, environment: Record<string, string> = {}) =>
  new lambda.Function(stack, id, {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline(body),
    environment,
  });

const READ = `
const { SecretsManagerClient, GetSecretValueCommand } = require('@aws-sdk/client-secrets-manager');
const client = new SecretsManagerClient();
exports.handler = async () =>
  JSON.parse((await client.send(new GetSecretValueCommand({ SecretId: process.env.SECRET }))).SecretString);`;

function synthesized(): string {
  const app = new App({ outdir: mkdtempSync(join(folder, 'cdk.out-')) });
  const stack = new Stack(app, 'Shop');
  const secret = new secretsmanager.Secret(stack, 'Key', {
    description: 'of the bank',
    generateSecretString: {
      secretStringTemplate: '{"user":"shop"}',
      generateStringKey: 'password',
      passwordLength: 40,
      excludePunctuation: true,
    },
  });
  const reader = fn(stack, 'Reader', READ, { SECRET: secret.secretArn });
  secret.grantRead(reader);
  const stranger = fn(stack, 'Stranger', READ, { SECRET: secret.secretArn });
  const given = fn(stack, 'Given', 'exports.handler = async () => process.env', {
    OWN: secret.secretValueFromJson('password').unsafeUnwrap(),
    OTHER: SecretValue.secretsManager('by-hand', { jsonField: 'token' }).unsafeUnwrap(),
  });
  for (const [name, text] of Object.entries({
    Secret: secret.secretArn,
    Reader: reader.functionName,
    Stranger: stranger.functionName,
    Given: given.functionName,
  }))
    void new CfnOutput(stack, `${name}Out`, { value: text });
  return app.synth().directory;
}

test('CDK’s secret is generated, read by whom it is granted to, and given to an environment; the stack tells nothing of it (I12)', async () => {
  await client.send(
    new SM.CreateSecretCommand({ Name: 'by-hand', SecretString: String.raw`{"token":"a\\b\"canary"}` }),
  );
  const { Shop = {} } = await aws.deploy(synthesized());
  expect(Shop['SecretOut']).toMatch(/:secret:Key[A-Z\d]+-[A-Za-z\d]{12}-[A-Za-z\d]{6}$/);
  const made = JSON.parse(await value(Shop['SecretOut']!)) as { user: string; password: string };
  expect(made).toEqual({ user: 'shop', password: expect.stringMatching(/^[A-Za-z\d]{40}$/) as string });

  const invoke = async (name: string) => {
    const command = new InvokeCommand({ FunctionName: Shop[name]! });
    const { Payload, FunctionError } = await aws.client(LambdaClient).send(command);
    return { ...(JSON.parse(Buffer.from(Payload!).toString()) as object), FunctionError };
  };
  expect(await invoke('ReaderOut')).toMatchObject(made);
  expect(await invoke('StrangerOut')).toMatchObject({ errorType: 'AccessDeniedException' });
  expect(await invoke('GivenOut')).toMatchObject({ OWN: made.password, OTHER: 'a\\b"canary' });

  const { cfn, described } = stacksOf(aws);
  const shown = JSON.stringify([
    await described('Shop'),
    await cfn.send(new DescribeStackEventsCommand({ StackName: 'Shop' })),
    aws.world.service('secretsmanager').state(),
    told,
  ]);
  expect(shown).toContain('{{resolve:secretsmanager:by-hand:SecretString:token');
  for (const secret of ['canary', made.password]) expect(shown).not.toContain(secret);
});

describe('a reference to a secret', () => {
  const stack = (Value: string) => {
    const Properties = { Name: 'held', Type: 'String', Value };
    return template({ Holder: { Type: 'AWS::SSM::Parameter', Properties } }, { Outputs: { Out: { Value } } });
  };

  test('is of a secret, a key, a label or a version, and stands in outputs as it is', async () => {
    const stacks = stacksOf(aws);
    const ssm = aws.client(SSMClient);
    const { ARN, VersionId } = await client.send(
      new SM.CreateSecretCommand({ Name: 'parts', SecretString: '{"a":1}' }),
    );
    await client.send(new SM.PutSecretValueCommand({ SecretId: 'parts', SecretString: '{"a":"two"}' }));
    const held = async (StackName: string, reference: string) => {
      const Value = `<{{resolve:secretsmanager:${reference}}}>`;
      const made = await stacks.after(new CreateStackCommand({ StackName, TemplateBody: stack(Value) }));
      expect(outputsOf(made)).toEqual({ Out: Value });
      const { Parameter } = await ssm.send(new GetParameterCommand({ Name: 'held' }));
      await stacks.after(new DeleteStackCommand({ StackName }));
      return Parameter!.Value;
    };
    expect(await held('whole', 'parts')).toBe('<{"a":"two"}>');
    expect(await held('keyed', `${ARN}:SecretString:a`)).toBe('<two>');
    expect(await held('labelled', `${ARN}:SecretString:a:AWSPREVIOUS:`)).toBe('<1>');
    expect(await held('versioned', `parts:SecretString:a::${VersionId}`)).toBe('<1>');
  });

  test('that leads nowhere fails its resource, in CloudFormation’s words', async () => {
    const stacks = stacksOf(aws);
    await client.send(new SM.CreateSecretCommand({ Name: 'text', SecretString: 'canary' }));
    const failure = async (reference: string) => {
      const StackName = `nowhere-${reference.replace(/\W/g, '-')}`;
      const TemplateBody = stack(`{{resolve:secretsmanager:${reference}}}`);
      await stacks.after(new CreateStackCommand({ StackName, TemplateBody }));
      return (await stacks.happened(StackName)).find((line) => line.includes('CREATE_FAILED'));
    };
    expect(await failure('missing')).toMatch(
      /^Holder CREATE_FAILED \(Secrets Manager can't find the specified secret\. \(Service: AWSSecretsManager; Status Code: 400; Error Code: ResourceNotFoundException; Request ID: [\da-f-]+; Proxy: null\)\)$/,
    );
    expect(await failure('parts:SecretString:b')).toBe(
      'Holder CREATE_FAILED (Could not find a value associated with JSONKey in SecretString)',
    );
    expect(await failure('text:SecretString:b')).toBe(
      'Holder CREATE_FAILED (Could not parse SecretString JSON)',
    );
  });
});

test('a secret’s value follows its template only when that changes, and goes with the stack at once', async () => {
  const stacks = stacksOf(aws);
  const of = (PasswordLength: number, Description: string) =>
    template({
      Secret: {
        Type: 'AWS::SecretsManager::Secret',
        Properties: { Name: 'followed', Description, GenerateSecretString: { PasswordLength } },
      },
    });
  const StackName = 'followed';
  await stacks.after(new CreateStackCommand({ StackName, TemplateBody: of(10, 'one') }));
  const first = await value('followed');
  await stacks.after(new UpdateStackCommand({ StackName, TemplateBody: of(10, 'two') }));
  expect(await value('followed')).toBe(first);
  await stacks.after(new UpdateStackCommand({ StackName, TemplateBody: of(20, 'two') }));
  expect(await value('followed')).toHaveLength(20);
  await stacks.after(new DeleteStackCommand({ StackName }));
  await expect(client.send(new SM.DescribeSecretCommand({ SecretId: 'followed' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test('replicas are refused by name', async () => {
  const stacks = stacksOf(aws);
  const Properties = { SecretString: 's', ReplicaRegions: [{ Region: 'us-east-1' }] };
  const TemplateBody = template({ Secret: { Type: 'AWS::SecretsManager::Secret', Properties } });
  await stacks.after(new CreateStackCommand({ StackName: 'replicated', TemplateBody }));
  expect((await stacks.happened('replicated')).join('\n')).toContain('ReplicaRegions of a secret');
});
