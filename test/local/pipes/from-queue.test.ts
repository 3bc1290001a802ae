import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTo } from '../../queue-policy.ts';
import { withRole } from '../iam/role.ts';
import { piping } from './piping.ts';

let aws: Awaited<ReturnType<typeof piping>>;
beforeEach(async () => {
  aws = await piping();
});
afterEach(() => aws.stop());

test('messages go to another queue as records, in their order of keys, and are deleted', async () => {
  const [source, target] = [await aws.queue('source'), await aws.queue('target')];
  await aws.pipe({ Source: source, Target: target });
  await aws.send(source, { n: 1 }, 'text');
  await aws.advance('1s');
  const records = await aws.parsed(target);
  expect(records.map(({ body }) => body)).toEqual(['{"n":1}', 'text']);
  expect(Object.keys(records[0]!)).toEqual([
    'messageId',
    'receiptHandle',
    'body',
    'attributes',
    'messageAttributes',
    'md5OfBody',
    'eventSource',
    'eventSourceARN',
    'awsRegion',
  ]);
  await aws.advance('1h');
  expect(await aws.received(source)).toEqual([]);
});

test('a filter sees into bodies and attributes; what it does not let through is deleted', async () => {
  const [source, target] = [await aws.queue('source'), await aws.queue('target')];
  const Pattern = JSON.stringify({
    body: { n: [{ numeric: ['>', 1] }] },
    attributes: { SenderId: [{ exists: true }] },
  });
  const FilterCriteria = { Filters: [{ Pattern }] };
  await aws.pipe({ Source: source, Target: target, SourceParameters: { FilterCriteria } });
  await aws.send(source, { n: 1 }, { n: 2 });
  await aws.advance('1h');
  expect((await aws.parsed(target)).map(({ body }) => body)).toEqual(['{"n":2}']);
  expect(await aws.received(source)).toEqual([]);
});

test('a template takes paths out of bodies, and knows the pipe', async () => {
  const [source, target] = [await aws.queue('source'), await aws.queue('target')];
  const InputTemplate =
    '{"id":<$.body.id>,"text":"no. <$.body.id>","all":<$.body>,"gone":<$.body.gone>,"by":<aws.pipes.pipe-name>,"at":<aws.pipes.event.ingestion-time>}';
  await aws.pipe({ Source: source, Target: target, TargetParameters: { InputTemplate } });
  await aws.send(source, { id: 'a' });
  await aws.advance('1s');
  expect(await aws.parsed(target)).toEqual([
    {
      id: 'a',
      text: 'no. a',
      all: { id: 'a' },
      gone: '',
      by: 'p',
      at: expect.stringMatching(/^2030-01-01T/),
    },
  ]);
});

test('a template that is one path loses the quotes of an object, as AWS says it does', async () => {
  const [source, target] = [await aws.queue('source'), await aws.queue('target')];
  await aws.pipe({ Source: source, Target: target, TargetParameters: { InputTemplate: '<$.body>' } });
  await aws.send(source, { key: 'value' }, 'plain');
  await aws.advance('1s');
  expect(await aws.bodies(target)).toEqual(['"{key:value}"', '"plain"']);
});

test('parameters of the target take values out of the event', async () => {
  const source = await aws.queue('source');
  const target = await aws.queue('target.fifo', { FifoQueue: 'true' });
  const SqsQueueParameters = { MessageGroupId: '$.body.tenant', MessageDeduplicationId: '$.messageId' };
  await aws.pipe({ Source: source, Target: target, TargetParameters: { SqsQueueParameters } });
  await aws.send(source, { tenant: 'b' });
  await aws.advance('1s');
  const [message] = await aws.received(target);
  expect(message!.Attributes).toMatchObject({
    MessageGroupId: 'b',
    MessageDeduplicationId: (JSON.parse(message!.Body!) as { messageId: string }).messageId,
  });
});

