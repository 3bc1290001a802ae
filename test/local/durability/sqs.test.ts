import * as SQS from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { startKept, type Kept } from './killed.ts';

const queue = async (aws: Kept, QueueName: string, Attributes: Record<string, string> = {}) =>
  (await aws.client(SQS.SQSClient).send(new SQS.CreateQueueCommand({ QueueName, Attributes }))).QueueUrl!;

const receive = async (aws: Kept, QueueUrl: string, VisibilityTimeout?: number) =>
  (
    await aws.client(SQS.SQSClient).send(
      new SQS.ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
        ...(VisibilityTimeout === undefined ? {} : { VisibilityTimeout }),
      }),
    )
  ).Messages ?? [];

test('a message that was sent is there after a kill, as it was sent', async () => {
  const aws = await startKept();
  const QueueUrl = await queue(aws, 'orders');
  const sent = await aws.client(SQS.SQSClient).send(
    new SQS.SendMessageCommand({
      QueueUrl,
      MessageBody: 'one ✓',
      MessageAttributes: { kind: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2, 3]) } },
    }),
  );
  const [message] = await receive(await aws.killed(), QueueUrl);
  expect(message).toMatchObject({
    MessageId: sent.MessageId,
    Body: 'one ✓',
    MessageAttributes: { kind: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2, 3]) } },
    Attributes: { ApproximateReceiveCount: '1' },
  });
});

test('a message in flight stays hidden until its visibility lapses, and its receipt handle and receive count hold', async () => {
  const aws = await startKept();
  const QueueUrl = await queue(aws, 'orders', { VisibilityTimeout: '60' });
  for (const MessageBody of ['a', 'b'])
    await aws.client(SQS.SQSClient).send(new SQS.SendMessageCommand({ QueueUrl, MessageBody }));
  const [a, b] = await receive(aws, QueueUrl);
  await aws.advance('30s');

  const next = await aws.killed();
  expect(await receive(next, QueueUrl)).toEqual([]);
  await next
    .client(SQS.SQSClient)
    .send(new SQS.DeleteMessageCommand({ QueueUrl, ReceiptHandle: a!.ReceiptHandle }));
  await next.advance('30s');
  const again = await receive(next, QueueUrl);
  expect(again.map(({ Body }) => Body)).toEqual([b!.Body]);
  expect(again[0]!.Attributes!.ApproximateReceiveCount).toBe('2');
  expect(again[0]!.Attributes!.ApproximateFirstReceiveTimestamp).toBe(
    b!.Attributes!.ApproximateFirstReceiveTimestamp,
  );
});

