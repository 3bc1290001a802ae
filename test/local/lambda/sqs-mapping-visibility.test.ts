import {
  CreateEventSourceMappingCommand,
  DeleteFunctionConcurrencyCommand,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import { CreateQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { recording, seenBy, startFunctions, type Functions } from './fixture.ts';

let aws: Functions;
beforeEach(async () => {
  aws = await startFunctions();
});
afterEach(() => aws.stop());

/** The bodies of each batch; `*2` marks what was received for the second time. */
const seen = async (): Promise<string[]> =>
  (await seenBy<{ Records: { body: string; attributes: { ApproximateReceiveCount: string } }[] }>(aws)).map(
    ({ Records }) =>
      Records.map(({ body, attributes }) => `${body}*${attributes.ApproximateReceiveCount}`).join(' '),
  );

/** A queue with this visibility timeout, mapped to `f`, which takes `timeout` seconds at most. Answers how to send to it. */
async function mapped(visibility: number, timeout: number, settings: object = {}, answer = '') {
  const sqs = aws.client(SQSClient);
  const { QueueUrl } = await sqs.send(
    new CreateQueueCommand({ QueueName: 'q', Attributes: { VisibilityTimeout: `${visibility}` } }),
  );
  await aws.make({ ...(await recording(answer)), Timeout: timeout });
  await aws.lambda.send(
    new CreateEventSourceMappingCommand({
      FunctionName: 'f',
      EventSourceArn: 'arn:aws:sqs:eu-west-1:000000000000:q',
      ...settings,
    }),
  );
  return (MessageBody: string) => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
}
const throttle = () =>
  aws.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: 'f', ReservedConcurrentExecutions: 0 }));
const admit = () => aws.lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: 'f' }));

test.each([
  ['the visibility timeout of the queue holds, where window and function fit into it', 27, 30],
  ['the messages are hidden half a minute longer than window and function, where they do not', 28, 61],
])('with a batching window %s', async (_which, window, visibleAfter) => {
  const send = await mapped(30, 3, { MaximumBatchingWindowInSeconds: window }, `throw new Error('no');`);
  await send('a');
  await aws.advance((visibleAfter + window) * 1000 - 500);
  expect(await seen()).toEqual(['a*1']);
  await aws.advance('1s');
  expect(await seen()).toEqual(['a*1', 'a*2']);
});

// It is tried after 0, 1, 3, 7, 15 and 31 seconds.
test.each([
  ['again as long as its messages are hidden', 120, 20_000, ['a*1']],
  ['no more once its messages are visible: another may have them', 31, 30_500, ['a*2']],
])('a batch that is throttled is tried %s', async (_which, visibility, admitted, expected) => {
  const send = await mapped(visibility, 10);
  await throttle();
  await send('a');
  await aws.advance(admitted);
  await admit();
  await aws.advance('2m');
  expect(await seen()).toEqual(expected);
});

test('the message that was received first decides how long a throttled batch is tried', async () => {
  const send = await mapped(45, 20, { MaximumBatchingWindowInSeconds: 20 });
  await throttle();
  await send('a');
  await aws.advance('15s');
  await send('b');
  await aws.advance('31s');
  await admit();
  await aws.advance('2m');
  expect(await seen()).toEqual(['a*2 b*2']);
});
