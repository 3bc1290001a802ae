import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateFunctionCommand,
  GetFunctionEventInvokeConfigCommand,
  LambdaClient,
  PutFunctionEventInvokeConfigCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { CreateEventBusCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { App, Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as to from 'aws-cdk-lib/aws-lambda-destinations';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withRole } from '../iam/role.ts';
import { startFunctions, zip, type Functions } from './fixture.ts';

const arn = (service: string, name: string) => `arn:aws:${service}:eu-west-1:000000000000:${name}`;
const QUEUE = arn('sqs', 'told');
const TOPIC = arn('sns', 'told');
const FUNCTION = arn('lambda', 'function:told');
const BUS = arn('events', 'event-bus/told');
const BUCKET = 'arn:aws:s3:::told';

const SILENT = 'exports.handler = async () => {};';

let aws: Functions;

const configure = (settings: object) =>
  aws.lambda.send(new PutFunctionEventInvokeConfigCommand({ FunctionName: 'f', ...settings }));
const onFailure = (Destination: string) => ({ DestinationConfig: { OnFailure: { Destination } } });
const onSuccess = (Destination: string) => ({ DestinationConfig: { OnSuccess: { Destination } } });

async function makeTargets() {
  await aws.client(SQSClient).send(new CreateQueueCommand({ QueueName: 'told' }));
  await aws.client(SNSClient).send(new CreateTopicCommand({ Name: 'told' }));
  await aws.client(EventBridgeClient).send(new CreateEventBusCommand({ Name: 'told' }));
  await aws.make(SILENT, { FunctionName: 'told' });
}

beforeEach(async () => {
  aws = await startFunctions();
});
afterEach(() => aws.stop());

describe('a destination', () => {
  test('in S3 is refused by name for failures, and as AWS does for successes', async () => {
    await aws.make(SILENT);
    await expect(configure(onFailure(BUCKET))).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining('S3 destinations of functions'),
    });
    await expect(configure(onSuccess(BUCKET))).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: `The destination ARN ${BUCKET} is invalid.`,
    });
  });

  test.each([
    [{ MaximumRetryAttempts: 3 }, `'3' at 'maximumRetryAttempts'`, 'less than or equal to 2'],
    [{ MaximumRetryAttempts: -1 }, `'-1' at 'maximumRetryAttempts'`, 'greater than or equal to 0'],
    [{ MaximumEventAgeInSeconds: 59 }, `'59' at 'maximumEventAgeInSeconds'`, 'greater than or equal to 60'],
    [
      { MaximumEventAgeInSeconds: 21_601 },
      `'21601' at 'maximumEventAgeInSeconds'`,
      'less than or equal to 21600',
    ],
  ])('comes with limits: %j', async (settings, value, constraint) => {
    await aws.make(SILENT);
    await expect(configure(settings)).rejects.toMatchObject({
      name: 'ValidationException',
      message: `1 validation error detected: Value ${value} failed to satisfy constraint: Member must have value ${constraint}`,
    });
  });

  const KINDS = [
    [QUEUE, 'sqs:SendMessage', 'SendMessage on SQS'],
    [TOPIC, 'sns:Publish', 'Publish on SNS'],
    [FUNCTION, 'lambda:InvokeFunction', 'InvokeFunction on Lambda'],
    [BUS, 'events:PutEvents', 'PutEvents on EventBridge'],
  ] as const;

  test.each(KINDS)('%s must be there', async (target, _action, call) => {
    await aws.make(SILENT);
    await expect(configure(onFailure(target))).rejects.toMatchObject(mayNot(call));
    await makeTargets();
    await expect(configure(onFailure(target))).resolves.toMatchObject(onFailure(target));
  });

  test.each(KINDS)(
    '%s must be one that the role of the function may send to',
    async (target, Action, call) => {
      await makeTargets();
      await aws.make(SILENT, { Role: await withRole(aws, { name: 'mute' }) });
      await expect(configure(onSuccess(target))).rejects.toMatchObject(mayNot(call));
      const statements = [{ Effect: 'Allow', Action, Resource: target }];
      const Role = await withRole(aws, { name: 'speaking', statements });
      await aws.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'f', Role }));
      await expect(configure(onSuccess(target))).resolves.toMatchObject(onSuccess(target));
    },
  );
});

