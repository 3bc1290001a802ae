import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { show } from '../../../functions/orders/show.ts';
import { view } from '../../../functions/runtime/view.ts';
import { startLocal, type Local } from '../../../local/index.ts';
import { intercepted, waitingAmbient } from '../rig.ts';
import { answered, request } from './gateway.ts';

let aws: Local;
let dynamodb: DynamoDBClient;
const lines: Record<string, unknown>[] = [];
beforeEach(async () => {
  aws = await startLocal();
  dynamodb = aws.client(DynamoDBClient);
  lines.length = 0;
  for (const TableName of ['orders', 'shipments'])
    await dynamodb.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      }),
    );
});
afterEach(() => aws.stop());

const put = (TableName: string, pk: string, state: object) =>
  dynamodb.send(
    new PutItemCommand({ TableName, Item: { pk: { S: pk }, state: { S: JSON.stringify(state) } } }),
  );

async function get(orderId: string, { method = 'GET', from = dynamodb } = {}) {
  const ambient = waitingAmbient(aws.world.clock.now, lines, {
    SPILLWAY_TABLES: JSON.stringify({ checkout: 'orders', shipping: 'shipments' }),
  });
  const handler = view(
    ['checkout', 'shipping'],
    { key: ({ orderId }) => orderId, show },
    { dynamodb: from, ambient },
  );
  return answered(
    await handler(request({ method, resource: '/orders/{orderId}', pathParameters: { orderId } })),
  );
}

const order = { orderId: 'o-1', customerId: 'c', total: 5, placedOn: '2030-01-01', acceptedAt: 'then' };

test('an order is shown as checkout took it, and as far as shipping has got', async () => {
  await put('orders', 'a#o-1', order);
  const { status, body, headers } = await get('o-1');
  expect([status, headers['Cache-Control']]).toEqual([200, 'no-store']);
  expect(body).toEqual({ ...order, status: 'open' });
  await put('shipments', 'a#o-1', { status: 'shipped', payment: 'captured', stock: 'reserved', lines: [1] });
  expect((await get('o-1')).body).toEqual({
    ...order,
    status: 'shipped',
    payment: 'captured',
    stock: 'reserved',
  });
});

test('what nobody has taken, or can have, is 404', async () => {
  await put('orders', 'm#o-1', order);
  for (const orderId of ['o-1', '', '../m#o-1', 'x'.repeat(2_000)])
    expect(await get(orderId)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
});

test('B39: it only reads', async () => {
  const { status, headers } = await get('o-1', { method: 'DELETE' });
  expect([status, headers.Allow]).toEqual([405, 'GET']);
});

test('B40: a table that does not answer is 503', async () => {
  const throttled = Object.assign(new Error('CANARY'), { name: 'ThrottlingException' });
  const from = intercepted(dynamodb, () => Promise.reject(throttled));
  expect(await get('o-1', { from })).toMatchObject({ status: 503, headers: { 'Retry-After': '5' } });
  expect(lines).toMatchObject([{ level: 'error', code: 'STORE_UNAVAILABLE' }]);
  expect(JSON.stringify(lines)).not.toContain('CANARY');
});
