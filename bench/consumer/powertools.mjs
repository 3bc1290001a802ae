/** The same consumer on Powertools for Lambda, as its documentation puts batch, parser and idempotency together. */
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { parser } from '@aws-lambda-powertools/batch/parser';
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { BasePersistenceLayer, IdempotencyRecord } from '@aws-lambda-powertools/idempotency/persistence';
import {
  IdempotencyItemAlreadyExistsError,
  IdempotencyItemNotFoundError,
} from '@aws-lambda-powertools/idempotency';
import { JSONStringified } from '@aws-lambda-powertools/parser/helpers';
import { EventBridgeSchema } from '@aws-lambda-powertools/parser/schemas/eventbridge';
import { SqsRecordSchema } from '@aws-lambda-powertools/parser/schemas/sqs';
import { z } from 'zod';

const id = z.string().min(1).max(64);

const OrderPlaced = z.object({
  orderId: id,
  customerId: id,
  placedOn: z.iso.date(),
  total: z.int().min(0),
  lines: z.array(z.object({ productId: id, quantity: z.int().min(1).max(10_000) })),
  acceptedAt: z.iso.datetime(),
});

const CloudEvent = z.object({
  specversion: z.literal('1.0'),
  id: z.string(),
  source: z.string(),
  type: z.literal('order.placed'),
  time: z.iso.datetime(),
  dataschema: z.string(),
  subject: z.string().optional(),
  correlationid: z.string(),
  traceparent: z.string(),
  hops: z.int(),
  data: OrderPlaced,
});

const Body = EventBridgeSchema.extend({ detail: CloudEvent });

/** The faster of the two ways that are documented: with `innerSchema` the schema of the record is made for each record. */
const whole = { schema: SqsRecordSchema.extend({ body: JSONStringified(Body) }) };
const inner = { innerSchema: Body, transformer: 'json' };

/** @param save what to do with an order, once */
function consumer(persistenceStore, save, schemas = whole) {
  const processor = new BatchProcessor(EventType.SQS, { parser, ...schemas });
  const config = new IdempotencyConfig({ eventKeyJmesPath: 'id', throwOnNoIdempotencyKey: true });
  const processEvent = makeIdempotent(({ data }) => save(data), { persistenceStore, config });
  return async (event, context) => {
    config.registerLambdaContext(context);
    return processPartialResponse(event, ({ body }) => processEvent(body.detail), processor, { context });
  };
}

/** What each customer has ordered. */
function customers() {
  const kept = new Map();
  return {
    async save({ customerId, total: amount }) {
      const { orders, total } = JSON.parse(kept.get(customerId) ?? '{"orders":0,"total":0}');
      kept.set(customerId, JSON.stringify({ orders: orders + 1, total: total + amount }));
    },
    total: () => [...kept.values()].map((text) => JSON.parse(text).total).reduce((sum, it) => sum + it, 0),
  };
}

/** As it is deployed. */
export const handler = consumer(
  new DynamoDBPersistenceLayer({ tableName: process.env.IDEMPOTENCY_TABLE ?? 'idempotency' }),
  customers().save,
);

/** With idempotency records in memory. */
export function inMemory({ perRecord = false } = {}) {
  const { save, total } = customers();
  return { handler: consumer(new MemoryPersistenceLayer(), save, perRecord ? inner : whole), total };
}

class MemoryPersistenceLayer extends BasePersistenceLayer {
  #records = new Map();

  async _getRecord(key) {
    const record = this.#records.get(key);
    if (!record) throw new IdempotencyItemNotFoundError('not found');
    return new IdempotencyRecord(record);
  }

  async _putRecord(record) {
    const existing = this.#records.get(record.idempotencyKey);
    if (existing) throw new IdempotencyItemAlreadyExistsError('exists', new IdempotencyRecord(existing));
    this.#records.set(record.idempotencyKey, kept(record));
  }

  async _updateRecord(record) {
    this.#records.set(record.idempotencyKey, kept(record));
  }

  async _deleteRecord({ idempotencyKey }) {
    this.#records.delete(idempotencyKey);
  }
}

const kept = ({
  idempotencyKey,
  status,
  expiryTimestamp,
  inProgressExpiryTimestamp,
  responseData,
  payloadHash,
}) => ({
  idempotencyKey,
  status,
  expiryTimestamp,
  inProgressExpiryTimestamp,
  responseData,
  payloadHash,
});
