/** Clients that keep a server busy until it is gone, and write down what it acknowledged. */
import * as DynamoDB from '@aws-sdk/client-dynamodb';
import * as Events from '@aws-sdk/client-eventbridge';
import * as S3 from '@aws-sdk/client-s3';
import * as SQS from '@aws-sdk/client-sqs';
import * as SSM from '@aws-sdk/client-ssm';
import { openTo } from '../queue-policy.ts';
import type { Ledger, Upload } from './ledger.ts';

export type Clients = ReturnType<typeof clientsOf>;

export function clientsOf(endpoint: string) {
  const config = {
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  };
  return {
    url: (queue: string) => `${endpoint}/000000000000/${queue}`,
    sqs: new SQS.SQSClient(config),
    dynamodb: new DynamoDB.DynamoDBClient(config),
    events: new Events.EventBridgeClient(config),
    ssm: new SSM.SSMClient(config),
    s3: new S3.S3Client({ ...config, forcePathStyle: true }),
  };
}

/** What the load needs: made once, by the first server. */
export async function prepare({ sqs, dynamodb, events, s3 }: Clients): Promise<void> {
  const arn = 'arn:aws:sqs:eu-west-1:000000000000:target';
  const Policy = openTo('events.amazonaws.com', arn);
  await sqs.send(new SQS.CreateQueueCommand({ QueueName: 'standard' }));
  await sqs.send(new SQS.CreateQueueCommand({ QueueName: 'target', Attributes: { Policy } }));
  await sqs.send(
    new SQS.CreateQueueCommand({
      QueueName: 'line.fifo',
      Attributes: { FifoQueue: 'true', ContentBasedDeduplication: 'true' },
    }),
  );
  await events.send(
    new Events.PutRuleCommand({ Name: 'all', EventPattern: JSON.stringify({ source: ['load'] }) }),
  );
  await events.send(new Events.PutTargetsCommand({ Rule: 'all', Targets: [{ Id: '1', Arn: arn }] }));
  await dynamodb.send(
    new DynamoDB.CreateTableCommand({
      TableName: 'items',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    }),
  );
  await s3.send(new S3.CreateBucketCommand({ Bucket: 'objects' }));
}

/** Each writes items and messages in order by itself: only so can it know what was last. */
const WORKERS = ['a', 'b', 'c'];

let last = 0;
const next = () => ++last;

/** Runs until a call fails because the server is gone. */
export async function load(clients: Clients, ledger: Ledger): Promise<void> {
  const jobs = WORKERS.flatMap((worker) => [
    () => send(clients, ledger),
    () => sendInOrder(clients, ledger, worker),
    () => publish(clients, ledger),
    () => consume(clients, ledger, 'standard'),
    () => consume(clients, ledger, 'target'),
    () => writeItem(clients, ledger, `item-${worker}-${next() % 20}`),
    () => writePair(clients, ledger),
    () => writeParameter(clients, ledger, `/load/${next() % 5}`),
    () => writeObject(clients, ledger),
    () => upload(clients, ledger),
  ]);
  await Promise.all(
    jobs.map(async (job) => {
      try {
        for (;;) {
          await job();
          ledger.acknowledged++;
        }
      } catch (error) {
        if (!isGone(error)) ledger.violations.push(`refused: ${String(error)}`);
      }
    }),
  );
}

const isGone = (error: unknown): boolean =>
  /ECONNRESET|ECONNREFUSED|EPIPE|socket hang up/.test(
    `${String(error)} ${(error as { code?: string }).code}`,
  );

async function send({ sqs, url }: Clients, { sent }: Ledger) {
  const bodies = [`m${next()}`, `m${next()}`];
  await sqs.send(
    new SQS.SendMessageBatchCommand({
      QueueUrl: url('standard'),
      Entries: bodies.map((MessageBody, i) => ({ Id: String(i), MessageBody })),
    }),
  );
  for (const body of bodies) sent.add(body);
}

async function sendInOrder({ sqs, url }: Clients, { sentInOrder }: Ledger, MessageGroupId: string) {
  const MessageBody = `${MessageGroupId}${next()}`;
  await sqs.send(new SQS.SendMessageCommand({ QueueUrl: url('line.fifo'), MessageBody, MessageGroupId }));
  sentInOrder.set(MessageGroupId, [...(sentInOrder.get(MessageGroupId) ?? []), MessageBody]);
}

