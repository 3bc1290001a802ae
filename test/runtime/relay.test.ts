import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import type { DynamoDBRecord } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CloudEvent } from '../../functions/runtime/contract/cloudevent.ts';
import { relay } from '../../functions/runtime/relay.ts';
import { Counted, Paid, counter } from './counter.ts';
import { enveloped, intercepted, startRig, type Rig } from './rig.ts';

let rig: Rig;
let eventbridge: EventBridgeClient;
let tellUrl: string;
const context = { getRemainingTimeInMillis: () => 60_000 };

beforeEach(async () => {
  rig = await startRig();
  eventbridge = rig.aws.client(EventBridgeClient);
  await eventbridge.send(new CreateEventBusCommand({ Name: 'bus' }));
  const rule = await eventbridge.send(
    new PutRuleCommand({
      Name: 'counted',
      EventBusName: 'bus',
      EventPattern: JSON.stringify(Counted.pattern),
    }),
  );
  await eventbridge.send(
    new PutTargetsCommand({
      Rule: 'counted',
      EventBusName: 'bus',
      Targets: [{ Id: 'queue', Arn: rig.deadLetters.arn }],
    }),
  );
  const Statement = [
    {
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: rig.deadLetters.arn,
      Condition: { ArnEquals: { 'aws:SourceArn': rule.RuleArn } },
    },
  ];
  await rig.sqs.send(
    new SetQueueAttributesCommand({
      QueueUrl: rig.deadLetters.url,
      Attributes: { Policy: JSON.stringify({ Version: '2012-10-17', Statement }) },
    }),
  );
  const { QueueUrl } = await rig.sqs.send(
    new CreateQueueCommand({ QueueName: 'tell.fifo', Attributes: { FifoQueue: 'true' } }),
  );
  tellUrl = QueueUrl!;
  rig.ambient.env.SPILLWAY_TABLES = JSON.stringify({ consumer: 'table' });
  rig.ambient.env.SPILLWAY_QUEUES = JSON.stringify({ tell: tellUrl });
});
afterEach(() => rig.stop());

