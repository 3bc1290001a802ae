import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { afterEach, describe, expect, test } from 'vitest';
import { eventing } from './eventing.ts';

let aws: Awaited<ReturnType<typeof eventing>>;
afterEach(() => aws.stop());

const values = (attributes: Record<string, { StringValue?: string | undefined }> = {}) =>
  Object.fromEntries(Object.entries(attributes).map(([name, { StringValue }]) => [name, StringValue]));

describe('targets', () => {
  test('every queue of every rule that matches gets the same envelope', async () => {
    aws = await eventing();
    await aws.bus('shop');
    const [one, two, three] = [await aws.queue('one'), await aws.queue('two'), await aws.queue('three')];
    await aws.rule({ Name: 'a', EventBusName: 'shop' }, { Arn: one }, { Arn: two });
    await aws.rule(
      { Name: 'b', EventBusName: 'shop', EventPattern: '{"detail-type":["t"]}' },
      { Arn: three },
    );
    await aws.put({ EventBusName: 'shop' });
    const bodies = [await aws.bodies(one), await aws.bodies(two), await aws.bodies(three)];
    expect(bodies[0]).toHaveLength(1);
    expect(bodies).toEqual([bodies[0], bodies[0], bodies[0]]);
  });

  test('the events of one call reach a queue in their order', async () => {
    aws = await eventing();
    const queue = await aws.queue('q.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
    await aws.rule({ Name: 'r' }, { Arn: queue, SqsParameters: { MessageGroupId: 'g' } });
    const { Entries } = await aws.put(...Array.from({ length: 10 }, () => ({})));
    const ids = (await aws.bodies(queue)).map((body) => (JSON.parse(body) as { id: string }).id);
    expect(ids).toEqual(Entries!.map(({ EventId }) => EventId));
  });

  test('a standard queue may have a MessageGroupId, for fairness', async () => {
    aws = await eventing();
    const queue = await aws.queue('q');
    await aws.rule({ Name: 'r' }, { Arn: queue, SqsParameters: { MessageGroupId: 'tenant' } });
    await aws.put({});
    expect((await aws.received(queue))[0]!.Attributes!['MessageGroupId']).toBe('tenant');
  });

  test('a disabled rule delivers nothing', async () => {
    aws = await eventing();
    const queue = await aws.queue('q');
    await aws.rule({ Name: 'r', State: 'DISABLED' }, { Arn: queue });
    await aws.put({});
    expect(await aws.bodies(queue)).toEqual([]);
  });

  test('another bus gets the event with its id', async () => {
    aws = await eventing();
    await aws.bus('shop');
    const queue = await aws.queue('q');
    await aws.rule({ Name: 'there', EventBusName: 'shop' }, { Arn: queue });
    await aws.rule({ Name: 'here' }, { Arn: 'arn:aws:events:eu-west-1:000000000000:event-bus/shop' });
    const { Entries } = await aws.put({ Time: new Date(0) });
    const [body] = await aws.bodies(queue);
    expect(JSON.parse(body!)).toMatchObject({ id: Entries![0]!.EventId, time: '1970-01-01T00:00:00Z' });
  });

  test('a service that is not modelled is refused by name', async () => {
    aws = await eventing();
    await aws.rule({ Name: 'r' });
    const Targets = [{ Id: 'k', Arn: 'arn:aws:kinesis:eu-west-1:000000000000:stream/s' }];
    await expect(aws.events.send(new PutTargetsCommand({ Rule: 'r', Targets }))).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining('kinesis'),
    });
  });
});

