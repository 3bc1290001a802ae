import { CreateEventSourceMappingCommand, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { DeleteRolePolicyCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { streamedTable } from '../dynamodb/streamed.ts';
import { startFunctions, type Functions } from './fixture.ts';

let aws: Functions;
let stream: string;
beforeAll(async () => {
  aws = await startFunctions();
  await aws.make('exports.handler = async () => {};');
  await aws.client(SQSClient).send(new CreateQueueCommand({ QueueName: 'q' }));
  stream = await streamedTable(aws);
});
afterAll(() => aws.stop());

const SOURCES = {
  queue: () => ({ EventSourceArn: 'arn:aws:sqs:eu-west-1:000000000000:q' }),
  stream: () => ({ EventSourceArn: stream, StartingPosition: 'LATEST' as const }),
};
type Source = keyof typeof SOURCES;
const map = (source: Source, settings: object) =>
  aws.lambda.send(
    new CreateEventSourceMappingCommand({ FunctionName: 'f', ...SOURCES[source](), ...settings }),
  );
const invalid = (message: string) => ({ name: 'InvalidParameterValueException', message });
const filters = (n: number) => ({ Filters: Array.from({ length: n }, () => ({ Pattern: '{}' })) });

describe('what only a stream has is refused of a queue, even where it says the default', () => {
  test.each([
    { ParallelizationFactor: 1 },
    { MaximumRetryAttempts: -1 },
    { MaximumRecordAgeInSeconds: -1 },
    { BisectBatchOnFunctionError: false },
    { TumblingWindowInSeconds: 0 },
    { TumblingWindowInSeconds: 60 },
    { DestinationConfig: { OnFailure: { Destination: 'arn:aws:sqs:eu-west-1:000000000000:d' } } },
  ])('%j', async (settings) => {
    const [member] = Object.keys(settings);
    await expect(map('queue', settings)).rejects.toMatchObject(
      invalid(`Unsupported ${member} parameter for given event source mapping type.`),
    );
  });

  test('StartingPosition', async () => {
    await expect(map('queue', { StartingPosition: 'LATEST' })).rejects.toMatchObject(
      invalid('StartingPosition is not valid for SQS event sources.'),
    );
  });
});

test.each([-2, 0, 59, 604_801])('a stream does not take %d s as MaximumRecordAgeInSeconds', async (age) => {
  await expect(map('stream', { MaximumRecordAgeInSeconds: age })).rejects.toMatchObject(
    invalid('MaximumRecordAgeInSeconds must be either -1 (forever) or between 60 and 604800 (inclusive)'),
  );
});

describe.each(['queue', 'stream'] as const)('of a %s', (source) => {
  test('five filters are the most', async () => {
    await expect(map(source, { FilterCriteria: filters(6) })).rejects.toMatchObject(
      invalid('The maximum number of filters is 5.'),
    );
  });

  test('a response type that there is not is refused', async () => {
    await expect(map(source, { FunctionResponseTypes: ['ReportEverything'] })).rejects.toMatchObject({
      name: 'ValidationException',
      message:
        "1 validation error detected: Value '[ReportEverything]' at 'functionResponseTypes' failed to satisfy constraint: Member must satisfy enum value set: [ReportBatchItemFailures]",
    });
  });

  test('what AWS takes is taken, and an update is checked as well', async () => {
    const { UUID } = await map(source, {
      FilterCriteria: filters(5),
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ...(source === 'stream' && {
        MaximumRecordAgeInSeconds: 60,
        MaximumRetryAttempts: 0,
        ParallelizationFactor: 10,
        BisectBatchOnFunctionError: true,
        TumblingWindowInSeconds: 0,
      }),
    });
    const update = (settings: object) =>
      aws.lambda.send(new UpdateEventSourceMappingCommand({ UUID, ...settings }));
    await expect(update({ FunctionResponseTypes: ['x'] })).rejects.toThrow('enum value set');
    await expect(update({ FilterCriteria: filters(6) })).rejects.toThrow('The maximum number of filters');
    expect(await update({ Enabled: false })).toMatchObject({
      FilterCriteria: filters(5),
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });
});

test.each([
  ['tumbling windows', { TumblingWindowInSeconds: 60 }],
  ['StartingPositionTimestamp', { StartingPositionTimestamp: new Date(0) }],
])('%s of a stream: refused by name', async (name, settings) => {
  await expect(map('stream', settings)).rejects.toThrow(name);
});

describe('a role that may not read the source is refused', () => {
  const iam = () => aws.client(IAMClient);
  const POLICY = { RoleName: 'function', PolicyName: 'deny' };
  const deny = (Action: string) => {
    const Statement = [{ Effect: 'Deny', Action, Resource: '*' }];
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    return iam().send(new PutRolePolicyCommand({ ...POLICY, PolicyDocument }));
  };
  afterEach(() => iam().send(new DeleteRolePolicyCommand(POLICY)));

  test.each(['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'])('of a queue: %s', async (action) => {
    await deny(`sqs:${action}`);
    await expect(map('queue', {})).rejects.toMatchObject(
      invalid(`The provided execution role does not have permissions to call ${action} on SQS`),
    );
  });

  test.each(['GetRecords', 'GetShardIterator', 'DescribeStream', 'ListStreams'])(
    'of a stream: %s',
    async (action) => {
      await deny(`dynamodb:${action}`);
      await expect(map('stream', {})).rejects.toMatchObject(
        invalid(
          `Cannot access stream ${stream}. Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, and ListStreams Actions on your stream in IAM.`,
        ),
      );
    },
  );
});
