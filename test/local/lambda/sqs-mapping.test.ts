import { CreateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { recording, seenBy, startFunctions, type Functions } from './fixture.ts';

const QUEUE = 'arn:aws:sqs:eu-west-1:000000000000:q';
const DEAD = 'arn:aws:sqs:eu-west-1:000000000000:dead';

let aws: Functions;
let sqs: SQSClient;
let url: string;

interface Event {
  Records: { body: string; attributes: { ApproximateReceiveCount: string } }[];
}
/** The bodies of each batch; `*2` marks what was received for the second time. */
const seen = async (): Promise<string[][]> =>
  (await seenBy<Event>(aws)).map(({ Records }) =>
    Records.map(({ body, attributes: { ApproximateReceiveCount: n } }) =>
      n === '1' ? body : `${body}*${n}`,
    ),
  );
const map = (settings: object = {}) =>
  aws.lambda.send(
    new CreateEventSourceMappingCommand({ FunctionName: 'f', EventSourceArn: QUEUE, ...settings }),
  );
const send = (...bodies: string[]) =>
  sqs.send(
    new SendMessageBatchCommand({
      QueueUrl: url,
      Entries: bodies.map((MessageBody, i) => ({ Id: `${i}`, MessageBody })),
    }),
  );
const left = async (QueueUrl = url): Promise<number> => {
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  return (
    Number(Attributes!['ApproximateNumberOfMessages']) +
    Number(Attributes!['ApproximateNumberOfMessagesNotVisible'])
  );
};

beforeEach(async () => {
  aws = await startFunctions();
  sqs = aws.client(SQSClient);
  await sqs.send(new CreateQueueCommand({ QueueName: 'dead' }));
  ({ QueueUrl: url = '' } = await sqs.send(
    new CreateQueueCommand({
      QueueName: 'q',
      Attributes: { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: DEAD, maxReceiveCount: 2 }) },
    }),
  ));
});
afterEach(() => aws.stop());

test('messages that are sent together arrive together, and are deleted when the function succeeds', async () => {
  await aws.make(await recording());
  await map();
  await send('a', 'b', 'c');
  await aws.advance('1s');
  expect((await seen()).map((batch) => batch.toSorted())).toEqual([['a', 'b', 'c']]);
  expect(await left()).toBe(0);
});

test('a mapping drains what is there before it', async () => {
  await aws.make(await recording());
  await send('a');
  await map();
  await aws.advance('1s');
  expect(await seen()).toEqual([['a']]);
});

test('a record looks as AWS makes it, key by key', async () => {
  await aws.make(await recording());
  await map();
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: url,
      MessageBody: 'x',
      MessageAttributes: { n: { DataType: 'Number', StringValue: '1' } },
    }),
  );
  await aws.advance('1s');
  const [{ Records }] = (await seenBy<Event>(aws)) as [Event];
  expect(Object.keys(Records[0]!)).toEqual([
    'messageId',
    'receiptHandle',
    'body',
    'attributes',
    'messageAttributes',
    'md5OfMessageAttributes',
    'md5OfBody',
    'eventSource',
    'eventSourceARN',
    'awsRegion',
  ]);
  expect(Records[0]).toMatchObject({
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '1893456000000',
      SenderId: expect.any(String),
    },
    messageAttributes: {
      n: { stringValue: '1', stringListValues: [], binaryListValues: [], dataType: 'Number' },
    },
    eventSource: 'aws:sqs',
    eventSourceARN: QUEUE,
    awsRegion: 'eu-west-1',
  });
});

test('after a failure messages come back when their visibility lapses, and go to the dead-letter queue in the end', async () => {
  await aws.make(await recording(`throw new Error('no');`));
  await map();
  await send('a');
  await aws.advance('29s');
  expect(await seen()).toEqual([['a']]);
  await aws.advance('2s');
  expect(await seen()).toEqual([['a'], ['a*2']]);
  await aws.advance('31s');
  expect(await seen()).toHaveLength(2);
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: url.replace(/q$/, 'dead') }));
  expect(Messages?.map(({ Body }) => Body)).toEqual(['a']);
});