test('what the target never takes ends in the dead-letter queue of the source (F1)', async () => {
  const dead = await aws.queue('dead');
  const source = await aws.queue('source', {
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead, maxReceiveCount: 2 }),
    VisibilityTimeout: '10',
  });
  const Target = 'arn:aws:sqs:eu-west-1:000000000000:missing';
  await aws.pipe({ Source: source, Target });
  await aws.send(source, 'lost');
  await aws.advance('1m');
  expect(await aws.bodies(dead)).toEqual(['lost']);
});

test('a function gets the batch as a list, and says which of it failed', async () => {
  const dead = await aws.queue('dead');
  const source = await aws.queue('source', {
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead, maxReceiveCount: 1 }),
    VisibilityTimeout: '10',
  });
  const Target = await aws.function(
    'f',
    'return { batchItemFailures: event.filter(({ body }) => body === "bad").map(({ messageId }) => ({ itemIdentifier: messageId })) };',
  );
  await aws.pipe({ Source: source, Target });
  await aws.send(source, 'good', 'bad');
  await aws.advance('1m');
  expect(await aws.bodies(dead)).toEqual(['bad']);
  expect(await aws.received(source)).toEqual([]);
});

test('a function that answers a text has done its work', async () => {
  const source = await aws.queue('source', { VisibilityTimeout: '30' });
  const Target = await aws.function('f', 'console.log("batch of", event.length); return "done";');
  await aws.pipe({ Source: source, Target });
  await aws.send(source, 'a', 'b');
  await aws.advance('5m');
  expect((await aws.lines('/aws/lambda/f')).filter((line) => line.includes('batch of'))).toHaveLength(1);
});

test('an enrichment makes other events, fewer or none', async () => {
  const [source, target] = [await aws.queue('source'), await aws.queue('target')];
  const Enrichment = await aws.function(
    'f',
    'return event.filter(({ n }) => n > 1).map(({ n }) => ({ doubled: 2 * n }));',
  );
  await aws.pipe({
    Source: source,
    Enrichment,
    EnrichmentParameters: { InputTemplate: '{"n":<$.body.n>}' },
    Target: target,
  });
  await aws.send(source, { n: 1 }, { n: 2 }, { n: 3 });
  await aws.advance('1s');
  expect(await aws.parsed(target)).toEqual([{ doubled: 4 }, { doubled: 6 }]);
});

test('a topic and a log group get each event', async () => {
  const [forTopic, forLog] = [await aws.queue('a'), await aws.queue('b')];
  const target = await aws.queue('target', { Policy: openTo('sns.amazonaws.com') });
  const sns = aws.client(SNSClient);
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 't' }));
  const Attributes = { RawMessageDelivery: 'true' };
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: target, Attributes }));
  await aws.client(CloudWatchLogsClient).send(new CreateLogGroupCommand({ logGroupName: 'pipes' }));
  const group = 'arn:aws:logs:eu-west-1:000000000000:log-group:pipes:*';
  const TargetParameters = { InputTemplate: '"<$.body>"' };
  await aws.pipe({ Source: forTopic, Target: TopicArn!, TargetParameters });
  await aws.pipe({ Name: 'q', Source: forLog, Target: group, TargetParameters });
  await aws.send(forTopic, 'published');
  await aws.send(forLog, 'logged');
  await aws.advance('1s');
  expect(await aws.bodies(target)).toEqual(['"published"']);
  expect(await aws.lines('pipes')).toEqual(['"logged"']);
});

test('the role of a pipe decides what it may read and send (F13)', async () => {
  const [dead, target] = [await aws.queue('dead'), await aws.queue('target')];
  const source = await aws.queue('source', {
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead, maxReceiveCount: 1 }),
  });
  const Action = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
  const RoleArn = await withRole(aws, {
    name: 'reader',
    trust: { Service: 'pipes.amazonaws.com' },
    statements: [{ Effect: 'Allow', Action, Resource: source }],
  });
  await aws.pipe({ Source: source, Target: target, RoleArn });
  await aws.send(source, 'secret');
  await aws.advance('1m');
  expect(await aws.bodies(dead)).toEqual(['secret']);
  expect(await aws.received(target)).toEqual([]);
});