async function publish({ events }: Clients, ledger: Ledger) {
  const { Entries = [] } = await events.send(
    new Events.PutEventsCommand({ Entries: [{ Source: 'load', DetailType: 'loaded', Detail: '{}' }] }),
  );
  ledger.events.add(Entries[0]!.EventId!);
}

/** Receives, and deletes half of what comes; the rest stays in flight. */
async function consume({ sqs, url }: Clients, ledger: Ledger, queue: 'standard' | 'target') {
  const QueueUrl = url(queue);
  const { Messages = [] } = await sqs.send(
    new SQS.ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 4, VisibilityTimeout: 5 }),
  );
  for (const { MessageId = '', Body = '', ReceiptHandle } of Messages) {
    if (ledger.deleted.has(MessageId)) ledger.violations.push(`${Body} came back after it was deleted`);
    ledger.seen[queue].add(queue === 'target' ? (JSON.parse(Body) as { id: string }).id : Body);
    if (next() % 2 === 0) continue;
    await sqs.send(new SQS.DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    ledger.deleted.add(MessageId);
  }
}

async function writeItem({ dynamodb }: Clients, { items }: Ledger, key: string) {
  const known = items.get(key) ?? { acknowledged: [0], asked: [0] };
  items.set(key, known);
  const version = next() % 7 === 0 ? 0 : next();
  known.asked.push(version);
  const pk = { S: key };
  await (version === 0
    ? dynamodb.send(new DynamoDB.DeleteItemCommand({ TableName: 'items', Key: { pk } }))
    : dynamodb.send(
        new DynamoDB.PutItemCommand({ TableName: 'items', Item: { pk, version: { N: String(version) } } }),
      ));
  known.acknowledged.push(version);
  known.asked = [];
}

async function writePair({ dynamodb }: Clients, { pairs }: Ledger) {
  const pair = `pair-${next()}`;
  pairs.set(pair, false);
  await dynamodb.send(
    new DynamoDB.TransactWriteItemsCommand({
      TransactItems: ['left', 'right'].map((side) => ({
        Put: { TableName: 'items', Item: { pk: { S: `${pair}-${side}` } } },
      })),
    }),
  );
  pairs.set(pair, true);
}

async function writeParameter({ ssm }: Clients, { parameters }: Ledger, Name: string) {
  const { Version = 0 } = await ssm.send(
    new SSM.PutParameterCommand({ Name, Value: 'x', Type: 'String', Overwrite: true }),
  );
  parameters.set(Name, Version);
}

async function writeObject({ s3 }: Clients, { objects }: Ledger) {
  const Key = `object-${next()}`;
  await s3.send(new S3.PutObjectCommand({ Bucket: 'objects', Key, Body: Key }));
  objects.add(Key);
}

const PARTS = 3;

/** Uploads small parts, of which the last alone becomes the object: only so may it be small. */
async function upload(clients: Clients, { uploads, objects }: Ledger) {
  const key = `upload-${next()}`;
  const object = { Bucket: 'objects', Key: key };
  const { UploadId = '' } = await clients.s3.send(new S3.CreateMultipartUploadCommand(object));
  const begun: Upload = { key, parts: new Map(), ending: false };
  uploads.set(UploadId, begun);
  for (let PartNumber = 1; PartNumber <= PARTS; PartNumber++) {
    const part = { ...object, UploadId, PartNumber, Body: key };
    const { ETag } = await clients.s3.send(new S3.UploadPartCommand(part));
    begun.parts.set(PartNumber, ETag!);
  }
  begun.ending = true;
  await complete(clients, UploadId, begun);
  uploads.delete(UploadId);
  objects.add(key);
}

/** Makes an object of the last of an upload's parts. */
export async function complete({ s3 }: Clients, UploadId: string, { key, parts }: Upload): Promise<void> {
  const [PartNumber, ETag] = [...parts].at(-1)!;
  await s3.send(
    new S3.CompleteMultipartUploadCommand({
      Bucket: 'objects',
      Key: key,
      UploadId,
      MultipartUpload: { Parts: [{ PartNumber, ETag }] },
    }),
  );
}
