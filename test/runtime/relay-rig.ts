/** The relay's surroundings: the rig of a consumer, a bus with a rule, and a queue for commands. */
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
import type { CloudEvent } from '../../functions/runtime/contract/cloudevent.ts';
import { relay, type RelayCollaborators, type RelayEvent } from '../../functions/runtime/relay.ts';
import { Counted, Paid, counter } from './counter.ts';
import { enveloped, startRig, type Rig } from './rig.ts';

export type RelayRig = Awaited<ReturnType<typeof startRelayRig>>;

export async function startRelayRig() {
  const rig = await startRig();
  const eventbridge = rig.aws.client(EventBridgeClient);
  await routed(rig, eventbridge);
  const { QueueUrl: tellUrl = '' } = await rig.sqs.send(
    new CreateQueueCommand({ QueueName: 'tell.fifo', Attributes: { FifoQueue: 'true' } }),
  );
  rig.ambient.env.SPILLWAY_TABLES = JSON.stringify({ consumer: 'table' });
  rig.ambient.env.SPILLWAY_QUEUES = JSON.stringify({ tell: tellUrl });
  const relayRig = {
    ...rig,
    eventbridge,
    tellUrl,
    /** Has the counter commit these amounts, each for an account of its own. */
    async commit(...amounts: number[]) {
      for (const [i, amount] of amounts.entries())
        await rig.put(enveloped(Paid({ account: `a${i}`, amount })));
      await rig.poll(counter(rig));
    },
    /** A new instance of the relay, for one invocation. */
    relay: (event: RelayEvent, collaborators: RelayCollaborators = {}, ms = 60_000) =>
      relay({ ...rig, eventbridge, ...collaborators })(event, { getRemainingTimeInMillis: () => ms }),
    /** Everything that the table's stream holds, as Lambda hands it over. */
    async streamed(): Promise<{ Records: DynamoDBRecord[] }> {
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
        all.push(
          ...(Records as DynamoDBRecord[]).map((record) => ({ ...record, eventSourceARN: StreamArn })),
        );
      }
      return { Records: all };
    },
    /** What came out at the other end: of the rule, and of the command's queue. */
    async arrived(): Promise<CloudEvent[]> {
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
    },
    typesArrived: async () => (await relayRig.arrived()).map(({ type }) => type).toSorted(),
  };
  return relayRig;
}

/** A bus, and a rule that brings what is counted to the queue that is there for dead letters. */
async function routed(rig: Rig, eventbridge: EventBridgeClient): Promise<void> {
  await eventbridge.send(new CreateEventBusCommand({ Name: 'bus' }));
  const on = { Rule: 'counted', EventBusName: 'bus' };
  const { RuleArn } = await eventbridge.send(
    new PutRuleCommand({ Name: on.Rule, EventBusName: 'bus', EventPattern: JSON.stringify(Counted.pattern) }),
  );
  await eventbridge.send(
    new PutTargetsCommand({ ...on, Targets: [{ Id: 'queue', Arn: rig.deadLetters.arn }] }),
  );
  const Statement = [
    {
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: rig.deadLetters.arn,
      Condition: { ArnEquals: { 'aws:SourceArn': RuleArn } },
    },
  ];
  await rig.sqs.send(
    new SetQueueAttributesCommand({
      QueueUrl: rig.deadLetters.url,
      Attributes: { Policy: JSON.stringify({ Version: '2012-10-17', Statement }) },
    }),
  );
}
