import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROLE, scheduling } from './scheduling.ts';

let aws: Awaited<ReturnType<typeof scheduling>>;
beforeAll(async () => {
  aws = await scheduling();
});
afterAll(() => aws.stop());

describe('refused in the words of AWS is', () => {
  const lambda = 'arn:aws:lambda:eu-west-1:000000000000:function:f';
  const bus = 'arn:aws:events:eu-west-1:000000000000:event-bus/default';
  const sdk = (api: string) => `arn:aws:scheduler:::aws-sdk:${api}`;
  const flexible = (MaximumWindowInMinutes?: number) =>
    ({ Mode: 'FLEXIBLE', MaximumWindowInMinutes }) as const;
  const day = (n: number) => new Date(Date.UTC(2030, 0, n));

  test.each([
    [
      'rate(10 seconds)',
      { ScheduleExpression: 'rate(10 seconds)' },
      'Invalid Schedule Expression rate(10 seconds).',
    ],
    [
      'rate( 10 minutes )',
      { ScheduleExpression: 'rate( 10 minutes )' },
      'Invalid Schedule Expression rate( 10 minutes ).',
    ],
    [
      'a cron without ?',
      { ScheduleExpression: 'cron(0 1 * * * *)' },
      'Invalid Schedule Expression cron(0 1 * * * *).',
    ],
    [
      'at(…Z)',
      { ScheduleExpression: 'at(2021-12-31T23:59:59Z)' },
      'Invalid Schedule Expression at(2021-12-31T23:59:59Z).',
    ],
    [
      'a date that is none',
      { ScheduleExpression: 'at(2030-02-30T00:00:00)' },
      'Invalid Schedule Expression at(2030-02-30T00:00:00).',
    ],
    ['an unknown zone', { ScheduleExpressionTimezone: 'Europe/Atlantis' }, 'Timezone Europe/Atlantis'],
    [
      'an early start',
      { ScheduleExpression: 'rate(1 day)', StartDate: new Date('2029-12-01') },
      'The StartDate you specify cannot be earlier than 5 minutes ago.',
    ],
    [
      'a start after the end',
      { ScheduleExpression: 'rate(1 day)', StartDate: day(3), EndDate: day(2) },
      'The StartDate you specify must come before the EndDate.',
    ],
    [
      'a flexible window without length',
      { FlexibleTimeWindow: flexible() },
      'MaximumWindowInMinutes must be provided when FlexibleTimeWindowMode is set to FLEXIBLE.',
    ],
    [
      'a length without a window',
      { FlexibleTimeWindow: { Mode: 'OFF', MaximumWindowInMinutes: 5 } as const },
      'MaximumWindowInMinutes must not be provided when FlexibleTimeWindowMode is set to OFF.',
    ],
    [
      'a window of more than a day',
      { FlexibleTimeWindow: flexible(1441) },
      "1 validation error detected: Value '1441' at 'flexibleTimeWindow.maximumWindowInMinutes' failed to satisfy constraint: Member must have value less than or equal to 1440",
    ],
    [
      'a name with a space',
      { Name: 'a b' },
      "at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern",
    ],
    [
      'more than 185 retries',
      { Target: { RetryPolicy: { MaximumRetryAttempts: 186 } } },
      "at 'target.retryPolicy.maximumRetryAttempts'",
    ],
    [
      'a FIFO queue for dead letters',
      { Target: { DeadLetterConfig: { Arn: 'arn:aws:sqs:eu-west-1:000000000000:d.fifo' } } },
      "at 'target.deadLetterConfig.arn' failed to satisfy constraint",
    ],
    [
      'a FIFO queue without a group',
      { Target: { Arn: 'arn:aws:sqs:eu-west-1:000000000000:q.fifo' } },
      'Parameters SqsParameters must be specified.',
    ],
    [
      'a group for a standard queue',
      { Target: { SqsParameters: { MessageGroupId: 'g' } } },
      'Parameters MessageGroupId not valid for the target.',
    ],
    [
      'parameters of another target',
      { Target: { KinesisParameters: { PartitionKey: 'p' } } },
      'Parameters KinesisParameters not supported for the target.',
    ],
    [
      'a bus without parameters',
      { Target: { Arn: bus, Input: '{}' } },
      'Parameters EventBridgeParameters must be specified.',
    ],
    [
      'text for a function',
      { Target: { Arn: lambda, Input: 'x' } },
      'JSON syntax error in input for the target',
    ],
    [
      'a target elsewhere',
      { Target: { Arn: lambda.replace('eu-west-1', 'us-east-1'), Input: '{}' } },
      'The target ARN provided does not match the current region eu-west-1.',
    ],
    [
      'a service that is no target',
      { Target: { Arn: 'arn:aws:s3:::bucket' } },
      's3 is not a supported service for a target.',
    ],
    ['no ARN', { Target: { Arn: 'queue' } }, 'Provided Arn is not in correct format.'],
    [
      'an API that reads',
      { Target: { Arn: sdk('sqs:getQueueUrl'), Input: '{}' } },
      'getQueueUrl API is not supported.',
    ],
    [
      'an API that there is not',
      { Target: { Arn: sdk('sqs:sendMesage'), Input: '{}' } },
      'sendMesage API is not supported.',
    ],
    [
      'an API without input',
      { Target: { Arn: sdk('sqs:sendMessage'), Input: undefined } },
      'You must provide an input to set this target for your schedule.',
    ],
    [
      'a role that is not there',
      { Target: { RoleArn: `${ROLE}2` } },
      'The execution role you provide must allow AWS EventBridge Scheduler to assume the role.',
    ],
  ] as const)('%s', async (_what, input, message) => {
    await expect(aws.schedule(input as object)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(message) as string,
    });
  });

  test.each([
    [
      'Step Functions',
      { Arn: 'arn:aws:states:eu-west-1:000000000000:stateMachine:m' },
      'schedules for the service states',
    ],
    ['a universal target elsewhere', { Arn: sdk('ec2:startInstances') }, 'schedules for the service ec2'],
    [
      'an operation that is not here',
      { Arn: sdk('sns:createSMSSandboxPhoneNumber'), Input: '{}' },
      'sns:CreateSMSSandboxPhoneNumber',
    ],
  ])('by name: %s', async (_what, Target, named) => {
    await expect(aws.schedule({ Target })).rejects.toThrow(`The embedded AWS does not model ${named}.`);
  });
});
