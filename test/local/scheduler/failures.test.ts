import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { SchedulerClient, CreateScheduleCommand, ListSchedulesCommand } from '@aws-sdk/client-scheduler';
import type { Message } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withRole } from '../iam/role.ts';
import { ROLE, scheduling } from './scheduling.ts';

let aws: Awaited<ReturnType<typeof scheduling>>;
let dead: string;
beforeEach(async () => {
  aws = await scheduling();
  dead = await aws.queue('dead');
});
afterEach(() => aws.stop());

const textsOf = ({ MessageAttributes = {} }: Message) =>
  Object.fromEntries(Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue]));
const sum = async (MetricName: string, ScheduleGroup?: string) => {
  const { Datapoints = [] } = await aws.client(CloudWatchClient).send(
    new GetMetricStatisticsCommand({
      Namespace: 'AWS/Scheduler',
      MetricName,
      ...(ScheduleGroup && { Dimensions: [{ Name: 'ScheduleGroup', Value: ScheduleGroup }] }),
      StartTime: new Date('2029-12-31'),
      EndTime: new Date('2030-02-01'),
      Period: 86_400,
      Statistics: ['Sum'],
    }),
  );
  return Datapoints.reduce((total, { Sum = 0 }) => total + Sum, 0);
};
const none = 'arn:aws:sqs:eu-west-1:000000000000:none';

test('a failure that may pass is tried again, later each time', async () => {
  await aws.schedule({
    Target: { Input: '<aws.scheduler.attempt-number>', DeadLetterConfig: { Arn: dead } },
  });
  await aws.advance('59m');
  aws.world.faults.set([{ fault: 'throttle', service: 'sqs', operation: 'SendMessage', times: 3 }]);
  await aws.advance('2m');
  expect(await aws.bodies(aws.target)).toEqual(['4']);
  expect(await aws.bodies(dead)).toEqual([]);
  expect(await sum('InvocationAttemptCount')).toBe(4);
  expect(await sum('TargetErrorCount', 'default')).toBe(3);
  expect(await sum('TargetErrorThrottledCount', 'default')).toBe(3);
});

test('a failure that does not pass becomes a dead letter at once: the call that was made, and why it failed', async () => {
  await aws.schedule({
    Target: { Arn: none, Input: 'at <aws.scheduler.scheduled-time>', DeadLetterConfig: { Arn: dead } },
  });
  await aws.advance('2h');
  const [letter = {}] = await aws.received(dead);
  expect(letter.Body).toBe(
    '{"MessageBody":"at 2030-01-01T01:00:00Z","QueueUrl":"http://127.0.0.1:4566/000000000000/none"}',
  );
  expect(textsOf(letter)).toEqual({
    ERROR_CODE: 'AWS.SimpleQueueService.NonExistentQueue',
    ERROR_MESSAGE: expect.stringContaining('The specified queue does not exist') as string,
    EXECUTION_ID: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
    IS_PAYLOAD_TRUNCATED: 'false',
    RETRY_ATTEMPTS: '0',
    SCHEDULED_TIME: '2030-01-01T01:00:00Z',
    SCHEDULE_ARN: 'arn:aws:scheduler:eu-west-1:000000000000:schedule/default/s',
    TARGET_ARN: 'arn:aws:scheduler:::aws-sdk:sqs:sendMessage',
  });
  expect(await sum('InvocationDroppedCount', 'default')).toBe(1);
  expect(await sum('InvocationsSentToDeadLetterCount', 'default')).toBe(1);
});

