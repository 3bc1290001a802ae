/** The same with Powertools' idempotency and a transactional outbox, written by hand as sparingly as can be. */
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { BatchWriteItemCommand, GetItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { createHash } from 'node:crypto';

export function powertools({ dynamodb, eventbridge }) {
  const persistenceStore = new DynamoDBPersistenceLayer({
    tableName: 'idempotency',
    awsSdkV3Client: dynamodb,
  });
  const config = new IdempotencyConfig({ eventKeyJmesPath: 'id', throwOnNoIdempotencyKey: true });
  const processEvent = makeIdempotent((event) => commit(event, dynamodb), { persistenceStore, config });
  const processor = new BatchProcessor(EventType.SQS);
  return {
    consumer(batch, context) {
      config.registerLambdaContext(context);
      const processRecord = ({ body }) => processEvent(JSON.parse(body).detail);
      return processPartialResponse(batch, processRecord, processor, { context });
    },
    async relay({ Records }) {
      const rows = Records.map(({ dynamodb }) => dynamodb.NewImage);
      for (let i = 0; i < rows.length; i += 10) {
        const Entries = rows.slice(i, i + 10).map(({ event }) => entryOf(JSON.parse(event.S)));
        await eventbridge.send(new PutEventsCommand({ Entries }));
      }
      for (let i = 0; i < rows.length; i += 25) {
        const outbox = rows.slice(i, i + 25).map(({ pk }) => ({ DeleteRequest: { Key: { pk } } }));
        await dynamodb.send(new BatchWriteItemCommand({ RequestItems: { outbox } }));
      }
    },
  };
}

/** The aggregate and the outbox row, on top of the version that was read. */
async function commit(event, dynamodb) {
  const { orderId, customerId } = event.data;
  const Key = { pk: { S: customerId } };
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName: 'customers', Key, ConsistentRead: true }),
  );
  const before = JSON.parse(Item?.state.S ?? '{"orders":0,"total":0}');
  const state = { orders: before.orders + 1, total: before.total + event.data.total };
  const version = Number(Item?.version.N ?? 0);
  const now = new Date().toISOString();
  const counted = caused(event, { orderId, customerId, ...state, countedAt: now }, version + 1, now);
  const aggregate = { ...Key, version: { N: String(version + 1) }, state: { S: JSON.stringify(state) } };
  const onTop = Item
    ? { ConditionExpression: 'version = :read', ExpressionAttributeValues: { ':read': Item.version } }
    : { ConditionExpression: 'attribute_not_exists(pk)' };
  const outboxRow = { pk: { S: counted.id }, event: { S: JSON.stringify(counted) } };
  await dynamodb.send(
    new TransactWriteItemsCommand({
      TransactItems: [
        { Put: { TableName: 'customers', Item: aggregate, ...onTop } },
        { Put: { TableName: 'outbox', Item: outboxRow } },
      ],
    }),
  );
}

const hex = (text) => createHash('sha256').update(text).digest('hex');

/** With the same envelope, so that it is as long. */
function caused({ id: causationid, correlationid, traceparent, hops }, data, sequence, time) {
  const digits = hex(`customers ${causationid}`);
  const id = digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, '$1-$2-$3-$4-$5');
  return {
    specversion: '1.0',
    id,
    source: 'bench.customers',
    type: 'order.counted',
    time,
    dataschema: 'urn:spillway:order.counted:1',
    data,
    subject: data.customerId,
    correlationid,
    causationid,
    traceparent: `${traceparent.slice(0, 36)}${digits.slice(0, 16)}-01`,
    sequence,
    hops: hops + 1,
  };
}

const entryOf = (event) => ({
  EventBusName: 'bench',
  Source: event.source,
  DetailType: event.type,
  Detail: JSON.stringify(event),
});
