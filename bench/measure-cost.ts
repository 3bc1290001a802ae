import { pathToFileURL } from 'node:url';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { CreateEventBusCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { SQSEvent } from 'aws-lambda';
import { startLocal } from '../local/index.ts';
import { consumerTable } from '../test/consumer-table.ts';
import { bundlePeer } from './bundle-peer.ts';
import { batches } from './consumer/batches.ts';
import { spillway } from './cost/spillway.ts';
import { streamed } from './cost/streamed.ts';
import { metered, money, nothing, type Usage } from './cost/usage.ts';
import type { Measurement } from './measurement.ts';
import { powertools as installed, row } from './peer.ts';

const BATCHES = 20;
const SIZE = 10;
const EVENTS = BATCHES * SIZE;

type Clients = Parameters<typeof spillway>[0];

/** The functions of one side. */
interface Stack {
  consumer(batch: SQSEvent, context: typeof CONTEXT): Promise<{ batchItemFailures: unknown[] }>;
  relay(event: { Records: object[] }, context: typeof CONTEXT): Promise<unknown>;
}

/**
 * Each event is handled once, moves an aggregate and publishes one event. On one side commit and relay; on the other
 * Powertools' idempotency with its records in DynamoDB and a transactional outbox that its stream empties, without anything
 * that would sweep up what the stream left behind. Calls and capacity units are those of the embedded AWS; prices are in
 * `cost/prices.ts`. Storage and logs are left out.
 */
export default {
  title: `commit and relay against Powertools idempotency and an outbox: batches of ${SIZE}`,
  async run() {
    const file = 'node_modules/.cache/bench-cost/powertools.cjs';
    await bundlePeer('bench/cost/powertools.mjs', file, {
      nodePaths: [await installed()],
      minify: false, // operations are told by the names of classes
    });
    const { powertools } = (await import(pathToFileURL(file).href)) as {
      powertools: (clients: Clients) => Stack;
    };
    const ours = await used(spillway, {
      outbox: 'customers',
      prefix: 'o#',
      waits: 2, // read, write
    });
    const theirs = await used(powertools, {
      outbox: 'outbox',
      prefix: '',
      waits: 4, // in progress, read, write, completed; records side by side
    });
    const per = (usage: Usage, what: 'calls' | 'writeUnits' | 'readUnits') => usage[what] / EVENTS;
    const dollars = (usage: Usage) => money(usage, EVENTS, SIZE) * (1e6 / EVENTS);
    return [
      row('AWS calls per event', per(ours, 'calls'), per(theirs, 'calls'), '≤ 0.5'),
      row('write units per event', per(ours, 'writeUnits'), per(theirs, 'writeUnits'), ''),
      row('read units per event', per(ours, 'readUnits'), per(theirs, 'readUnits'), ''),
      row('money per million events ($)', dollars(ours), dollars(theirs), '≤ 1'),
    ];
  },
} satisfies Measurement;

const CONTEXT = { awsRequestId: 'request', getRemainingTimeInMillis: () => 60_000 };

/** The table of which the stream brings outbox rows, the prefix of their keys, and how many calls of the consumer wait in turn. */
interface Shape {
  outbox: string;
  prefix: string;
  waits: number;
}

/** A fresh AWS, all batches, and after each the relay over what the stream brought. */
async function used(stack: (clients: Clients) => Stack, { outbox, prefix, waits }: Shape): Promise<Usage> {
  const aws = await startLocal({ policies: 'off' });
  const dynamodb = aws.client(DynamoDBClient);
  const eventbridge = aws.client(EventBridgeClient);
  await provide(dynamodb, eventbridge);
  const usage = nothing();
  const { consumer, relay } = stack({
    dynamodb: metered(dynamodb, usage),
    eventbridge: metered(eventbridge, usage),
  });
  for (const batch of batches(BATCHES, SIZE)) {
    const { batchItemFailures } = await consumer(batch, CONTEXT);
    if (batchItemFailures.length > 0) throw new Error(`${outbox}: a batch failed`);
  }
  const records = await streamed(outbox, prefix, { dynamodb, streams: aws.client(DynamoDBStreamsClient) });
  const perBatch = records.length / BATCHES;
  for (let i = 0; i < records.length; i += perBatch)
    await relay({ Records: records.slice(i, i + perBatch) }, CONTEXT);
  if (usage.events !== EVENTS)
    throw new Error(`${outbox}: ${usage.events} of ${EVENTS} events were published`);
  await aws.stop();
  return { ...usage, invocations: 2 * BATCHES, waits: (waits + 2) * BATCHES };
}

/** What both need: the tables, with streams, and the bus. The index of the first costs only rows that are in it, which are ours. */
async function provide(dynamodb: DynamoDBClient, eventbridge: EventBridgeClient): Promise<void> {
  const { StreamSpecification } = consumerTable('customers');
  await eventbridge.send(new CreateEventBusCommand({ Name: 'bench' }));
  await dynamodb.send(new CreateTableCommand(consumerTable('customers')));
  await dynamodb.send(new CreateTableCommand({ ...keyed('outbox'), StreamSpecification }));
  await dynamodb.send(new CreateTableCommand(keyed('idempotency', 'id')));
}

const keyed = (TableName: string, key = 'pk') => ({
  TableName,
  BillingMode: 'PAY_PER_REQUEST' as const,
  KeySchema: [{ AttributeName: key, KeyType: 'HASH' as const }],
  AttributeDefinitions: [{ AttributeName: key, AttributeType: 'S' as const }],
});
