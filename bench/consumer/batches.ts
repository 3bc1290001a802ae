import type { SQSEvent } from 'aws-lambda';

const TIME = '2030-01-01T00:00:00.000Z';

/** SQS batches as Lambda hands them over: `order.placed` in EventBridge's envelope, every order another one. */
export const batches = (count: number, size = 10): SQSEvent[] =>
  Array.from({ length: count }, (_, batch) => ({
    Records: Array.from({ length: size }, (_, i) => recordOf(batch * size + i)),
  }));

/** What the orders of `batches(count, size)` come to. */
export const totalOf = (count: number, size = 10): number =>
  Array.from({ length: count * size }, (_, n) => amountOf(n)).reduce((sum, amount) => sum + amount, 0);

const amountOf = (n: number) => 100 + (n % 997);

function recordOf(n: number): SQSEvent['Records'][number] {
  const id = `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
  const detail = {
    specversion: '1.0',
    id,
    source: 'bench.checkout',
    type: 'order.placed',
    time: TIME,
    dataschema: 'urn:spillway:order.placed:1',
    subject: `order-${n}`,
    correlationid: id,
    traceparent: `00-${id.replaceAll('-', '')}-0000000000000001-01`,
    hops: 0,
    data: {
      orderId: `order-${n}`,
      customerId: `customer-${n % 793}`,
      placedOn: '2030-01-01',
      total: amountOf(n),
      lines: [
        { productId: 'OFF-PA-10000174', quantity: 2 },
        { productId: 'TEC-PH-10002033', quantity: 1 },
        { productId: 'FUR-CH-10000454', quantity: 3 },
      ],
      acceptedAt: TIME,
    },
  };
  const body = JSON.stringify({
    version: '0',
    id,
    'detail-type': detail.type,
    source: detail.source,
    account: '000000000000',
    time: '2030-01-01T00:00:00Z',
    region: 'us-east-1',
    resources: [],
    detail,
  });
  return {
    messageId: id,
    receiptHandle: `handle-${n}`,
    body,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: String(Date.parse(TIME)),
      SenderId: 'AIDAIENQZJOLO23YVJ4VO',
      ApproximateFirstReceiveTimestamp: String(Date.parse(TIME)),
    },
    messageAttributes: {},
    md5OfBody: '098f6bcd4621d373cade4e832627b4f6',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:orders',
    awsRegion: 'us-east-1',
  };
}
