import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { CreateQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startFunctions, type Functions } from './fixture.ts';

let aws: Functions;
beforeEach(async () => {
  aws = await startFunctions();
});
afterEach(() => aws.stop());

/**
 * What a function says that tells when it begins with which messages and when it ends, and does `work` in between. It
 * is given ten messages of 900 kB, of one group, when only six fit into one invocation.
 */
async function said(QueueName: string, work: string): Promise<string[]> {
  await aws.make(`exports.handler = async ({ Records }) => {
    console.log('begins', ...Records.map(({ body }) => body[0]));
    ${work}
    console.log('ends');
  };`);
  const sqs = aws.client(SQSClient);
  const fifo = QueueName.endsWith('.fifo');
  const Attributes = fifo ? { FifoQueue: 'true', ContentBasedDeduplication: 'true' } : {};
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  for (let n = 0; n < 10; n++)
    await sqs.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: `${n}`.repeat(900_000),
        ...(fifo && { MessageGroupId: 'g' }),
      }),
    );
  await aws.lambda.send(
    new CreateEventSourceMappingCommand({
      FunctionName: 'f',
      EventSourceArn: `arn:aws:sqs:eu-west-1:000000000000:${QueueName}`,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    }),
  );
  await aws.advance('20s');
  const { events = [] } = await aws
    .client(CloudWatchLogsClient)
    .send(new FilterLogEventsCommand({ logGroupName: '/aws/lambda/f' }));
  return events.flatMap(({ message }) => message!.match(/(begins|ends).*/)?.[0] ?? []);
}

const SECOND = 'await new Promise((r) => setTimeout(r, 1000));';
const FIRST = 'begins 0 1 2 3 4 5';
const REST = 'begins 6 7 8 9';

test('of a FIFO queue, what is too much for one invocation is handed over in parts, one after another', async () => {
  expect(await said('q.fifo', SECOND)).toEqual([FIRST, 'ends', REST, 'ends']);
});

test('of a standard queue, the parts run side by side', async () => {
  const lines = await said('q', SECOND);
  expect(lines.slice(0, 2).map((line) => line.split(' ')[0])).toEqual(['begins', 'begins']);
  expect(lines).toHaveLength(4);
});

test.each([
  ['fails', `throw new Error('no');`],
  ['fails in part', 'return { batchItemFailures: [{ itemIdentifier: Records[5].messageId }] };'],
])('of a FIFO queue, when a part %s, the next one waits with what has failed', async (_how, work) => {
  expect(await said('q.fifo', work)).toEqual([FIRST]);
});
