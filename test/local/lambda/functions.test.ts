import {
  AddPermissionCommand,
  CreateAliasCommand,
  DeleteFunctionCommand,
  GetFunctionCommand,
  GetFunctionRecursionConfigCommand,
  GetPolicyCommand,
  InvokeCommand,
  PublishLayerVersionCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionRecursionConfigCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  type RecursiveLoop,
} from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ROLE, startFunctions, zip, type Functions } from './fixture.ts';

const ARN = 'arn:aws:lambda:eu-west-1:000000000000:function:f';

let aws: Functions;
beforeEach(async () => {
  aws = await startFunctions();
});
afterEach(() => aws.stop());

const error = (call: Promise<unknown>) =>
  call.then(
    () => [],
    (e: Error) => [e.name, e.message],
  );
const code = (answer: string) => zip({ 'index.js': `exports.handler = async () => ${answer};` });
const update = (answer: string) =>
  aws.lambda.send(new UpdateFunctionCodeCommand({ FunctionName: 'f', ZipFile: code(answer) }));

test('a function is described with the defaults of Lambda', async () => {
  await aws.make(code('1'));
  const { Configuration } = await aws.lambda.send(new GetFunctionCommand({ FunctionName: ARN }));
  expect(Configuration).toMatchObject({
    FunctionName: 'f',
    FunctionArn: ARN,
    Role: ROLE,
    Timeout: 3,
    MemorySize: 128,
    EphemeralStorage: { Size: 512 },
    Architectures: ['x86_64'],
    PackageType: 'Zip',
    TracingConfig: { Mode: 'PassThrough' },
    LoggingConfig: { LogFormat: 'Text', LogGroup: '/aws/lambda/f' },
    State: 'Active',
    LastUpdateStatus: 'Successful',
    Version: '$LATEST',
  });
});

test('a version keeps its code; an alias leads to it', async () => {
  await aws.make(code('1'));
  await aws.lambda.send(new PublishVersionCommand({ FunctionName: 'f' }));
  await aws.lambda.send(new CreateAliasCommand({ FunctionName: 'f', Name: 'live', FunctionVersion: '1' }));
  await update('2');
  const { ExecutedVersion } = await aws.lambda.send(
    new InvokeCommand({ FunctionName: 'f', Qualifier: 'live' }),
  );
  expect(ExecutedVersion).toBe('1');
  expect((await aws.invoke({}, { FunctionName: 'f:live' })).payload).toBe(1);
  expect((await aws.invoke()).payload).toBe(2);
});

test('publishing twice without a change gives the same version', async () => {
  await aws.make(code('1'));
  const publish = async () =>
    (await aws.lambda.send(new PublishVersionCommand({ FunctionName: 'f' }))).Version;
  expect([await publish(), await publish()]).toEqual(['1', '1']);
  await update('2');
  expect(await publish()).toBe('2');
});

test('an alias with weights divides its invocations', async () => {
  await aws.make(code('1'));
  await aws.lambda.send(new PublishVersionCommand({ FunctionName: 'f' }));
  await update('2');
  await aws.lambda.send(new PublishVersionCommand({ FunctionName: 'f' }));
  await aws.lambda.send(
    new CreateAliasCommand({
      FunctionName: 'f',
      Name: 'live',
      FunctionVersion: '1',
      RoutingConfig: { AdditionalVersionWeights: { '2': 0.3 } },
    }),
  );
  let second = 0;
  for (let i = 0; i < 200; i++) if ((await aws.invoke({}, { Qualifier: 'live' })).payload === 2) second++;
  expect(second).toBeGreaterThan(40);
  expect(second).toBeLessThan(80);
});

test('a new configuration takes effect at the next invocation', async () => {
  await aws.make(`exports.handler = async () => process.env.N;`);
  expect((await aws.invoke()).payload).toBeNull();
  await aws.lambda.send(
    new UpdateFunctionConfigurationCommand({ FunctionName: 'f', Environment: { Variables: { N: '1' } } }),
  );
  expect((await aws.invoke()).payload).toBe('1');
});