const mayNot = (call: string) => ({
  name: 'InvalidParameterValueException',
  message: `The provided execution role does not have permissions to call ${call}`,
});

describe('a dead-letter target', () => {
  const made = (settings: object) => aws.make(SILENT, settings);
  const to = (TargetArn: string) => ({ DeadLetterConfig: { TargetArn } });

  test('must be there when the function is made', async () => {
    await expect(made(to(QUEUE))).rejects.toMatchObject(mayNot('SendMessage on SQS'));
    await expect(made(to(TOPIC))).rejects.toMatchObject(mayNot('Publish on SNS'));
    await makeTargets();
    await made(to(QUEUE));
  });

  test('must be one that the role of the function may send to, also when the function is changed', async () => {
    await makeTargets();
    const Role = await withRole(aws, { name: 'mute' });
    await expect(made({ Role, ...to(QUEUE) })).rejects.toMatchObject(mayNot('SendMessage on SQS'));
    await made({ Role });
    const change = (settings: object) =>
      aws.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'f', ...settings }));
    await expect(change(to(TOPIC))).rejects.toMatchObject(mayNot('Publish on SNS'));
    await expect(change({ ...to(TOPIC), Role: await speaking() })).resolves.toMatchObject(to(TOPIC));
    await expect(change({ Role })).rejects.toMatchObject(mayNot('Publish on SNS'));
  });

  test('is a queue or a topic', async () => {
    await makeTargets();
    await expect(made(to(FUNCTION))).rejects.toMatchObject({ name: 'NotImplemented' });
  });

  const speaking = () =>
    withRole(aws, {
      name: 'speaking',
      statements: [{ Effect: 'Allow', Action: 'sns:Publish', Resource: TOPIC }],
    });
});

describe('the role of a function', () => {
  const cannot = {
    name: 'InvalidParameterValueException',
    message: 'The role defined for the function cannot be assumed by Lambda.',
  };
  const missing = 'arn:aws:iam::000000000000:role/missing';

  test('must be there', async () => {
    await expect(aws.make(SILENT, { Role: missing })).rejects.toMatchObject(cannot);
    await aws.make(SILENT);
    await expect(
      aws.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'f', Role: missing })),
    ).rejects.toMatchObject(cannot);
  });

  test('must trust Lambda', async () => {
    const Role = await withRole(aws, { name: 'other', trust: { Service: 'events.amazonaws.com' } });
    await expect(aws.make(SILENT, { Role })).rejects.toMatchObject(cannot);
  });
});

test('with policies off neither roles nor destinations are asked', async () => {
  await aws.stop();
  aws = await startFunctions({ policies: 'off' });
  await aws.client(LambdaClient).send(
    new CreateFunctionCommand({
      FunctionName: 'f',
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: 'arn:aws:iam::000000000000:role/missing',
      Code: { ZipFile: zip({ 'index.js': SILENT }) },
      DeadLetterConfig: { TargetArn: QUEUE },
    }),
  );
  await expect(configure(onFailure(TOPIC))).resolves.toMatchObject(onFailure(TOPIC));
});

test('a stack of CDK gives the role its permissions before they are asked for', async () => {
  const outdir = mkdtempSync(join(tmpdir(), 'destinations-'));
  const app = new App({ outdir });
  const stack = new Stack(app, 'Told');
  void new lambda.Function(stack, 'Fn', {
    functionName: 'cdk',
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline(SILENT),
    deadLetterQueueEnabled: true,
    onFailure: new to.SqsDestination(new Queue(stack, 'Failures')),
    onSuccess: new to.EventBridgeDestination(new EventBus(stack, 'Bus')),
  });
  await aws.deploy(app.synth().directory);
  rmSync(outdir, { recursive: true });
  const { DestinationConfig } = await aws.lambda.send(
    new GetFunctionEventInvokeConfigCommand({ FunctionName: 'cdk' }),
  );
  expect(DestinationConfig?.OnFailure?.Destination).toContain(':Told-Failures');
});
