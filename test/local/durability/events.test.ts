import * as Events from '@aws-sdk/client-eventbridge';
import * as SQS from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { openTo } from '../../queue-policy.ts';
import { startKept, type Kept } from './killed.ts';

const sqs = (aws: Kept) => aws.client(SQS.SQSClient);
const events = (aws: Kept) => aws.client(Events.EventBridgeClient);
const arn = (queue: string) => `arn:aws:sqs:eu-west-1:000000000000:${queue}`;
const url = (queue: string) => `http://127.0.0.1:4566/000000000000/${queue}`;

const bodies = async (aws: Kept, queue: string) => {
  const { Messages = [] } = await sqs(aws).send(
    new SQS.ReceiveMessageCommand({ QueueUrl: url(queue), MaxNumberOfMessages: 10 }),
  );
  return Messages.map(({ Body }) => Body!);
};

const aRule = async (aws: Kept, Targets: Events.Target[]) => {
  await events(aws).send(new Events.CreateEventBusCommand({ Name: 'shop' }));
  const rule = { Name: 'all', EventBusName: 'shop' };
  await events(aws).send(
    new Events.PutRuleCommand({ ...rule, EventPattern: JSON.stringify({ source: ['shop'] }) }),
  );
  await events(aws).send(new Events.PutTargetsCommand({ Rule: 'all', EventBusName: 'shop', Targets }));
};
const aQueue = (aws: Kept, QueueName: string) =>
  sqs(aws).send(
    new SQS.CreateQueueCommand({
      QueueName,
      Attributes: { Policy: openTo('events.amazonaws.com', arn(QueueName)) },
    }),
  );
const put = (aws: Kept, n: number) =>
  events(aws).send(
    new Events.PutEventsCommand({
      Entries: [
        { EventBusName: 'shop', Source: 'shop', DetailType: 'placed', Detail: JSON.stringify({ n }) },
      ],
    }),
  );
const numbers = (texts: string[]) =>
  texts.map((text) => (JSON.parse(text) as { detail: { n: number } }).detail.n);

/** The first event waits for its next attempt, since the queue refuses what is sent to it. */
async function aWaitingDelivery(): Promise<Kept> {
  const aws = await startKept({
    faults: [{ fault: 'throttle', service: 'sqs', operation: 'SendMessage' }],
  });
  await aQueue(aws, 'orders');
  await aRule(aws, [{ Id: '1', Arn: arn('orders') }]);
  await put(aws, 1);
  await aws.advance('5s');
  return aws;
}

test('rules go on routing', async () => {
  const aws = await startKept();
  await aQueue(aws, 'orders');
  await aRule(aws, [{ Id: '1', Arn: arn('orders') }]);
  await put(aws, 1);
  const next = await aws.killed();
  await put(next, 2);
  await next.advance('1s');
  expect(numbers(await bodies(next, 'orders'))).toEqual([1, 2]);
});

test('a delivery that waits for its next attempt is made by the next process', async () => {
  const aws = await aWaitingDelivery();
  expect(await bodies(aws, 'orders')).toEqual([]);
  const next = await aws.killed({ faults: [] });
  await next.advance('1h');
  expect(numbers(await bodies(next, 'orders'))).toEqual([1]);
});

test('archived events can be replayed, and a replay under way is finished without repeating what it sent', async () => {
  const aws = await startKept();
  await aQueue(aws, 'orders');
  await aRule(aws, [{ Id: '1', Arn: arn('orders') }]);
  const bus = 'arn:aws:events:eu-west-1:000000000000:event-bus/shop';
  await events(aws).send(new Events.CreateArchiveCommand({ ArchiveName: 'all', EventSourceArn: bus }));
  const from = new Date(aws.world.clock.now());
  for (const n of [1, 2, 3]) {
    await put(aws, n);
    await aws.advance('1m');
  }
  await sqs(aws).send(new SQS.PurgeQueueCommand({ QueueUrl: url('orders') }));
  await events(aws).send(
    new Events.StartReplayCommand({
      ReplayName: 'again',
      EventSourceArn: 'arn:aws:events:eu-west-1:000000000000:archive/all',
      EventStartTime: from,
      EventEndTime: new Date(aws.world.clock.now()),
      Destination: { Arn: bus },
    }),
  );
  await aws.advance('2s');
  const next = await aws.killed();
  await next.advance('10s');
  expect(numbers(await bodies(next, 'orders')).toSorted((a, b) => a - b)).toEqual([1, 2, 3]);
  const { State } = await events(next).send(new Events.DescribeReplayCommand({ ReplayName: 'again' }));
  expect(State).toBe('COMPLETED');
});

test('a schedule keeps its beat', async () => {
  const aws = await startKept();
  await aQueue(aws, 'ticks');
  await events(aws).send(new Events.PutRuleCommand({ Name: 'tick', ScheduleExpression: 'rate(5 minutes)' }));
  await events(aws).send(
    new Events.PutTargetsCommand({ Rule: 'tick', Targets: [{ Id: '1', Arn: arn('ticks') }] }),
  );
  await aws.advance('3m');
  const next = await aws.killed();
  await next.advance('2m');
  expect(await bodies(next, 'ticks')).toHaveLength(1);
});

test('where functions run as processes, what is left waits until they can call back', async () => {
  const aws = await aWaitingDelivery();
  const next = await aws.killed({ faults: [], host: 'real' });
  await next.advance('1h');
  expect(await bodies(next, 'orders')).toEqual([]);
  await next.listen(0);
  await next.advance('1h');
  expect(numbers(await bodies(next, 'orders'))).toEqual([1]);
});
