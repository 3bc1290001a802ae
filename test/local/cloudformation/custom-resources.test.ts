import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { ListBucketsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { App, CfnOutput, CustomResource, Stack } from 'aws-cdk-lib';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { strToU8, zipSync } from 'fflate';
import { afterEach, expect, test } from 'vitest';
import { deploy } from '../../../local/deploy.ts';
import { startLocal, type Local } from '../../../local/index.ts';
import { outputsOf, stacksOf } from './stacks-of.ts';

let aws: Local;
afterEach(() => aws.stop());

/** A function that answers as its ResourceProperties say, over `fetch`. */
const ANSWERING = `
exports.handler = async (event) => {
  const { Answer, Silent } = event.ResourceProperties;
  if (Silent) return;
  await fetch(event.ResponseURL, {
    method: 'PUT',
    body: JSON.stringify({
      ...event,
      Status: 'SUCCESS',
      PhysicalResourceId: event.PhysicalResourceId ?? 'made-' + event.LogicalResourceId,
      Data: { Asked: event.RequestType, Numbers: JSON.stringify(event.ResourceProperties.Numbers) },
      ...Answer,
    }),
  });
};`;

const ROLE = {
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Statement: [
        { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } },
      ],
    },
    ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
  },
};
const fn = (Code: object, handler = 'index.handler') => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    Code,
    Handler: handler,
    Runtime: 'nodejs24.x',
    Timeout: 60,
    Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
  },
});

const withResource = (properties: object, Type = 'Custom::Thing') =>
  JSON.stringify({
    Resources: {
      Role: ROLE,
      Provider: fn({ ZipFile: ANSWERING }),
      Other: fn({ ZipFile: ANSWERING }),
      Mine: {
        Type,
        Properties: {
          ServiceToken: { 'Fn::GetAtt': ['Provider', 'Arn'] },
          Numbers: [1, true],
          ...properties,
        },
      },
    },
    Outputs: {
      Id: { Value: { Ref: 'Mine' } },
      Asked: { Value: { 'Fn::GetAtt': ['Mine', 'Asked'] } },
      Numbers: { Value: { 'Fn::GetAtt': 'Mine.Numbers' } },
    },
  });

const Capabilities = ['CAPABILITY_IAM' as const];
test.each(['Custom::Thing', 'AWS::CloudFormation::CustomResource'])(
  'a custom resource (%s) is what its function answers; scalars reach it as texts',
  async (type) => {
    aws = await startLocal();
    const made = await stacksOf(aws).after(
      new CreateStackCommand({ StackName: 's', TemplateBody: withResource({}, type), Capabilities }),
    );
    expect(outputsOf(made)).toEqual({ Id: 'made-Mine', Asked: 'Create', Numbers: '["1","true"]' });
    const TemplateBody = withResource({ More: 1 }, type);
    const updated = await stacksOf(aws).after(
      new UpdateStackCommand({ StackName: 's', TemplateBody, Capabilities }),
    );
    expect(outputsOf(updated)).toMatchObject({ Id: 'made-Mine', Asked: 'Update' });
  },
);

test('an update that answers another id replaces, and the old one is deleted in the clean-up', async () => {
  aws = await startLocal();
  await stacksOf(aws).after(
    new CreateStackCommand({ StackName: 's', TemplateBody: withResource({}), Capabilities }),
  );
  const TemplateBody = withResource({ Answer: { PhysicalResourceId: 'other' } });
  const updated = await stacksOf(aws).after(
    new UpdateStackCommand({ StackName: 's', TemplateBody, Capabilities }),
  );
  expect(outputsOf(updated)).toMatchObject({ Id: 'other' });
  const { StackEvents = [] } = await aws
    .client(CloudFormationClient)
    .send(new DescribeStackEventsCommand({ StackName: 's' }));
  expect(StackEvents.find(({ ResourceStatus }) => ResourceStatus === 'DELETE_COMPLETE')).toMatchObject({
    PhysicalResourceId: 'made-Mine',
  });
});

