import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startLocal, type Local } from '../../../local/index.ts';

let aws: Local;
let logs: CloudWatchLogsClient;
const group = { logGroupName: 'g' };
const stream = { ...group, logStreamName: 's' };
const put = (...messages: string[]) =>
  logs.send(
    new PutLogEventsCommand({
      ...stream,
      logEvents: messages.map((message) => ({ timestamp: aws.world.clock.now(), message })),
    }),
  );
const filtered = async (filterPattern?: string) => {
  const { events } = await logs.send(
    new FilterLogEventsCommand({ ...group, ...(filterPattern && { filterPattern }) }),
  );
  return events!.map(({ message }) => message);
};

beforeEach(async () => {
  aws = await startLocal();
  logs = aws.client(CloudWatchLogsClient);
  await logs.send(new CreateLogGroupCommand(group));
  await logs.send(new CreateLogStreamCommand(stream));
});
afterEach(() => aws.stop());

test('events are read from the head forwards and from the tail backwards', async () => {
  await put('1', '2', '3', '4', '5');
  const read = async (settings: object) => {
    const { events, nextForwardToken, nextBackwardToken } = await logs.send(
      new GetLogEventsCommand({ ...stream, limit: 2, ...settings }),
    );
    return { seen: events!.map(({ message }) => message), nextForwardToken, nextBackwardToken };
  };
  const head = await read({ startFromHead: true });
  expect(head.seen).toEqual(['1', '2']);
  expect((await read({ nextToken: head.nextForwardToken })).seen).toEqual(['3', '4']);
  const tail = await read({});
  expect(tail.seen).toEqual(['4', '5']);
  expect((await read({ nextToken: tail.nextBackwardToken })).seen).toEqual(['2', '3']);
});

test.each([
  [undefined, ['an ERROR here', '{"level":"warn","n":2,"a":{"b":"x"}}', 'fine day']],
  ['ERROR', ['an ERROR here']],
  ['"an ERROR"', ['an ERROR here']],
  ['an -ERROR', []],
  ['?ERROR ?fine', ['an ERROR here', 'fine day']],
  ['{ $.level = "warn" }', ['{"level":"warn","n":2,"a":{"b":"x"}}']],
  ['{ $.level = "w*" && $.n >= 2 }', ['{"level":"warn","n":2,"a":{"b":"x"}}']],
  ['{ $.n > 2 }', []],
  ['{ $.a.b = "y" || $.a.b = "x" }', ['{"level":"warn","n":2,"a":{"b":"x"}}']],
  ['{ $.gone NOT EXISTS }', ['{"level":"warn","n":2,"a":{"b":"x"}}']],
])('the filter pattern %j finds %j', async (pattern, found) => {
  await put('an ERROR here', '{"level":"warn","n":2,"a":{"b":"x"}}', 'fine day');
  expect(await filtered(pattern)).toEqual(found);
});

test('what is past its retention goes', async () => {
  await logs.send(new PutRetentionPolicyCommand({ ...group, retentionInDays: 1 }));
  await put('old');
  await aws.advance('25h');
  await put('new');
  expect(await filtered()).toEqual(['new']);
});

test('a group is described with its ARN, which ends in :*', async () => {
  await put('x');
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: 'g' }));
  expect(logGroups![0]).toMatchObject({
    ...group,
    arn: 'arn:aws:logs:eu-west-1:000000000000:log-group:g:*',
    storedBytes: 27,
  });
  const { logStreams } = await logs.send(
    new DescribeLogStreamsCommand({ ...group, orderBy: 'LastEventTime' }),
  );
  expect(logStreams![0]).toMatchObject({ logStreamName: 's', lastEventTimestamp: aws.world.clock.now() });
});

test('what is too old or too far ahead is left out, and told', async () => {
  const now = aws.world.clock.now();
  const { rejectedLogEventsInfo } = await logs.send(
    new PutLogEventsCommand({
      ...stream,
      logEvents: [now - 15 * 86_400_000, now, now + 3 * 3_600_000].map((timestamp) => ({
        timestamp,
        message: 'm',
      })),
    }),
  );
  expect(rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1, tooNewLogEventStartIndex: 2 });
  expect(await filtered()).toEqual(['m']);
});

test('a group keeps no more than it may, and drops the oldest', async () => {
  for (let i = 0; i < 60; i++)
    aws.world
      .service('logs')
      .append('g', `s${i}`, [{ timestamp: aws.world.clock.now(), message: 'x'.repeat(2 ** 20) }]);
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: 'g' }));
  expect(logGroups![0]!.storedBytes).toBeLessThanOrEqual(32 * 2 ** 20);
  const { logStreams } = await logs.send(
    new DescribeLogStreamsCommand({ ...group, logStreamNamePrefix: 's59' }),
  );
  expect(logStreams).toHaveLength(1);
});

test('the names of what is missing', async () => {
  const missing = (command: Promise<unknown>) => command.catch((error: Error) => [error.name, error.message]);
  expect(await missing(logs.send(new FilterLogEventsCommand({ logGroupName: 'x' })))).toEqual([
    'ResourceNotFoundException',
    'The specified log group does not exist.',
  ]);
  expect(await missing(logs.send(new CreateLogGroupCommand(group)))).toEqual([
    'ResourceAlreadyExistsException',
    'The specified log group already exists',
  ]);
});