describe('ReportBatchItemFailures (F27, F29)', () => {
  const types = { FunctionResponseTypes: ['ReportBatchItemFailures'] };
  const answers: [string, string, number][] = [
    ['nothing', '', 0],
    ['null', 'return null;', 0],
    ['an empty object', 'return {};', 0],
    ['a null list', 'return { batchItemFailures: null };', 0],
    ['an empty list', 'return { batchItemFailures: [] };', 0],
    ['one of two ids', 'return { batchItemFailures: [{ itemIdentifier: event.Records[0].messageId }] };', 1],
    ['a string', `return 'ok';`, 2],
    ['an empty id', `return { batchItemFailures: [{ itemIdentifier: '' }] };`, 2],
    ['a null id', 'return { batchItemFailures: [{ itemIdentifier: null }] };', 2],
    ['a wrong key', `return { batchItemFailures: [{ foo: 'x' }] };`, 2],
    ['an unknown id', `return { batchItemFailures: [{ itemIdentifier: 'x' }] };`, 2],
    ['an error', `throw new Error('no');`, 2],
  ];
  test.each(answers)('%s', async (_shape, answer, remaining) => {
    await aws.make(await recording(answer));
    await map(types);
    await send('a', 'b');
    await aws.advance('1s');
    expect(await left()).toBe(remaining);
  });

  test('without the setting the answer is ignored and everything is deleted (F28)', async () => {
    await aws.make(
      await recording(
        'return { batchItemFailures: event.Records.map((r) => ({ itemIdentifier: r.messageId })) };',
      ),
    );
    await map();
    await send('a', 'b');
    await aws.advance('1s');
    expect(await left()).toBe(0);
  });
});

test('a batching window gathers messages of several sends', async () => {
  await aws.make(await recording());
  await map({ MaximumBatchingWindowInSeconds: 5, BatchSize: 100 });
  await send('a');
  await aws.advance('2s');
  await send('b');
  await aws.advance('2s');
  expect(await seen()).toEqual([]);
  await aws.advance('1s');
  expect(await seen()).toEqual([['a', 'b']]);
});

test('what no filter lets through is deleted (F32)', async () => {
  await aws.make(await recording());
  await map({
    FilterCriteria: { Filters: [{ Pattern: JSON.stringify({ body: { n: [{ numeric: ['>', 1] }] } }) }] },
  });
  await send('{"n":1}', '{"n":2}', 'plain');
  await aws.advance('1s');
  expect(await seen()).toEqual([['{"n":2}']]);
  expect(await left()).toBe(0);
});

test('of a FIFO queue, one batch of a group is under way at a time, in order', async () => {
  await aws.make(await recording(`await new Promise((r) => setTimeout(r, 1000));`));
  const { QueueUrl } = await sqs.send(
    new CreateQueueCommand({
      QueueName: 'q.fifo',
      Attributes: { FifoQueue: 'true', ContentBasedDeduplication: 'true' },
    }),
  );
  await map({ EventSourceArn: `${QUEUE}.fifo`, BatchSize: 2 });
  for (const MessageBody of ['1', '2', '3', '4', '5'])
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageGroupId: 'g' }));
  await aws.advance('10s');
  expect((await seen()).flat()).toEqual(['1', '2', '3', '4', '5']);
});

test('MaximumConcurrency bounds what runs side by side, without receiving too much (F26)', async () => {
  await aws.make(await recording(`await new Promise((r) => setTimeout(r, 1000));`));
  await map({ ScalingConfig: { MaximumConcurrency: 2 }, BatchSize: 1 });
  await send('a', 'b', 'c', 'd', 'e');
  await aws.advance('500ms');
  expect(await seen()).toHaveLength(2);
  await aws.advance('5s');
  expect((await seen()).flat().toSorted()).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('an idle mapping waits for nothing: a year passes at once', async () => {
  await aws.make(await recording());
  await map();
  const began = process.hrtime.bigint();
  await aws.advance('365d');
  expect(Number(process.hrtime.bigint() - began) / 1e6).toBeLessThan(500);
});

test('messages whose deletion was never answered stay deleted; those whose deletion failed come again', async () => {
  await aws.make(await recording());
  await map();
  aws.world.faults.set([{ fault: 'lost', operation: 'DeleteMessageBatch', times: 1 }]);
  await send('a');
  await aws.advance('1m');
  aws.world.faults.set([{ fault: 'error', operation: 'DeleteMessageBatch', times: 1 }]);
  await send('b');
  await aws.advance('1m');
  expect(await seen()).toEqual([['a'], ['b'], ['b*2']]);
  expect(await left()).toBe(0);
});
