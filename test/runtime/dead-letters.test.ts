import {
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  type Message,
} from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, test } from 'vitest';
import { deadLetterOf, folded } from '../../functions/runtime/dead-letters.ts';
import { counter, Paid } from './counter.ts';
import { enveloped, intercepted, startRig, type Rig } from './rig.ts';

let rig: Rig | undefined;
afterEach(async () => {
  await rig?.stop();
  rig = undefined;
});

const paid = (id: string, amount: number) =>
  enveloped(Paid({ account: 'a', amount }, { id, time: '2030-01-01T00:00:00.000Z' }));
const strings = (values: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(values).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
  );

/** Everything in the dead-letter queue. */
async function letters({ sqs, deadLetters }: Rig): Promise<Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: deadLetters.url,
      MaxNumberOfMessages: 10,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['All'],
    }),
  );
  for (const { ReceiptHandle } of Messages)
    await sqs.send(new DeleteMessageCommand({ QueueUrl: deadLetters.url, ReceiptHandle }));
  return Messages;
}

describe('dead letters have one form, wherever the failure was (F35 I5)', () => {
  test('in a consumer: as the consumer wrote it', async () => {
    rig = await startRig();
    await rig.put(paid('one', -1));
    await rig.poll(counter(rig));
    const [message] = await letters(rig);
    expect(deadLetterOf(message!, 'consumer')).toMatchObject({
      origin: 'consumer',
      body: JSON.stringify(paid('one', -1)),
      reason: { code: 'NEGATIVE', id: 'one', consumer: 'consumer', attempts: 1, deadLettered: 1 },
    });
  });

  test('in SQS alone, after crashes: it says that nobody said why', async () => {
    rig = await startRig();
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: rig.deadLetters.arn, maxReceiveCount: 2 });
    await rig.sqs.send(
      new SetQueueAttributesCommand({ QueueUrl: rig.queue.url, Attributes: { RedrivePolicy } }),
    );
    await rig.put(paid('one', 1));
    for (let i = 0; i < 3; i++) {
      await rig.receive();
      await rig.aws.advance('5m');
    }
    const [message] = await letters(rig);
    expect(deadLetterOf(message!, 'consumer')).toMatchObject({
      origin: 'queue',
      reason: {
        code: 'NO_REASON',
        hint: expect.stringContaining('crashed'),
        id: 'one',
        type: 'paid',
        version: 2,
        receives: 2,
        queue: rig.queue.arn,
      },
    });
  });

  test('in SQS alone, after a redrive: the reason of the time before is not that of now', () => {
    const before = { code: 'NEGATIVE', first: '2029-12-31T00:00:00.000Z', deadLettered: 2 };
    const message: Message = {
      MessageId: 'm1',
      Body: JSON.stringify(paid('one', 1)),
      Attributes: { DeadLetterQueueSourceArn: 'arn:aws:sqs:eu-west-1:000000000000:queue' },
      MessageAttributes: strings({ SpillwayReason: JSON.stringify(before) }),
    };
    expect(deadLetterOf(message, 'consumer')).toMatchObject({
      origin: 'queue',
      reason: { code: 'NO_REASON', id: 'one', first: before.first, deadLettered: 3 },
    });
  });

  test('at a rule’s target: with EventBridge’s words', () => {
    const message: Message = {
      MessageId: 'm1',
      Body: JSON.stringify(paid('one', 1)),
      MessageAttributes: strings({
        RULE_ARN: 'arn:aws:events:eu-west-1:000000000000:rule/bus/r',
        TARGET_ARN: 'arn:aws:sqs:eu-west-1:000000000000:queue',
        ERROR_CODE: 'NO_PERMISSIONS',
        ERROR_MESSAGE: 'not authorized to perform: sqs:SendMessage',
        RETRY_ATTEMPTS: '3',
      }),
      Attributes: { SentTimestamp: String(Date.UTC(2030, 0, 2)) },
    };
    expect(deadLetterOf(message, 'payments')).toMatchObject({
      origin: 'rule',
      reason: {
        code: 'UNDELIVERED',
        message: 'NO_PERMISSIONS: not authorized to perform: sqs:SendMessage',
        consumer: 'payments',
        id: 'one',
        attempts: 4,
        last: '2030-01-02T00:00:00.000Z',
        queue: 'arn:aws:sqs:eu-west-1:000000000000:queue',
      },
    });
  });

  test.each<[string, Message, object]>([
    [
      'an asynchronous invocation, in the function’s dead-letter queue',
      {
        Body: '{"n":1}',
        MessageAttributes: strings({ RequestID: 'r1', ErrorCode: '200', ErrorMessage: 'no' }),
      },
      {
        origin: 'invocation',
        body: '{"n":1}',
        reason: { code: 'INVOCATION_FAILED', message: '200: no', requestId: 'r1' },
      },
    ],
    [
      'an asynchronous invocation, in its destination',
      {
        Body: JSON.stringify({
          version: '1.0',
          timestamp: '2030-01-01T00:00:00.000Z',
          requestContext: { requestId: 'r1', condition: 'RetriesExhausted', approximateInvokeCount: 3 },
          requestPayload: { n: 1 },
          responsePayload: { errorMessage: 'boom' },
        }),
      },
      {
        origin: 'invocation',
        body: '{"n":1}',
        reason: {
          code: 'INVOCATION_FAILED',
          message: 'RetriesExhausted: boom',
          attempts: 3,
          requestId: 'r1',
        },
      },
    ],
    [
      'a stream mapping',
      {
        Body: JSON.stringify({
          requestContext: { requestId: 'r1', condition: 'RetryAttemptsExhausted', approximateInvokeCount: 2 },
          responseContext: { statusCode: 200, functionError: 'Unhandled' },
          timestamp: '2030-01-01T00:00:00.000Z',
          DDBStreamBatchInfo: { shardId: 'shard-1', streamArn: 'arn:stream', batchSize: 4 },
        }),
      },
      {
        origin: 'stream',
        reason: {
          code: 'STREAM_GIVEN_UP',
          message: 'RetryAttemptsExhausted: 4 records of shard-1',
          attempts: 2,
          queue: 'arn:stream',
          last: '2030-01-01T00:00:00.000Z',
        },
      },
    ],
  ])('in %s', (_, message, expected) => {
    expect(deadLetterOf(message, 'relay')).toMatchObject(expected);
  });

  test('copies fold: a letter that was written, and its message dead-lettered again, is one', async () => {
    rig = await startRig();
    for (const body of [paid('one', -1), paid('two', -1), 'no json']) await rig.put(body);
    const sqs = intercepted(rig.sqs, async (name, next) => {
      const answer = await next();
      if (name === 'SendMessage') throw new Error('the answer was lost');
      return answer;
    });
    expect(await rig.poll(counter({ ...rig, sqs }))).toHaveLength(3);
    await rig.aws.advance('15m');
    expect(await rig.poll(counter(rig))).toEqual([]);
    const all = (await letters(rig)).map((message) => deadLetterOf(message, 'consumer'));
    expect(all).toHaveLength(6);
    const one = folded(all);
    expect(one.map(({ reason, copies }) => [reason.id, reason.receives, copies.length])).toEqual([
      ['one', 2, 2],
      ['two', 2, 2],
      [undefined, 2, 2],
    ]);
  });
});