test('what the function says went wrong is the reason', async () => {
  aws = await startLocal();
  const TemplateBody = withResource({ Answer: { Status: 'FAILED', Reason: 'not today' } });
  await stacksOf(aws).after(
    new CreateStackCommand({ StackName: 's', TemplateBody, Capabilities, DisableRollback: true }),
  );
  const { StackEvents = [] } = await aws
    .client(CloudFormationClient)
    .send(new DescribeStackEventsCommand({ StackName: 's' }));
  expect(StackEvents.map(({ ResourceStatusReason }) => ResourceStatusReason)).toContainEqual(
    expect.stringMatching(
      /^Received response status \[FAILED\] from custom resource\. Message returned: not today \(RequestId: /,
    ),
  );
});

test.each([
  [
    'a longer answer than CloudFormation takes',
    { Answer: { Data: { Long: 'x'.repeat(4096) } } },
    'Response object is too long.',
  ],
  [
    'another function',
    { ServiceToken: { 'Fn::GetAtt': ['Other', 'Arn'] } },
    'Modifying service token is not allowed.',
  ],
])('%s fails an update, which is rolled back', async (_what, more, reason) => {
  aws = await startLocal();
  const { after, happened } = stacksOf(aws);
  await after(new CreateStackCommand({ StackName: 's', TemplateBody: withResource({}), Capabilities }));
  const { StackStatus } = await after(
    new UpdateStackCommand({ StackName: 's', TemplateBody: withResource(more), Capabilities }),
  );
  expect(StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await happened('s')).toContain(`Mine UPDATE_FAILED (${reason})`);
});

test('a function that never answers fails the resource when its time is over', async () => {
  aws = await startLocal();
  const before = aws.world.clock.now();
  const TemplateBody = withResource({ Silent: true, ServiceTimeout: 120 });
  const stack = await stacksOf(aws).after(
    new CreateStackCommand({ StackName: 's', TemplateBody, Capabilities, OnFailure: 'DO_NOTHING' }),
  );
  expect(stack.StackStatus).toBe('CREATE_FAILED');
  expect(aws.world.clock.now() - before).toBe(120_000);
});

/** CDK's own handler for `autoDeleteObjects`: it answers over `https` without a port, and leaves the AWS SDK external. */
const autoDelete = readFileSync(
  join(
    dirname(createRequire(import.meta.url).resolve('aws-cdk-lib/package.json')),
    'custom-resource-handlers/dist/aws-s3/auto-delete-objects-handler/index.js',
  ),
);

test.each(['simulated', 'real'] as const)(
  'CDK empties a bucket before it is deleted (%s host)',
  async (host) => {
    aws = await startLocal({ host, clock: host === 'real' ? 'real' : 'virtual' });
    if (host === 'real') await aws.listen(0);
    const s3 = aws.client(S3Client);
    await aws.world.call(
      { kind: 'administrator', account: aws.world.account, arn: '', userId: '' },
      's3',
      'CreateBucket',
      { Bucket: 'code' },
    );
    await s3.send(
      new PutObjectCommand({
        Bucket: 'code',
        Key: 'c.zip',
        Body: zipSync({ 'index.js': autoDelete, 'x.txt': strToU8('') }),
      }),
    );
    const role = structuredClone(ROLE) as typeof ROLE & { Properties: { Policies?: object[] } };
    role.Properties.Policies = [
      {
        PolicyName: 'empty',
        PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] },
      },
    ];
    const TemplateBody = JSON.stringify({
      Resources: {
        Role: role,
        Provider: fn({ S3Bucket: 'code', S3Key: 'c.zip' }),
        Bucket: {
          Type: 'AWS::S3::Bucket',
          Properties: { BucketName: 'full', Tags: [{ Key: 'aws-cdk:auto-delete-objects', Value: 'true' }] },
        },
        Emptied: {
          Type: 'Custom::S3AutoDeleteObjects',
          Properties: { ServiceToken: { 'Fn::GetAtt': ['Provider', 'Arn'] }, BucketName: { Ref: 'Bucket' } },
        },
      },
    });
    const made = await stacksOf(aws).after(
      new CreateStackCommand({ StackName: 's', TemplateBody, Capabilities }),
    );
    expect(made.StackStatus).toBe('CREATE_COMPLETE');
    await s3.send(new PutObjectCommand({ Bucket: 'full', Key: 'a', Body: 'b' }));
    const { StackStatus } = await stacksOf(aws).after(new DeleteStackCommand({ StackName: made.StackId! }));
    expect(StackStatus).toBe('DELETE_COMPLETE');
    const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
    expect(Buckets.map(({ Name }) => Name)).toEqual(['code']);
  },
  30_000,
);

test("CDK's provider framework asks a function of the app, which only has to return its answer", async () => {
  aws = await startLocal();
  const folder = mkdtempSync(join(tmpdir(), 'provided-'));
  const app = new App({ outdir: folder });
  const stack = new Stack(app, 'Provided');
  const onEventHandler = new Function(stack, 'Handler', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline(`exports.handler = async ({ ResourceProperties }) => ({
      PhysicalResourceId: 'made',
      Data: { Twice: 2 * ResourceProperties.number },
    });`),
  });
  const { serviceToken } = new Provider(stack, 'Provider', { onEventHandler });
  const made = new CustomResource(stack, 'Made', { serviceToken, properties: { number: 21 } });
  void new CfnOutput(stack, 'Twice', { value: made.getAttString('Twice') });
  app.synth();
  expect(await deploy(aws, folder)).toEqual({ Provided: expect.objectContaining({ Twice: '42' }) });
  rmSync(folder, { recursive: true });
});
