/** A consumer's surroundings on the embedded AWS: a table, a queue with its dead-letter queue, and a poller like Lambda's. */
import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  ScanCommand,
  type AttributeValue,
} from '@aws-sdk/client-dynamodb';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
  type Message,
} from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { expect } from 'vitest';
import { startLocal } from '../../local/index.ts';
import { seeded } from '../../local/random.ts';
import { consumerTable } from '../consumer-table.ts';
import type { Ambient } from '../../functions/runtime/ambient.ts';
import type { Consumer } from '../../functions/runtime/consume.ts';
import type { PublishError } from '../../functions/runtime/publish/failures.ts';
import type { CloudEvent } from '../../functions/runtime/contract/cloudevent.ts';

export type Rig = Awaited<ReturnType<typeof startRig>>;

export async function startRig({ fifo = false, maxReceives = 5, seed = 1 } = {}) {
  const aws = await startLocal({ seed });
  const dynamodb = aws.client(DynamoDBClient);
  const sqs = aws.client(SQSClient);
  await dynamodb.send(new CreateTableCommand(consumerTable('table')));
  const queue = await createQueue(sqs, 'queue', fifo);
  const deadLetters = await createQueue(sqs, 'dead', fifo);
  const lines: Record<string, unknown>[] = [];
  const ambient = waitingAmbient(aws.world.clock.now, lines, {
    SPILLWAY_CONSUMER: 'consumer',
    SPILLWAY_TABLE: 'table',
    SPILLWAY_BUS: 'bus',
    SPILLWAY_DEAD_LETTER_URLS: JSON.stringify({ [queue.arn]: deadLetters.url }),
    SPILLWAY_MAX_RECEIVES: String(maxReceives),
  });

  const rig = {
    aws,
    dynamodb,
    sqs,
    ambient,
    lines,
    queue,
    deadLetters,
    stop: () => aws.stop(),
    /** Puts a message on the queue; objects as JSON. */
    async put(
      body: unknown,
      options: { group?: string; id?: string; attributes?: Record<string, string> } = {},
    ) {
      const { group = 'g', id = `dedup-${putCount++}`, attributes = {} } = options;
      await sqs.send(
        new SendMessageCommand({
          QueueUrl: queue.url,
          MessageBody: typeof body === 'string' ? body : JSON.stringify(body),
          MessageAttributes: Object.fromEntries(
            Object.entries(attributes).map(([name, value]) => [
              name,
              { DataType: 'String', StringValue: value },
            ]),
          ),
          ...(fifo ? { MessageGroupId: group, MessageDeduplicationId: id } : {}),
        }),
      );
    },
    /** What the queue has to offer now, as Lambda hands it over. */
    async receive(from = queue): Promise<SQSRecord[]> {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: from.url,
          MaxNumberOfMessages: 10,
          MessageSystemAttributeNames: ['All'],
          MessageAttributeNames: ['All'],
        }),
      );
      return Messages.map((message) => recordOf(message, from.arn));
    },
    /** One poll and one invocation; what did not fail is deleted. Returns the ids that failed. */
    async poll(handler: Consumer, { remaining = 30_000 } = {}): Promise<string[]> {
      const records = await rig.receive();
      if (records.length === 0) return [];
      const until = ambient.now() + remaining;
      const context = { awsRequestId: 'request', getRemainingTimeInMillis: () => until - ambient.now() };
      const { batchItemFailures } = await handler({ Records: records }, context);
      const failed = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
      for (const { messageId, receiptHandle } of records)
        if (!failed.includes(messageId))
          await sqs.send(new DeleteMessageCommand({ QueueUrl: queue.url, ReceiptHandle: receiptHandle }));
      return failed;
    },
    /** An item by its key. */
    async item(pk: string): Promise<Record<string, AttributeValue> | undefined> {
      return (await dynamodb.send(new GetItemCommand({ TableName: 'table', Key: { pk: { S: pk } } }))).Item;
    },
    async stateOf(key: string): Promise<unknown> {
      const text = (await rig.item(`a#${key}`))?.state?.S;
      return text === undefined ? undefined : JSON.parse(text);
    },
    async rows(prefix: string): Promise<Record<string, AttributeValue>[]> {
      const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName: 'table' }));
      return Items.filter(({ pk }) => pk!.S!.startsWith(prefix));
    },
    /** Everything in the outbox, as published. */
    async outbox(): Promise<CloudEvent[]> {
      return (await rig.rows('o#')).flatMap(({ entries }) => JSON.parse(entries!.S!));
    },
    /** Dead letters with their reasons. */
    async dead() {
      return (await rig.receive(deadLetters)).map(({ body, messageAttributes, attributes }) => ({
        body,
        attributes,
        messageAttributes,
        reason: JSON.parse(messageAttributes.SpillwayReason?.stringValue ?? 'null'),
      }));
    },
    /** The record lines of the log. */
    outcomes: () => lines.filter(({ outcome }) => outcome !== undefined).map(({ outcome }) => outcome),
  };
  return rig;
}