test('a permission is a statement of the policy', async () => {
  await aws.make(code('1'));
  const add = () =>
    aws.lambda.send(
      new AddPermissionCommand({
        FunctionName: 'f',
        StatementId: 's',
        Action: 'lambda:InvokeFunction',
        Principal: 'events.amazonaws.com',
        SourceArn: 'arn:aws:events:eu-west-1:000000000000:rule/r',
      }),
    );
  await add();
  const { Policy } = await aws.lambda.send(new GetPolicyCommand({ FunctionName: 'f' }));
  expect(JSON.parse(Policy!)).toEqual({
    Version: '2012-10-17',
    Id: 'default',
    Statement: [
      {
        Sid: 's',
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'lambda:InvokeFunction',
        Resource: ARN,
        Condition: { ArnLike: { 'AWS:SourceArn': 'arn:aws:events:eu-west-1:000000000000:rule/r' } },
      },
    ],
  });
  expect((await error(add()))[0]).toBe('ResourceConflictException');
});

test('reserved concurrency throttles what is beyond it', async () => {
  await aws.make(`exports.handler = async () => new Promise((r) => setTimeout(r, 1000));`);
  await aws.lambda.send(
    new PutFunctionConcurrencyCommand({ FunctionName: 'f', ReservedConcurrentExecutions: 1 }),
  );
  const both = Promise.allSettled([aws.invoke(), aws.invoke()]);
  await aws.advance('1s');
  const { reason } = (await both).find(({ status }) => status === 'rejected') as PromiseRejectedResult;
  expect((await both).filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(reason).toMatchObject({
    name: 'TooManyRequestsException',
    message: 'Rate Exceeded.',
    Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
    $metadata: { httpStatusCode: 429 },
  });
});

test('a function may be let loop', async () => {
  await aws.make('exports.handler = () => 1');
  const settingOf = async () =>
    (await aws.lambda.send(new GetFunctionRecursionConfigCommand({ FunctionName: 'f' }))).RecursiveLoop;
  const set = (RecursiveLoop: RecursiveLoop) =>
    aws.lambda.send(new PutFunctionRecursionConfigCommand({ FunctionName: 'f', RecursiveLoop }));
  expect(await settingOf()).toBe('Terminate');
  await set('Allow');
  expect(await settingOf()).toBe('Allow');
  await expect(set('allow' as RecursiveLoop)).rejects.toMatchObject({ name: 'ValidationException' });
});

test('what is missing or wrong is refused in the words of AWS', async () => {
  expect(await error(aws.invoke())).toEqual([
    'ResourceNotFoundException',
    `Function not found: ${ARN}:$LATEST`,
  ]);
  await aws.make(code('1'));
  expect(await error(aws.make(code('1')))).toEqual([
    'ResourceConflictException',
    'Function already exist: f',
  ]);
  expect((await error(aws.lambda.send(new InvokeCommand({ FunctionName: 'f', Payload: '{' }))))[0]).toBe(
    'InvalidRequestContentException',
  );
  expect((await error(aws.make(code('1'), { FunctionName: 'p', Runtime: 'python3.13' })))[1]).toContain(
    'the runtime python3.13',
  );
  expect(
    (
      await error(aws.make(code('1'), { FunctionName: 'e', Environment: { Variables: { AWS_REGION: 'x' } } }))
    )[1],
  ).toContain('Reserved keys used in this request: AWS_REGION');
  await aws.lambda.send(new DeleteFunctionCommand({ FunctionName: 'f' }));
  expect((await error(aws.invoke()))[0]).toBe('ResourceNotFoundException');
});

test('a layer lies beside the code; one of another account is tolerated', async () => {
  const { LayerVersionArn } = await aws.lambda.send(
    new PublishLayerVersionCommand({
      LayerName: 'l',
      Content: { ZipFile: zip({ 'nodejs/node_modules/greeting/index.js': `module.exports = 'hello';` }) },
    }),
  );
  await aws.make(`exports.handler = async () => require('greeting');`, {
    Layers: [LayerVersionArn, 'arn:aws:lambda:eu-west-1:123456789012:layer:other:3'],
  });
  expect((await aws.invoke()).payload).toBe('hello');
});
