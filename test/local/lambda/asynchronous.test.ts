import {
  InvokeCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { recording, seenBy, startFunctions, zip, type Functions } from './fixture.ts';

const DEAD = 'arn:aws:sqs:eu-west-1:000000000000:dead';

let aws: Functions;
let sqs: SQSClient;
let dead: string;

const send = (event: unknown = { n: 1 }) =>
  aws.lambda.send(
    new InvokeCommand({ FunctionName: 'f', InvocationType: 'Event', Payload: JSON.stringify(event) }),
  );
const configure = (settings: object) =>
  aws.lambda.send(new PutFunctionEventInvokeConfigCommand({ FunctionName: 'f', ...settings }));
const onFailure = { DestinationConfig: { OnFailure: { Destination: DEAD } } };
const received = async () => {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: dead, MessageAttributeNames: ['All'], MaxNumberOfMessages: 10 }),
  );
  return Messages;
};
const record = async () => JSON.parse((await received())[0]!.Body!) as Record<string, unknown>;

beforeEach(async () => {
  aws = await startFunctions();
  sqs = aws.client(SQSClient);
  ({ QueueUrl: dead = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'dead' })));
});
afterEach(() => aws.stop());

test('an event is accepted at once and run afterwards', async () => {
  await aws.make(await recording());
  expect((await send()).StatusCode).toBe(202);
  await aws.advance('1s');
  expect(await seenBy(aws)).toEqual([{ n: 1 }]);
});

test('a function that fails is run again after one minute, then after two', async () => {
  await aws.make(await recording(`throw new Error('no');`));
  await send();
  const after = async (time: '59s' | '2s' | '118s' | '10m') => {
    await aws.advance(time);
    return (await seenBy(aws)).length;
  };
  expect([
    await after('59s'),
    await after('2s'),
    await after('118s'),
    await after('2s'),
    await after('10m'),
  ]).toEqual([1, 2, 2, 3, 3]);
});

test('when retries are exhausted the destination gets the record', async () => {
  await aws.make(await recording(`throw new RangeError('no');`));
  await configure(onFailure);
  await send();
  await aws.advance('5m');
  const told = await record();
  expect(Object.keys(told)).toEqual([
    'version',
    'timestamp',
    'requestContext',
    'requestPayload',
    'responseContext',
    'responsePayload',
  ]);
  expect(told).toMatchObject({
    version: '1.0',
    requestContext: {
      functionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:f:$LATEST',
      condition: 'RetriesExhausted',
      approximateInvokeCount: 3,
    },
    requestPayload: { n: 1 },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: { errorType: 'RangeError', errorMessage: 'no' },
  });
});

test('an event too old for its next retry is given up before it', async () => {
  await aws.make(await recording(`throw new Error('no');`));
  await configure({ ...onFailure, MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 2 });
  await send();
  await aws.advance('59s');
  expect(await received()).toEqual([]);
  await aws.advance('2m');
  const told = await record();
  expect(told['requestContext']).toMatchObject({
    condition: expect.stringMatching(/EventAgeExceeded|RetriesExhausted/),
  });
});

test('a function with no concurrency at all is told to its destination at once', async () => {
  await aws.make(await recording());
  await configure(onFailure);
  await aws.lambda.send(
    new PutFunctionConcurrencyCommand({ FunctionName: 'f', ReservedConcurrentExecutions: 0 }),
  );
  await send();
  await aws.advance('1s');
  const told = await record();
  expect(told['requestContext']).toMatchObject({
    condition: 'ZeroReservedConcurrency',
    approximateInvokeCount: 0,
  });
  expect(told).not.toHaveProperty('responseContext');
});

test('success is told to its destination', async () => {
  await aws.make(await recording('return { done: true };'));
  await configure({ DestinationConfig: { OnSuccess: { Destination: DEAD } } });
  await send();
  await aws.advance('1s');
  expect(await record()).toMatchObject({
    requestContext: { condition: 'Success', approximateInvokeCount: 1 },
    responsePayload: { done: true },
  });
});

test('a dead-letter queue gets the event itself, and why', async () => {
  await aws.make(await recording(`throw new Error('no');`), { DeadLetterConfig: { TargetArn: DEAD } });
  await configure({ MaximumRetryAttempts: 0 });
  await send();
  await aws.advance('1s');
  const [message] = await received();
  expect(message).toMatchObject({
    Body: '{"n":1}',
    MessageAttributes: {
      ErrorCode: { DataType: 'Number', StringValue: '200' },
      ErrorMessage: { DataType: 'String', StringValue: 'no' },
      RequestID: { DataType: 'String' },
    },
  });
});

test('what waits for its retry runs on new code', async () => {
  await aws.make(await recording(`throw new Error('no');`));
  await configure({ DestinationConfig: { OnSuccess: { Destination: DEAD } } });
  await send();
  await aws.advance('30s');
  await aws.lambda.send(
    new UpdateFunctionCodeCommand({
      FunctionName: 'f',
      ZipFile: zip({ 'index.js': `exports.handler = async () => 'new';` }),
    }),
  );
  await aws.advance('1m');
  expect(await record()).toMatchObject({
    responsePayload: 'new',
    requestContext: { approximateInvokeCount: 2 },
  });
});