test('a dead letter names the API of its target, and the error that this API would have sent', async () => {
  const arn = (service: string, name: string) => `arn:aws:${service}:eu-west-1:000000000000:${name}`;
  const targets = [
    { Arn: arn('lambda', 'function:none') },
    { Arn: arn('sns', 'none') },
    {
      Arn: arn('events', 'event-bus/default'),
      Input: '[]',
      EventBridgeParameters: { Source: 's', DetailType: 'd' },
    },
    { Arn: 'arn:aws:scheduler:::aws-sdk:s3:putObject', Input: '{"Bucket":"none","Key":"k","Body":"text"}' },
  ];
  for (const [i, target] of targets.entries())
    await aws.schedule({
      Name: `s${i}`,
      Target: { Input: '{}', DeadLetterConfig: { Arn: dead }, ...target },
    });
  await aws.advance('2h');
  const letters = (await aws.received(dead)).map((letter) => {
    const { TARGET_ARN = '', ERROR_CODE } = textsOf(letter);
    return [TARGET_ARN.replace('arn:aws:scheduler:::aws-sdk:', ''), ERROR_CODE, letter.Body];
  });
  expect(letters.toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1))).toEqual([
    [
      'eventbridge:putEvents',
      'MalformedDetail',
      `{"Entries":[{"Detail":"[]","DetailType":"d","EventBusName":"${arn('events', 'event-bus/default')}","Source":"s"}]}`,
    ],
    [
      'lambda:invoke',
      'ResourceNotFoundException',
      `{"FunctionName":"${arn('lambda', 'function:none')}","InvocationType":"Event","Payload":"{}"}`,
    ],
    ['s3:putObject', 'NoSuchBucket', '{"Bucket":"none","Key":"k","Body":"text"}'],
    ['sns:publish', 'NotFound', `{"Message":"{}","TopicArn":"${arn('sns', 'none')}"}`],
  ]);
});

test.each([
  ['MaximumRetryAttempts', { MaximumRetryAttempts: 2 }, '2'],
  ['MaximumEventAgeInSeconds', { MaximumEventAgeInSeconds: 60 }, /^[4-7]$/],
])('a dead letter says that %s ended the retries', async (condition, RetryPolicy, retries) => {
  await aws.schedule({ Target: { RetryPolicy, DeadLetterConfig: { Arn: dead } } });
  await aws.advance('59m');
  aws.world.faults.set([{ fault: 'error', service: 'sqs', operation: 'SendMessage', target: '*:target' }]);
  await aws.advance('10m');
  const [letter = {}] = await aws.received(dead);
  expect(textsOf(letter)).toMatchObject({
    ERROR_CODE: 'InternalFailure',
    EXHAUSTED_RETRY_CONDITION: condition,
    RETRY_ATTEMPTS: expect.stringMatching(retries) as string,
  });
});

test('the role needs to be allowed the call, and the dead letter as well', async () => {
  const RoleArn = await withRole(aws, {
    name: 'narrow',
    trust: { Service: 'scheduler.amazonaws.com' },
    statements: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: dead }],
  });
  await aws.schedule({ Target: { RoleArn, DeadLetterConfig: { Arn: dead } } });
  await aws.schedule({ Name: 'lost', Target: { RoleArn, DeadLetterConfig: { Arn: none } } });
  await aws.advance('2h');
  const letters = await aws.received(dead);
  expect(letters.map(textsOf)).toMatchObject([
    {
      ERROR_CODE: 'AccessDenied',
      ERROR_MESSAGE: expect.stringContaining('is not authorized to perform: sqs:sendmessage') as string,
    },
  ]);
  expect(await sum('InvocationsFailedToBeSentToDeadLetterCount', 'default')).toBe(1);
  expect(await sum('InvocationsFailedToBeSentToDeadLetterCount_AccessDenied')).toBe(1);
});

test('who makes a schedule needs to be allowed to pass its role, in the schedule that is named', async () => {
  const RoleArn = await withRole(aws, {
    trust: { AWS: '000000000000' },
    statements: [
      {
        Effect: 'Allow',
        Action: 'scheduler:CreateSchedule',
        Resource: 'arn:aws:scheduler:eu-west-1:000000000000:schedule/default/s',
      },
    ],
  });
  const { Credentials } = await aws
    .client(STSClient)
    .send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me' }));
  const scheduler = aws.client(SchedulerClient, {
    credentials: {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken!,
    },
  });
  const schedule = (Name: string) =>
    scheduler.send(
      new CreateScheduleCommand({
        Name,
        ScheduleExpression: 'rate(1 day)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: { Arn: aws.target, RoleArn: ROLE },
      }),
    );
  await expect(schedule('s')).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining(`iam:PassRole on resource: ${ROLE}`) as string,
    $metadata: { httpStatusCode: 403 },
  });
  await expect(schedule('t')).rejects.toThrow(
    /scheduler:CreateSchedule on resource: .*:schedule\/default\/t/,
  );
  await expect(scheduler.send(new ListSchedulesCommand({}))).rejects.toThrow(/:schedule\/\*\/\*/);
});
