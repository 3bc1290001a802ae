import { CreateQueueCommand, ListDeadLetterSourceQueuesCommand } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { redrive, sourceWithDeadLetters } from './queue.ts';

describe('a redrive policy', () => {
  test('comes back with its count as a number, and "" removes it', async () => {
    const { source, deadLetters } = await sourceWithDeadLetters();
    await source.set(redrive(deadLetters.arn, '42'));
    expect(await source.attributes('RedrivePolicy')).toEqual({
      RedrivePolicy: `{"deadLetterTargetArn":"${deadLetters.arn}","maxReceiveCount":42}`,
    });
    await source.set({ RedrivePolicy: '' });
    expect(await source.attributes('RedrivePolicy')).toEqual({});
  });

  const arn = 'arn:aws:sqs:eu-west-1:000000000000:dead';
  test.each([
    ['{"deadLetterTargetArn":"x"}', 'Redrive policy does not contain mandatory attribute: maxReceiveCount.'],
    ['{"maxReceiveCount":1}', 'Redrive policy does not contain mandatory attribute: deadLetterTargetArn.'],
    [
      redrive(arn, 0).RedrivePolicy,
      'Invalid value for maxReceiveCount: 0, valid values are from 1 to 1000 both inclusive.',
    ],
    [
      redrive(arn, 1001).RedrivePolicy,
      'Invalid value for maxReceiveCount: 1001, valid values are from 1 to 1000 both inclusive.',
    ],
    [
      redrive(arn, 'many').RedrivePolicy,
      'Invalid value for maxReceiveCount: many, valid values are from 1 to 1000 both inclusive.',
    ],
    [redrive('dummy').RedrivePolicy, 'Dead-letter target ARN should be fully qualified ARN.'],
    [
      redrive('arn:aws:sns:eu-west-1:000000000000:topic').RedrivePolicy,
      'Only SQS queues are valid resources for deadLetterTargetArn.',
    ],
    [redrive(`${arn}.fifo`).RedrivePolicy, 'Dead-letter queue must be same type of queue as the source..'],
    [redrive(`${arn}s`).RedrivePolicy, 'Dead letter target does not exist.'],
    [
      redrive(arn.replace('eu', 'us')).RedrivePolicy,
      'Dead-letter target must be in same region as the source.',
    ],
    [
      redrive(arn.replace('0000:', '0001:')).RedrivePolicy,
      'Dead-letter target owner should be same as the source.',
    ],
    [
      JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 1, colour: 'red' }),
      'Only following attributes are supported: [maxReceiveCount, deadLetterTargetArn].',
    ],
  ])('%s is refused', async (RedrivePolicy, reason) => {
    const { source } = await sourceWithDeadLetters();
    await expect(source.set({ RedrivePolicy })).rejects.toMatchObject({
      Error: { Code: 'InvalidParameterValue' },
      message: `Value ${RedrivePolicy} for parameter RedrivePolicy is invalid. Reason: ${reason}`,
    });
  });

  test('that is no JSON is refused', async () => {
    const { source } = await sourceWithDeadLetters();
    await expect(source.set({ RedrivePolicy: 'x' })).rejects.toMatchObject({
      name: 'InvalidAttributeValue',
      message:
        'Invalid value for the parameter RedrivePolicy. Reason: Redrive policy is not a valid JSON map.',
    });
  });

  test('can be found from the dead-letter queue', async () => {
    const { source, deadLetters } = await sourceWithDeadLetters();
    const { queueUrls } = await source.sqs.send(
      new ListDeadLetterSourceQueuesCommand({ QueueUrl: deadLetters.QueueUrl }),
    );
    expect(queueUrls).toEqual([source.QueueUrl]);
  });
});

describe('a redrive allow policy', () => {
  const allow = (redrivePermission: string, sourceQueueArns?: unknown) => ({
    RedriveAllowPolicy: JSON.stringify({ redrivePermission, sourceQueueArns }),
  });
  const someArn = 'arn:aws:sqs:eu-west-1:000000000000:other';

  test.each([
    ['allowAll', undefined],
    ['byQueue', ['arn:aws:sqs:eu-west-1:000000000000:source']],
  ])('%s %j lets the source in', async (permission, sources) => {
    const { source, deadLetters } = await sourceWithDeadLetters();
    await deadLetters.set(allow(permission, sources));
    await source.set(redrive(deadLetters.arn, 2));
    expect((await source.attributes('RedrivePolicy')).RedrivePolicy).toContain('"maxReceiveCount":2');
  });

  test.each([
    ['denyAll', undefined],
    ['byQueue', [someArn]],
  ])('%s %j keeps the source out', async (permission, sources) => {
    const { source, deadLetters } = await sourceWithDeadLetters();
    await deadLetters.set(allow(permission, sources));
    await expect(source.set(redrive(deadLetters.arn, 2))).rejects.toMatchObject({
      Error: { Code: 'InvalidParameterValue' },
    });
  });

  test.each([
    ['none', undefined, 'InvalidAttributeValue', 'as it’s in an unsupported format.'],
    ['byQueue', 'arn', 'InvalidAttributeValue', 'as it’s in an unsupported format.'],
    ['byQueue', [1], 'InvalidAttributeValue', 'as it’s in an unsupported format.'],
    ['byQueue', [], 'InvalidParameterValue', 'you must also specify one or more sourceQueueArns values.'],
    [
      'byQueue',
      undefined,
      'InvalidParameterValue',
      'you must also specify one or more sourceQueueArns values.',
    ],
    ['denyAll', [someArn], 'InvalidParameterValue', 'you must set redrivePermission to byQueue.'],
    [
      'byQueue',
      Array(11).fill(someArn),
      'InvalidParameterValue',
      'The maximum number of source queue ARNs you can specify is 10.',
    ],
  ])('%s %j is refused', async (permission, sources, Code, message) => {
    const { deadLetters } = await sourceWithDeadLetters();
    await expect(deadLetters.set(allow(permission, sources))).rejects.toMatchObject({
      Error: { Code },
      message: expect.stringContaining(message),
    });
  });
});

test('a queue cannot be created over a dead-letter queue that does not exist', async () => {
  const { source } = await sourceWithDeadLetters();
  const Attributes = redrive('arn:aws:sqs:eu-west-1:000000000000:none');
  await expect(source.sqs.send(new CreateQueueCommand({ QueueName: 'new', Attributes }))).rejects.toThrow(
    'Dead letter target does not exist.',
  );
});