let putCount = 0;

/** Waiting takes no real time: whoever waits goes on at once, and the time has passed. */
export function waitingAmbient(
  base: () => number,
  lines: Record<string, unknown>[],
  env: Record<string, string>,
): Ambient & { waited: number; env: Record<string, string> } {
  const random = seeded(7);
  const ambient = {
    waited: 0,
    now: () => base() + ambient.waited,
    after(ms: number, run: () => void) {
      const timer = setImmediate(() => {
        ambient.waited += ms;
        run();
      });
      return () => clearImmediate(timer);
    },
    random: random.next,
    newId: random.uuid,
    write: (line: string) => void lines.push(JSON.parse(line)),
    env,
  };
  return ambient;
}

/** What a producer was told went wrong. */
export const caught = (sending: Promise<void>): Promise<PublishError> =>
  sending.then(
    () => expect.fail('everything was accepted'),
    (error) => error,
  );

/** An event as EventBridge puts it on a queue. */
export const enveloped = (event: CloudEvent, changes: object = {}) => ({
  version: '0',
  id: 'envelope',
  'detail-type': event.type,
  source: event.source,
  account: '000000000000',
  time: '2030-01-01T00:00:00Z',
  region: 'eu-west-1',
  resources: [],
  detail: event,
  ...changes,
});

/** A client that `intercept` sees every command of: it may answer itself, or throw, before or after `next`. */
export const intercepted = <Client extends { send: (command: never) => unknown }>(
  client: Client,
  intercept: (name: string, next: () => Promise<unknown>, input: never) => Promise<unknown>,
): Client =>
  ({
    send: (command: { constructor: { name: string }; input: never }) =>
      intercept(
        command.constructor.name.replace(/Command$/, ''),
        () => client.send(command as never) as Promise<unknown>,
        command.input,
      ),
  }) as unknown as Client;

async function createQueue(
  sqs: SQSClient,
  name: string,
  fifo: boolean,
): Promise<{ url: string; arn: string }> {
  const { QueueUrl } = await sqs.send(
    new CreateQueueCommand({
      QueueName: fifo ? `${name}.fifo` : name,
      Attributes: { VisibilityTimeout: '180', ...(fifo ? { FifoQueue: 'true' } : {}) },
    }),
  );
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  return { url: QueueUrl!, arn: Attributes!.QueueArn! };
}

const recordOf = (message: Message, eventSourceARN: string): SQSRecord => ({
  messageId: message.MessageId!,
  receiptHandle: message.ReceiptHandle!,
  body: message.Body!,
  attributes: message.Attributes as unknown as SQSRecord['attributes'],
  messageAttributes: Object.fromEntries(
    Object.entries(message.MessageAttributes ?? {}).map(([name, { StringValue, DataType }]) => [
      name,
      {
        stringValue: StringValue!,
        stringListValues: [],
        binaryListValues: [],
        dataType: DataType as 'String',
      },
    ]),
  ),
  md5OfBody: message.MD5OfBody!,
  eventSource: 'aws:sqs',
  eventSourceARN,
  awsRegion: 'eu-west-1',
});