/** What came out at the other end: of the rule, and of the command's queue. */
async function arrived(): Promise<CloudEvent[]> {
  await rig.aws.advance('1s');
  const found: CloudEvent[] = [];
  for (const QueueUrl of [rig.deadLetters.url, tellUrl]) {
    for (;;) {
      const { Messages = [] } = await rig.sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
      );
      if (Messages.length === 0) break;
      for (const { Body, ReceiptHandle } of Messages) {
        const body = JSON.parse(Body!);
        found.push(body.detail ?? body);
        await rig.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
  }
  return found;
}

const typesArrived = async () => (await arrived()).map(({ type }) => type).toSorted();

async function commit(...amounts: number[]) {
  for (const [i, amount] of amounts.entries()) await rig.put(enveloped(Paid({ account: `a${i}`, amount })));
  await rig.poll(counter(rig));
}

/** Everything that the table's stream holds, as Lambda hands it over. */
async function streamed(): Promise<{ Records: DynamoDBRecord[] }> {
  const streams = rig.aws.client(DynamoDBStreamsClient);
  const { Table } = await rig.dynamodb.send(new DescribeTableCommand({ TableName: 'table' }));
  const StreamArn = Table!.LatestStreamArn!;
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
  const all: DynamoDBRecord[] = [];
  for (const { ShardId } of StreamDescription!.Shards ?? []) {
    const { ShardIterator } = await streams.send(
      new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
    );
    const { Records = [] } = await streams.send(new GetRecordsCommand({ ShardIterator }));
    all.push(...(Records as DynamoDBRecord[]).map((record) => ({ ...record, eventSourceARN: StreamArn })));
  }
  return { Records: all };
}

describe('the stream', () => {
  test('publishes what was committed, and the rows are gone', async () => {
    await commit(1, 2);
    await relay({ ...rig, eventbridge })(await streamed(), context);
    expect(await typesArrived()).toEqual(['counted', 'counted', 'tell', 'tell']);
    expect(await rig.rows('o#')).toEqual([]);
    expect(rig.lines.findLast((line) => 'Published' in line)).toMatchObject({
      Relay: 'bus',
      Published: 4,
      Left: 0,
      Refused: 0,
    });
  });

  test('leaves alone what is not due yet', async () => {
    await commit(7);
    await relay({ ...rig, eventbridge })(await streamed(), context);
    expect((await rig.rows('o#')).map(({ pending }) => pending?.S)).toEqual(['later']);
  });

  test('F01 keeps rows of which an entry failed, for the sweeper', async () => {
    await commit(1, 2);
    const down = intercepted(eventbridge, async (_, __, { Entries }: { Entries: unknown[] }) => ({
      Entries: Entries.map(() => ({ ErrorCode: 'InternalFailure' })),
    }));
    await relay({ ...rig, eventbridge: down })(await streamed(), context);
    expect(await typesArrived()).toEqual(['tell', 'tell']);
    expect((await rig.rows('o#')).map(({ kind }) => kind?.S)).toEqual(['events', 'events']);
    await rig.aws.advance('1m');
    await relay({ ...rig, eventbridge })({}, context);
    expect(await typesArrived()).toEqual(['counted', 'counted']);
    expect(await rig.rows('o#')).toEqual([]);
  });

  test('F07 I15 a crash between sending and deleting sends again, under the same ids', async () => {
    await commit(1);
    const crashing = intercepted(rig.dynamodb, async (name, next) => {
      if (name === 'BatchWriteItem') throw new Error('crash');
      return next();
    });
    const batch = await streamed();
    await expect(relay({ ...rig, dynamodb: crashing, eventbridge })(batch, context)).rejects.toThrow('crash');
    await relay({ ...rig, eventbridge })(batch, context);
    const ids = (await arrived()).map(({ id }) => id);
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(2);
    expect(await rig.rows('o#')).toEqual([]);
  });

  test('a row that can never be published is marked with its reason, counted, and never dropped', async () => {
    await commit(1);
    rig.ambient.env.SPILLWAY_QUEUES = '{}';
    await relay({ ...rig, eventbridge })(await streamed(), context);
    const rows = await rig.rows('o#');
    expect(rows.map(({ pending, reason }) => [pending?.S, reason?.S])).toEqual([['failed', 'EVT_NO_QUEUE']]);
    expect(rig.lines.findLast((line) => 'Refused' in line)).toMatchObject({ Refused: 1 });
    await rig.aws.advance('1h');
    await relay({ ...rig, eventbridge })({}, context);
    expect(await rig.rows('o#')).toHaveLength(1);
  });

  test('keeps the order of commands of one key', async () => {
    for (const amount of [1, 2, 3]) await rig.put(enveloped(Paid({ account: 'same', amount })));
    await rig.poll(counter(rig));
    await relay({ ...rig, eventbridge })(await streamed(), context);
    const tells = (await arrived()).filter(({ type }) => type === 'tell');
    expect(tells.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  });
});

describe('the sweeper', () => {
  test('gives the stream ten seconds, then publishes what it left, after however long', async () => {
    await commit(1);
    await relay({ ...rig, eventbridge })({}, context);
    expect(await arrived()).toEqual([]);
    await rig.aws.advance('7d');
    await relay({ ...rig, eventbridge })({}, context);
    expect(await typesArrived()).toEqual(['counted', 'tell']);
  });

  test('publishes what has fallen due, not before', async () => {
    await commit(7);
    await relay({ ...rig, eventbridge })(await streamed(), context);
    await arrived();
    await rig.aws.advance('58s');
    await relay({ ...rig, eventbridge })({}, context);
    expect(await arrived()).toEqual([]);
    await rig.aws.advance('2s');
    await relay({ ...rig, eventbridge })({}, context);
    expect(await arrived()).toMatchObject([{ type: 'counted', data: { sum: 0 } }]);
  });

  test('takes a backlog of many pages', async () => {
    const many = Array.from({ length: 60 }, (_, i) => i + 20);
    for (let i = 0; i < many.length; i += 10) await commit(...many.slice(i, i + 10));
    await rig.aws.advance('1m');
    await relay({ ...rig, eventbridge })({}, context);
    expect(await rig.rows('o#')).toEqual([]);
    expect(await arrived()).toHaveLength(120);
  });

  test('does not start without its bus', async () => {
    rig.ambient.env.SPILLWAY_BUS = '';
    await expect(relay({ ...rig, eventbridge })({}, context)).rejects.toMatchObject({ code: 'EVT_BAD_BUS' });
  });
});