test('what was deleted, purged or whose queue was deleted does not come back', async () => {
  const aws = await startKept();
  const sqs = aws.client(SQS.SQSClient);
  const [kept, purged, gone] = [
    await queue(aws, 'kept'),
    await queue(aws, 'purged'),
    await queue(aws, 'gone'),
  ];
  for (const QueueUrl of [kept, purged, gone])
    await sqs.send(new SQS.SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
  const [message] = await receive(aws, kept);
  await sqs.send(new SQS.DeleteMessageCommand({ QueueUrl: kept, ReceiptHandle: message!.ReceiptHandle }));
  await sqs.send(new SQS.PurgeQueueCommand({ QueueUrl: purged }));
  await sqs.send(new SQS.DeleteQueueCommand({ QueueUrl: gone }));

  const next = await aws.killed();
  await next.advance('1h');
  expect(await receive(next, kept)).toEqual([]);
  expect(await receive(next, purged)).toEqual([]);
  const { QueueUrls } = await next.client(SQS.SQSClient).send(new SQS.ListQueuesCommand({}));
  expect(QueueUrls).toEqual([kept, purged]);
  expect(await receive(next, await queue(next, 'gone'))).toEqual([]);
});

test('a FIFO queue keeps order, the locks of its groups, its duplicates and its sequence', async () => {
  const aws = await startKept();
  const QueueUrl = await queue(aws, 'orders.fifo', { FifoQueue: 'true', VisibilityTimeout: '60' });
  const send = (at: Kept, MessageBody: string, MessageGroupId: string) =>
    at.client(SQS.SQSClient).send(
      new SQS.SendMessageCommand({
        QueueUrl,
        MessageBody,
        MessageGroupId,
        MessageDeduplicationId: MessageBody,
      }),
    );
  const first = await send(aws, 'a1', 'a');
  await receive(aws, QueueUrl);
  await send(aws, 'a2', 'a');
  await send(aws, 'b1', 'b');
  await send(aws, 'a3', 'a');

  const next = await aws.killed();
  expect((await send(next, 'a1', 'a')).SequenceNumber).toBe(first.SequenceNumber);
  const last = await send(next, 'a4', 'a');
  expect(BigInt(last.SequenceNumber!) > BigInt(first.SequenceNumber!) + 3n * 256n - 1n).toBe(true);
  expect((await receive(next, QueueUrl)).map(({ Body }) => Body)).toEqual(['b1']);
  await next.advance('60s');
  expect((await receive(next, QueueUrl)).map(({ Body }) => Body)).toEqual(['a1', 'a2', 'a3', 'a4', 'b1']);
});

test('attributes, tags, delays and dead letters are kept', async () => {
  const aws = await startKept();
  const sqs = aws.client(SQS.SQSClient);
  const dead = await queue(aws, 'dead');
  const QueueUrl = await queue(aws, 'orders', {
    DelaySeconds: '100',
    VisibilityTimeout: '0',
    RedrivePolicy: JSON.stringify({
      deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:000000000000:dead',
      maxReceiveCount: 1,
    }),
  });
  await sqs.send(new SQS.TagQueueCommand({ QueueUrl, Tags: { team: 'shop' } }));
  await sqs.send(new SQS.SendMessageCommand({ QueueUrl, MessageBody: 'late' }));
  const before = await sqs.send(new SQS.GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));

  const next = await aws.killed();
  const after = await next
    .client(SQS.SQSClient)
    .send(new SQS.GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  expect(after.Attributes).toEqual(before.Attributes);
  expect((await next.client(SQS.SQSClient).send(new SQS.ListQueueTagsCommand({ QueueUrl }))).Tags).toEqual({
    team: 'shop',
  });
  expect(await receive(next, QueueUrl)).toEqual([]);
  await next.advance('100s');
  expect(await receive(next, QueueUrl)).toHaveLength(1);
  expect(await receive(next, QueueUrl)).toEqual([]);

  const [letter] = await receive(await next.killed(), dead);
  expect(letter!.Attributes!.DeadLetterQueueSourceArn).toBe('arn:aws:sqs:eu-west-1:000000000000:orders');
});

test('a move task goes on where it was', async () => {
  const aws = await startKept();
  const sqs = aws.client(SQS.SQSClient);
  const SourceArn = 'arn:aws:sqs:eu-west-1:000000000000:dead';
  const dead = await queue(aws, 'dead');
  const QueueUrl = await queue(aws, 'orders', {
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: SourceArn, maxReceiveCount: 1 }),
  });
  for (let i = 0; i < 10; i++)
    await sqs.send(new SQS.SendMessageCommand({ QueueUrl: dead, MessageBody: `${i}` }));
  await sqs.send(
    new SQS.StartMessageMoveTaskCommand({
      SourceArn,
      DestinationArn: 'arn:aws:sqs:eu-west-1:000000000000:orders',
      MaxNumberOfMessagesPerSecond: 1,
    }),
  );
  await aws.advance('4s');

  const next = await aws.killed();
  await next.advance('20s');
  const { Results } = await next
    .client(SQS.SQSClient)
    .send(new SQS.ListMessageMoveTasksCommand({ SourceArn }));
  expect(Results).toMatchObject([{ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 10 }]);
  expect(await receive(next, QueueUrl)).toHaveLength(10);
});