describe('failures', () => {
  test('what is missing goes straight to the dead-letter queue, with AWS’s reasons (F12, F13)', async () => {
    aws = await eventing();
    const dead = await aws.queue('dead');
    const missing = 'arn:aws:sqs:eu-west-1:000000000000:missing';
    const rule = await aws.rule({ Name: 'r' }, { Arn: missing, DeadLetterConfig: { Arn: dead } });
    const { Entries } = await aws.put({});
    const [letter] = await aws.received(dead);
    expect(JSON.parse(letter!.Body!)).toMatchObject({ id: Entries![0]!.EventId });
    expect(values(letter!.MessageAttributes)).toEqual({
      RULE_ARN: rule,
      TARGET_ARN: missing,
      ERROR_CODE: 'NO_RESOURCE',
      ERROR_MESSAGE: 'The specified queue does not exist.',
      RETRY_ATTEMPTS: '0',
    });
  });

  test('a bus that is missing counts as missing, though PutEvents by others would succeed', async () => {
    aws = await eventing();
    const dead = await aws.queue('dead');
    const Arn = 'arn:aws:events:eu-west-1:000000000000:event-bus/missing';
    await aws.rule({ Name: 'r' }, { Arn, DeadLetterConfig: { Arn: dead } });
    await aws.put({});
    const [letter] = await aws.received(dead);
    expect(values(letter!.MessageAttributes)).toMatchObject({
      ERROR_CODE: 'NO_RESOURCE',
      ERROR_MESSAGE: 'Event bus missing does not exist.',
    });
  });

  test('a dead letter that cannot be sent either is counted (F15)', async () => {
    aws = await eventing();
    const missing = 'arn:aws:sqs:eu-west-1:000000000000:missing';
    await aws.rule({ Name: 'r' }, { Arn: missing, DeadLetterConfig: { Arn: missing } });
    await aws.put({});
    await aws.advance('1m');
    const counted = async (MetricName: string) => {
      const { Datapoints } = await aws.client(CloudWatchClient).send(
        new GetMetricStatisticsCommand({
          Namespace: 'AWS/Events',
          MetricName,
          Dimensions: [{ Name: 'RuleName', Value: 'r' }],
          StartTime: new Date(Date.UTC(2030, 0, 1)),
          EndTime: new Date(Date.UTC(2030, 0, 2)),
          Period: 86_400,
          Statistics: ['Sum'],
        }),
      );
      return Datapoints![0]?.Sum;
    };
    expect(await counted('MatchedEvents')).toBe(1);
    expect(await counted('FailedInvocations')).toBe(1);
    expect(await counted('InvocationsFailedToBeSentToDlq')).toBe(1);
    expect(await counted('InvocationsSentToDlq')).toBeUndefined();
  });

  test('throttling is retried until it passes', async () => {
    aws = await eventing({
      faults: [{ fault: 'throttle', service: 'sqs', operation: 'SendMessage', times: 3 }],
    });
    const queue = await aws.queue('q');
    await aws.rule({ Name: 'r' }, { Arn: queue });
    await aws.put({});
    expect(await aws.bodies(queue)).toEqual([]);
    await aws.advance('10s');
    expect(await aws.bodies(queue)).toHaveLength(1);
  });

  test('an answer that was lost means a second delivery (F18)', async () => {
    aws = await eventing({ faults: [{ fault: 'lost', service: 'sqs', operation: 'SendMessage', times: 1 }] });
    const queue = await aws.queue('q');
    await aws.rule({ Name: 'r' }, { Arn: queue });
    await aws.put({});
    await aws.advance('10s');
    const bodies = await aws.bodies(queue);
    expect(bodies).toHaveLength(2);
    expect(bodies[1]).toBe(bodies[0]);
  });

  test('after MaximumRetryAttempts the dead letter says what was exhausted', async () => {
    aws = await eventing({
      faults: [{ fault: 'error', service: 'sqs', operation: 'SendMessage', target: '*:q' }],
    });
    const [queue, dead] = [await aws.queue('q'), await aws.queue('dead')];
    await aws.rule(
      { Name: 'r' },
      { Arn: queue, DeadLetterConfig: { Arn: dead }, RetryPolicy: { MaximumRetryAttempts: 2 } },
    );
    await aws.put({});
    await aws.advance('10m');
    const [letter] = await aws.received(dead);
    expect(values(letter!.MessageAttributes)).toMatchObject({
      ERROR_CODE: 'ERROR_FROM_TARGET',
      RETRY_ATTEMPTS: '2',
      EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
    });
  });

  test('after MaximumEventAgeInSeconds likewise', async () => {
    aws = await eventing({
      faults: [{ fault: 'throttle', service: 'sqs', operation: 'SendMessage', target: '*:q' }],
    });
    const [queue, dead] = [await aws.queue('q'), await aws.queue('dead')];
    await aws.rule(
      { Name: 'r' },
      { Arn: queue, DeadLetterConfig: { Arn: dead }, RetryPolicy: { MaximumEventAgeInSeconds: 60 } },
    );
    await aws.put({});
    await aws.advance('1m');
    const [letter] = await aws.received(dead);
    expect(values(letter!.MessageAttributes)).toMatchObject({
      ERROR_CODE: 'THROTTLING',
      EXHAUSTED_RETRY_CONDITION: 'MaximumEventAgeInSeconds',
    });
  });

  test('by default an outage of twenty hours loses nothing', async () => {
    aws = await eventing({
      faults: [{ fault: 'error', service: 'sqs', operation: 'SendMessage', lasts: '20h' }],
    });
    const queue = await aws.queue('q');
    await aws.rule({ Name: 'r' }, { Arn: queue });
    await aws.put({});
    await aws.advance('21h');
    expect(await aws.bodies(queue)).toHaveLength(1);
  });

  test('the fault `duplicate` delivers twice, `reorder` later (F18, F22)', async () => {
    aws = await eventing({
      faults: [
        { fault: 'duplicate', service: 'events', times: 1 },
        { fault: 'reorder', service: 'events', times: 1, by: '1m' },
      ],
    });
    const queue = await aws.queue('q');
    await aws.rule({ Name: 'r' }, { Arn: queue });
    await aws.put({ Detail: '{"n":1}' }, { Detail: '{"n":2}' });
    const ns = async () =>
      (await aws.bodies(queue)).map((body) => (JSON.parse(body) as { detail: { n: number } }).detail.n);
    expect(await ns()).toEqual([1, 2]);
    await aws.advance('1m');
    expect(await ns()).toEqual(expect.arrayContaining([1]));
  });
});
