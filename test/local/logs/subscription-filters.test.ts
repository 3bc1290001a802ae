import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteSubscriptionFilterCommand,
  DescribeSubscriptionFiltersCommand,
  PutSubscriptionFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { AddPermissionCommand } from '@aws-sdk/client-lambda';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recording, seenBy, startFunctions, type Functions } from '../lambda/fixture.ts';

let aws: Functions;
let logs: CloudWatchLogsClient;
const destinationArn = 'arn:aws:lambda:eu-west-1:000000000000:function:f';
const groupArn = (name: string) => `arn:aws:logs:eu-west-1:000000000000:log-group:${name}:*`;

beforeAll(async () => {
  aws = await startFunctions();
  logs = aws.client(CloudWatchLogsClient);
  await aws.make(await recording());
  for (const logGroupName of ['watched', 'regional', 'strange'])
    await logs.send(new CreateLogGroupCommand({ logGroupName }));
  const permit = (StatementId: string, Principal: string, SourceArn: string) =>
    aws.lambda.send(
      new AddPermissionCommand({
        FunctionName: 'f',
        Action: 'lambda:InvokeFunction',
        StatementId,
        Principal,
        SourceArn,
        SourceAccount: '000000000000',
      }),
    );
  await permit('a', 'logs.amazonaws.com', groupArn('watched'));
  await permit('b', 'logs.eu-west-1.amazonaws.com', groupArn('regional'));
});
afterAll(() => aws.stop());

const put = (settings: object = {}) =>
  logs.send(
    new PutSubscriptionFilterCommand({
      logGroupName: 'watched',
      filterName: 'f',
      filterPattern: 'ERROR',
      destinationArn,
      ...settings,
    }),
  );

test('a function that CloudWatch Logs may not invoke for the group is refused', async () => {
  await expect(put({ logGroupName: 'strange' })).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message:
      'Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your function.',
  });
});

test('a permission may name the service of the region', async () => {
  const { $metadata } = await put({ logGroupName: 'regional' });
  expect($metadata.httpStatusCode).toBe(200);
});

test('what matches is given to the function, compressed, with the fields of space-delimited events', async () => {
  await put();
  await put({ filterName: 'fields', filterPattern: '[level = WARN, code]' });
  const timestamp = aws.world.clock.now();
  aws.world.service('logs').append(
    'watched',
    'stream',
    ['ERROR a', 'fine', 'WARN 7', 'ERROR b'].map((message) => ({ timestamp, message })),
  );
  await aws.advance('1s');
  const events = await seenBy<{ awslogs: { data: string } }>(aws);
  const decoded = events.map(({ awslogs }) =>
    JSON.parse(String(gunzipSync(Buffer.from(awslogs.data, 'base64')))),
  );
  const common = {
    messageType: 'DATA_MESSAGE',
    owner: '000000000000',
    logGroup: 'watched',
    logStream: 'stream',
  };
  const id = expect.stringMatching(/^\d{56}$/);
  expect(decoded).toEqual([
    {
      ...common,
      subscriptionFilters: ['f'],
      logEvents: ['ERROR a', 'ERROR b'].map((message) => ({ id, timestamp, message })),
    },
    {
      ...common,
      subscriptionFilters: ['fields'],
      logEvents: [{ id, timestamp, message: 'WARN 7', extractedFields: { level: 'WARN', code: '7' } }],
    },
  ]);
});

test('a group has two of them, by name', async () => {
  await put();
  await put({ filterName: 'fields' });
  await expect(put({ filterName: 'third' })).rejects.toMatchObject({
    name: 'LimitExceededException',
    message: 'Resource limit exceeded.',
  });
  await put({ filterPattern: 'FATAL' });
  await logs.send(new DeleteSubscriptionFilterCommand({ logGroupName: 'watched', filterName: 'fields' }));
  const { subscriptionFilters } = await logs.send(
    new DescribeSubscriptionFiltersCommand({ logGroupName: 'watched' }),
  );
  expect(subscriptionFilters).toEqual([
    {
      filterName: 'f',
      logGroupName: 'watched',
      filterPattern: 'FATAL',
      destinationArn,
      distribution: 'ByLogStream',
      applyOnTransformedLogs: false,
      creationTime: expect.any(Number),
    },
  ]);
  await expect(
    logs.send(new DeleteSubscriptionFilterCommand({ logGroupName: 'watched', filterName: 'fields' })),
  ).rejects.toMatchObject({ message: 'The specified subscription filter does not exist.' });
});

test('a role for a function and destinations that are no function are refused', async () => {
  const roleArn = 'arn:aws:iam::000000000000:role/function';
  await expect(put({ roleArn })).rejects.toMatchObject({
    message: 'destinationArn for vendor lambda cannot be used with roleArn',
  });
  await expect(
    put({ destinationArn: 'arn:aws:kinesis:eu-west-1:000000000000:stream/s', roleArn }),
  ).rejects.toMatchObject({
    name: 'NotImplemented',
    message: expect.stringContaining('kinesis'),
  });
});
