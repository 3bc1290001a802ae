import { type SendMessageCommandInput } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { servicePrincipal } from '../../../local/principal.ts';
import { aQueue, bodies, sendBatch, text } from './queue.ts';

describe('bodies', () => {
  test.each(['', undefined])('%j is none', async (body) => {
    const { send } = await aQueue();
    await expect(send(body as string)).rejects.toMatchObject({
      Error: { Code: 'MissingParameter' },
      message: 'The request must contain the parameter MessageBody.',
    });
  });

  test.each(['\t\n\r ~', '\uD7FF\uE000\uFFFD', '😀'])('%j may be said', async (body) => {
    const { send, receive } = await aQueue();
    await send(body);
    expect(bodies(await receive())).toEqual([body]);
  });

  test.each(['\u0000', '\u000B', '\uFFFE'])('%j may not (B: control characters)', async (body) => {
    const { send } = await aQueue();
    await expect(send(body)).rejects.toMatchObject({ name: 'InvalidMessageContents' });
  });
});

describe('size', () => {
  test('counts bytes of the body and of names, types and values of attributes', async () => {
    const { send } = await aQueue({ MaximumMessageSize: '1024' });
    const MessageAttributes = { ab: text('cd') }; // 2 + 6 + 2 bytes
    await send('é'.repeat(507), { MessageAttributes });
    await expect(send(`${'é'.repeat(507)}x`, { MessageAttributes })).rejects.toMatchObject({
      Error: { Code: 'InvalidParameterValue' },
      message: 'One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.',
    });
  });

  test('is at most a mebibyte (F10)', async () => {
    const { send } = await aQueue();
    await send('x'.repeat(1_048_576));
    await expect(send('x'.repeat(1_048_577))).rejects.toThrow('Message must be shorter than 1048576 bytes.');
  });

  test('of a batch is compared with the fixed limit, of each entry with the queue’s', async () => {
    const queue = await aQueue({ MaximumMessageSize: '1024' });
    expect(
      await sendBatch(queue, [
        { Id: 'large', MessageBody: 'x'.repeat(1025) },
        { Id: 'small', MessageBody: 'x'.repeat(1024) },
      ]),
    ).toMatchObject({
      Successful: [{ Id: 'small' }],
      Failed: [
        {
          Id: 'large',
          Code: 'InvalidParameterValue',
          SenderFault: true,
          Message:
            'One or more parameters cannot be validated. Reason: Message must be shorter than 1024 bytes.',
        },
      ],
    });
    const half = { Id: 'a', MessageBody: 'x'.repeat(524_288) };
    await expect(
      sendBatch(queue, [half, { Id: 'b', MessageBody: 'x'.repeat(524_289) }]),
    ).rejects.toMatchObject({
      name: 'BatchRequestTooLong',
      Error: { Code: 'AWS.SimpleQueueService.BatchRequestTooLong' },
      message: 'Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.',
    });
  });
});

describe('system attributes', () => {
  const trace = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1';

  test('a trace header travels with the message and does not count as size', async () => {
    const { send, receive } = await aQueue({ MaximumMessageSize: '1024' });
    const sent = await send('x'.repeat(1024), { MessageSystemAttributes: { AWSTraceHeader: text(trace) } });
    expect(sent.MD5OfMessageSystemAttributes).toMatch(/^[0-9a-f]{32}$/);
    expect(sent.MD5OfMessageAttributes).toBeUndefined();
    const [message] = await receive({ MessageSystemAttributeNames: ['AWSTraceHeader'] });
    expect(message!.Attributes).toEqual({ AWSTraceHeader: trace });
  });

  test('the header of the request does as well', async () => {
    const { sqs, send, receive } = await aQueue();
    sqs.middlewareStack.add(
      (next) => (args) => {
        Object.assign((args.request as { headers: object }).headers, { 'X-Amzn-Trace-Id': trace });
        return next(args);
      },
      { step: 'build' },
    );
    const sent = await send('x');
    expect(sent.MD5OfMessageSystemAttributes).toBeUndefined();
    const [message] = await receive();
    expect(message!.Attributes).toMatchObject({ AWSTraceHeader: trace });
  });

  test('no other can be sent', async () => {
    const { send } = await aQueue();
    const MessageSystemAttributes = {
      SenderId: text('x'),
    } as SendMessageCommandInput['MessageSystemAttributes'];
    await expect(send('x', { MessageSystemAttributes })).rejects.toThrow(
      "Message system attribute name 'SenderId' is invalid.",
    );
  });
});

describe('delay', () => {
  test.each([-1, 901])('%i seconds are refused', async (DelaySeconds) => {
    const { send } = await aQueue();
    await expect(send('x', { DelaySeconds })).rejects.toThrow(
      `Value ${DelaySeconds} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.`,
    );
  });

  test('of a message wins over the queue’s, 0 too; meanwhile it counts as delayed', async () => {
    const { aws, send, receive, counts } = await aQueue({ DelaySeconds: '60' });
    await send('queue');
    await send('own', { DelaySeconds: 10 });
    await send('none', { DelaySeconds: 0 });
    expect(counts()).toEqual({ visible: 1, inFlight: 0, delayed: 2 });
    expect(bodies(await receive())).toEqual(['none']);
    await aws.advance('10s');
    expect(bodies(await receive())).toEqual(['own']);
    await aws.advance('50s');
    expect(bodies(await receive())).toContain('queue');
  });

  test('of a standard queue changes for later messages only', async () => {
    const { aws, send, set, counts } = await aQueue({ DelaySeconds: '60' });
    await send('a');
    await set({ DelaySeconds: '0' });
    expect(counts()).toMatchObject({ delayed: 1 });
    await aws.advance('60s');
    expect(counts()).toMatchObject({ visible: 1 });
  });
});

describe('a queue under the AWS managed key', () => {
  test('takes nothing from an AWS service (F14)', async () => {
    const { aws, arn, QueueUrl, send } = await aQueue({
      KmsMasterKeyId: 'alias/aws/sqs',
      Policy: JSON.stringify({
        Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' }],
      }),
    });
    const rule = servicePrincipal(aws.world.account, 'events.amazonaws.com', `${arn}-rule`);
    await expect(
      aws.world.call(rule, 'sqs', 'SendMessage', { QueueUrl, MessageBody: 'x' }),
    ).rejects.toMatchObject({
      code: 'KmsAccessDenied',
      message: expect.stringContaining('no resource-based policy allows the kms:GenerateDataKey action'),
    });
    expect(await send('x')).toHaveProperty('MessageId');
  });
});
