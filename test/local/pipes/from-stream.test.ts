import { afterEach, beforeEach, expect, test } from 'vitest';
import { piping } from './piping.ts';

let aws: Awaited<ReturnType<typeof piping>>;
beforeEach(async () => {
  aws = await piping();
});
afterEach(() => aws.stop());

const DynamoDBStreamParameters = { StartingPosition: 'TRIM_HORIZON' } as const;

test('changes go to a bus, under the names that AWS gives them', async () => {
  const target = await aws.queue('target');
  await aws.bus('shop');
  await aws.rule(
    { Name: 'r', EventBusName: 'shop', EventPattern: '{"account":["000000000000"]}' },
    { Arn: target },
  );
  await aws.pipe({
    Source: await aws.table(),
    SourceParameters: { DynamoDBStreamParameters },
    Target: 'arn:aws:events:eu-west-1:000000000000:event-bus/shop',
  });
  await aws.putItems('a', 'b');
  await aws.advance('1s');
  const events = await aws.parsed(target);
  expect(events).toHaveLength(2);
  expect(events[0]).toMatchObject({
    source: 'Pipe p',
    'detail-type': 'Event from aws:dynamodb',
    detail: { eventName: 'INSERT', dynamodb: { Keys: { pk: { S: 'a' } } } },
  });
});

test('names of one’s own may come out of the change', async () => {
  const target = await aws.queue('target');
  await aws.rule({ Name: 'r', EventPattern: '{"source":["table"]}' }, { Arn: target });
  await aws.pipe({
    Source: await aws.table(),
    SourceParameters: { DynamoDBStreamParameters },
    Target: 'arn:aws:events:eu-west-1:000000000000:event-bus/default',
    TargetParameters: {
      EventBridgeEventBusParameters: { Source: 'table', DetailType: '$.dynamodb.Keys.pk.S' },
      InputTemplate: '{"key":<$.dynamodb.Keys.pk.S>}',
    },
  });
  await aws.putItems('a');
  await aws.advance('1s');
  expect(await aws.parsed(target)).toMatchObject([{ 'detail-type': 'a', detail: { key: 'a' } }]);
});

test('what fails too often is given up, and the dead-letter queue is told where it is', async () => {
  const dead = await aws.queue('dead');
  const Source = await aws.table();
  await aws.pipe({
    Source,
    SourceParameters: {
      DynamoDBStreamParameters: {
        ...DynamoDBStreamParameters,
        MaximumRetryAttempts: 1,
        DeadLetterConfig: { Arn: dead },
      },
    },
    Target: await aws.function('f', 'throw new Error("no")'),
  });
  await aws.putItems('a');
  await aws.advance('1m');
  expect(await aws.parsed(dead)).toEqual([
    {
      context: {
        partnerResourceArn: 'arn:aws:pipes:eu-west-1:000000000000:pipe/p',
        condition: 'RetryAttemptsExhausted',
      },
      version: '1.0',
      timestamp: expect.any(String),
      DDBStreamBatchInfo: expect.objectContaining({ batchSize: 1, streamArn: Source }),
    },
  ]);
});

test('a change that a function says failed is tried again with what follows it', async () => {
  await aws.pipe({
    Source: await aws.table(),
    SourceParameters: {
      DynamoDBStreamParameters: { ...DynamoDBStreamParameters, MaximumRetryAttempts: 1 },
    },
    Target: await aws.function(
      'f',
      `console.log('got ' + event.map((change) => change.dynamodb.Keys.pk.S));
       return { batchItemFailures: event.filter(({ dynamodb }) => dynamodb.Keys.pk.S === 'b' && event.length > 2).map(({ eventID }) => ({ itemIdentifier: eventID })) };`,
    ),
  });
  await aws.putItems('a', 'b', 'c');
  await aws.advance('1m');
  const got = (await aws.lines('/aws/lambda/f')).filter((line) => line.includes('got '));
  expect(got.map((line) => line.trim().split('got ')[1])).toEqual(['a,b,c', 'b,c']);
});

test('throttling does not count as a failure', async () => {
  await aws.stop();
  aws = await piping({
    faults: [{ fault: 'throttle', service: 'sqs', operation: 'SendMessageBatch', times: 4 }],
  });
  const target = await aws.queue('target');
  await aws.pipe({
    Source: await aws.table(),
    SourceParameters: {
      DynamoDBStreamParameters: { ...DynamoDBStreamParameters, MaximumRetryAttempts: 0 },
    },
    Target: target,
  });
  await aws.putItems('a');
  await aws.advance('5m');
  expect(await aws.received(target)).toHaveLength(1);
});
