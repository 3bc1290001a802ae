import {
  CancelMessageMoveTaskCommand,
  DeleteQueueCommand,
  ListMessageMoveTasksCommand,
  StartMessageMoveTaskCommand,
  type StartMessageMoveTaskCommandInput,
} from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { bodies, queueIn, redrive, sourceWithDeadLetters } from './queue.ts';

describe('a move task', () => {
  /** `count` dead letters of one source. */
  async function deadLettersOf(count: number, { fifo = false } = {}) {
    const { aws, source, deadLetters } = await sourceWithDeadLetters({ fifo });
    for (let i = 0; i < count; i++) {
      await source.send(`${i}`, fifo ? { MessageGroupId: 'g' } : {});
      await source.receive();
    }
    await source.receive();
    const { sqs } = source;
    const start = (more: Partial<StartMessageMoveTaskCommandInput> = {}) =>
      sqs.send(new StartMessageMoveTaskCommand({ SourceArn: deadLetters.arn, ...more }));
    const list = async (MaxResults?: number) =>
      (await sqs.send(new ListMessageMoveTasksCommand({ SourceArn: deadLetters.arn, MaxResults }))).Results!;
    const cancel = (TaskHandle?: string) => sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle }));
    return { aws, sqs, source, deadLetters, start, list, cancel };
  }

  test('brings messages back to where they came from, as new ones (F36)', async () => {
    const { aws, source, deadLetters, start, list } = await deadLettersOf(3);
    const ids = (await deadLetters.receive()).map(({ MessageId }) => MessageId);
    const { TaskHandle } = await start();
    const started = aws.world.clock.now();
    expect(await list()).toEqual([
      {
        TaskHandle,
        SourceArn: deadLetters.arn,
        StartedTimestamp: started,
        Status: 'RUNNING',
        ApproximateNumberOfMessagesMoved: 0,
        ApproximateNumberOfMessagesToMove: 3,
      },
    ]);
    await aws.advance('1s');
    expect(await list()).toEqual([
      {
        SourceArn: deadLetters.arn,
        StartedTimestamp: started,
        Status: 'COMPLETED',
        ApproximateNumberOfMessagesMoved: 3,
        ApproximateNumberOfMessagesToMove: 3,
      },
    ]);
    const back = await source.receive();
    expect(bodies(back)).toEqual(['0', '1', '2']);
    for (const { MessageId, Attributes } of back) {
      expect(ids).not.toContain(MessageId);
      expect(Attributes).toMatchObject({ ApproximateReceiveCount: '1' });
      expect(Attributes).not.toHaveProperty('DeadLetterQueueSourceArn');
    }
  });

  test('brings each back to its own source', async () => {
    const { aws, source, deadLetters, start } = await deadLettersOf(1);
    const other = await queueIn(aws, { VisibilityTimeout: '0', ...redrive(deadLetters.arn) }, 'other');
    await other.send('x');
    await other.receive();
    await other.receive();
    await start();
    await aws.advance('1s');
    expect([bodies(await source.receive()), bodies(await other.receive())]).toEqual([['0'], ['x']]);
  });

  test('keeps groups and order on FIFO queues, and is not taken for a duplicate', async () => {
    const { aws, source, start } = await deadLettersOf(3, { fifo: true });
    await start();
    await aws.advance('1s');
    const back = await source.receive();
    expect(bodies(back)).toEqual(['0', '1', '2']);
    expect(back.map(({ Attributes }) => Attributes!.MessageGroupId)).toEqual(['g', 'g', 'g']);
  });

  test('moves as fast as it was told, elsewhere if it was told so', async () => {
    const { aws, deadLetters, start, list } = await deadLettersOf(10);
    const elsewhere = await queueIn(aws, {}, 'elsewhere');
    await start({ DestinationArn: elsewhere.arn, MaxNumberOfMessagesPerSecond: 2 });
    await aws.advance('3s');
    expect(await list()).toMatchObject([
      { DestinationArn: elsewhere.arn, MaxNumberOfMessagesPerSecond: 2, ApproximateNumberOfMessagesMoved: 6 },
    ]);
    expect([deadLetters.counts(), elsewhere.counts()]).toMatchObject([{ visible: 4 }, { visible: 6 }]);
    await aws.advance('2s');
    expect(await list()).toMatchObject([{ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 10 }]);
  });

  test('moves 500 a second unless told otherwise', async () => {
    const { aws, source, start } = await deadLettersOf(30);
    await start();
    await aws.advance(20);
    expect(source.counts()).toMatchObject({ visible: 10 });
    await aws.advance(40);
    expect(source.counts()).toMatchObject({ visible: 30 });
  });

  test('goes on for a moment after it was cancelled', async () => {
    const { aws, deadLetters, start, list, cancel } = await deadLettersOf(10);
    const { TaskHandle } = await start({ MaxNumberOfMessagesPerSecond: 1 });
    await aws.advance('2s');
    expect(await cancel(TaskHandle)).toMatchObject({ ApproximateNumberOfMessagesMoved: 2 });
    expect(await list()).toMatchObject([{ Status: 'CANCELLING' }]);
    expect((await list())[0]).not.toHaveProperty('TaskHandle');
    await aws.advance('1m');
    expect(await list()).toMatchObject([{ Status: 'CANCELLED', ApproximateNumberOfMessagesMoved: 3 }]);
    expect(deadLetters.counts()).toMatchObject({ visible: 7 });
  });

  test('fails when its destination is deleted', async () => {
    const { aws, sqs, start, list } = await deadLettersOf(10);
    const elsewhere = await queueIn(aws, {}, 'elsewhere');
    await start({ DestinationArn: elsewhere.arn, MaxNumberOfMessagesPerSecond: 1 });
    await aws.advance('3s');
    await sqs.send(new DeleteQueueCommand({ QueueUrl: elsewhere.QueueUrl }));
    await aws.advance('1s');
    expect(await list()).toMatchObject([
      {
        Status: 'FAILED',
        FailureReason: 'AWS.SimpleQueueService.NonExistentQueue',
        ApproximateNumberOfMessagesMoved: 3,
      },
    ]);
  });

  test('cannot bring back what was sent to the dead-letter queue directly, such as a rule’s dead letters (F37)', async () => {
    const { aws, deadLetters, start, list } = await deadLettersOf(0);
    await deadLetters.send('x');
    await start();
    await aws.advance('1s');
    expect(await list()).toMatchObject([
      { Status: 'FAILED', FailureReason: 'CouldNotDetermineMessageSource' },
    ]);
    expect(deadLetters.counts()).toMatchObject({ visible: 1 });
  });

  test('leaves what is in flight', async () => {
    const { aws, deadLetters, start, list } = await deadLettersOf(2);
    await deadLetters.receive({ MaxNumberOfMessages: 1, VisibilityTimeout: 60 });
    await start();
    await aws.advance('1s');
    expect(await list()).toMatchObject([{ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1 }]);
  });

  test('is the only one of its queue; finished ones are listed, the newest first', async () => {
    const { aws, start, list } = await deadLettersOf(1);
    await start({ MaxNumberOfMessagesPerSecond: 1 });
    await expect(start()).rejects.toMatchObject({
      Error: { Code: 'InvalidParameterValue' },
      message:
        'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
    });
    await aws.advance('1s');
    await start();
    await aws.advance('1s');
    expect(
      (await list(10)).map(({ ApproximateNumberOfMessagesMoved }) => ApproximateNumberOfMessagesMoved),
    ).toEqual([0, 1]);
    expect(await list()).toHaveLength(1);
    await expect(list(11)).rejects.toThrow('Value 11 for parameter MaxResults is invalid.');
  });

  test('is refused for what is no dead-letter queue, or no queue', async () => {
    const { source, start } = await deadLettersOf(0);
    await expect(start({ SourceArn: source.arn })).rejects.toThrow(
      'Source queue must be configured as a Dead Letter Queue.',
    );
    for (const [parameter, more] of [
      ['SourceArn', { SourceArn: `${source.arn}s` }],
      ['DestinationArn', { DestinationArn: `${source.arn}s` }],
    ] as const)
      await expect(start(more)).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
        message: `The resource that you specified for the ${parameter} parameter doesn't exist.`,
        $metadata: { httpStatusCode: 404 },
      });
    await expect(start({ SourceArn: 'x' })).rejects.toThrow(
      'You must use this format to specify the SourceArn',
    );
    await expect(start({ MaxNumberOfMessagesPerSecond: 501 })).rejects.toThrow('Value 501 for parameter');
  });

  test('cannot be cancelled by what is no handle, nor when it is unknown', async () => {
    const { deadLetters, cancel } = await deadLettersOf(0);
    const handle = (sourceArn: string) =>
      Buffer.from(JSON.stringify({ taskId: 'x', sourceArn })).toString('base64');
    await expect(cancel('x')).rejects.toMatchObject({
      Error: { Code: 'InvalidParameterValue' },
      message: 'Value for parameter TaskHandle is invalid.',
    });
    await expect(cancel(handle(deadLetters.arn))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Task does not exist.',
    });
    await expect(cancel(handle(`${deadLetters.arn}s`))).rejects.toThrow('SourceArn parameter doesn');
  });
});
