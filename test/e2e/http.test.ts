import { readFileSync } from 'node:fs';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CloudFormationClient, DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordLines, type RecordLine } from '../../operate/records.ts';
import { startOnlineShop, type OnlineShop } from './shop.ts';
import { ADMINISTRATOR, type Credentials } from './signed.ts';

const ORDER = JSON.parse(readFileSync('docs/examples/order.place.json', 'utf8'));

let shop: OnlineShop;
beforeAll(async () => {
  shop = await startOnlineShop();
}, 60_000);
afterAll(() => shop.local.stop());

/** Gives the command to place an order. */
const place = (order: object, { key = 'key', body = JSON.stringify(order), headers = {} } = {}) =>
  shop.call('/commands/order.place', {
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key, ...headers },
    body,
  });

test('an order that is placed over HTTP is shipped, and can be read', async () => {
  const orderId = 'HTTP-1';
  const accepted = await place({ ...ORDER, orderId }, { key: 'http-1' });
  expect(accepted).toMatchObject({ status: 202, body: { type: 'order.place', id: expect.any(String) } });
  await shop.quiet();
  const { status, body } = await shop.call(`/orders/${orderId}`, { method: 'GET' });
  expect(status).toBe(200);
  expect(body).toMatchObject({ orderId, status: 'shipped', total: ORDER.total, payment: 'captured' });
});

test('the trace of a client goes on through the API and every consumer, and all of them log it', async () => {
  const traceid = '4bf92f3577b34da6a3ce929d0e0e4736';
  const since = shop.local.world.clock.now();
  const { body } = await place(
    { ...ORDER, orderId: 'HTTP-4' },
    { key: 'http-4', headers: { traceparent: `00-${traceid}-00f067aa0ba902b7-01` } },
  );
  await shop.quiet();
  const lines: RecordLine[] = [];
  for await (const line of recordLines(shop.aws, shop.discovered, since)) lines.push(line);
  expect(new Set(lines.map((line) => line.consumer))).toEqual(
    new Set(['checkout', 'payments', 'inventory', 'shipping', 'ledger']),
  );
  expect(lines.filter((line) => line.correlationid !== body.id || line.traceid !== traceid)).toEqual([]);
  expect(await logged('CheckoutApiFunctionLogs')).toContainEqual(
    expect.objectContaining({ outcome: 'accepted', id: body.id, traceid }),
  );
});

test('F08, B34: a repeated request is answered the same and placed once; with another body it is 422', async () => {
  const first = await place({ ...ORDER, orderId: 'HTTP-2' }, { key: 'http-2' });
  await shop.local.advance('10m');
  const again = await place({ ...ORDER, orderId: 'HTTP-2' }, { key: 'http-2' });
  expect([again.status, again.body]).toEqual([first.status, first.body]);
  const other = await place({ ...ORDER, orderId: 'HTTP-3' }, { key: 'http-2' });
  expect(other).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
  await shop.quiet();
  expect(await shop.call('/orders/HTTP-2', { method: 'GET' })).toMatchObject({ status: 200 });
  expect(await shop.call('/orders/HTTP-3', { method: 'GET' })).toMatchObject({ status: 404 });
});

describe('whoever refuses, API Gateway or the function, answers with problem+json', () => {
  const problem = (status: number, code: string) => ({
    status,
    type: 'application/problem+json',
    body: {
      type: `urn:spillway:problem:${code}`,
      code,
      status,
      detail: expect.any(String),
      hint: expect.any(String),
    },
  });
  const text = (body: string | Uint8Array, headers: Record<string, string> = {}) =>
    shop.call('/commands/order.place', {
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': 'refused', ...headers },
      body,
    });
  const order = JSON.stringify(ORDER);

  test.each([
    ['B18: an empty body', '', 'EMPTY_BODY', {}],
    [
      'B20: bytes that are no UTF-8',
      Buffer.from('{"orderId":"\xe9"}', 'latin1'),
      'BAD_ENCODING',
      { path: 'byte 12' },
    ],
    [
      'B21: a byte order mark',
      `\ufeff${order}`,
      'BAD_JSON',
      { detail: expect.stringContaining('byte order mark') },
    ],
    ['B22: a cut text', '{"orderId":"H-1"', 'BAD_JSON', { path: 'line 1, column 17' }],
    ['B22: something behind the end', '{\n}}', 'BAD_JSON', { path: 'line 2, column 2' }],
    ['B23: a key twice', order.replace('{', '{"total":1,'), 'DUPLICATE_KEY', { path: 'data.total' }],
    ['B26: 200 kB of brackets', '['.repeat(200_000), 'TOO_DEEP', { limit: 64 }],
    ['B16: a missing field', '{"orderId":"H-1"}', 'EVT_SCHEMA', {}],
    [
      'B16: several faults at once',
      JSON.stringify({ ...ORDER, lines: [], total: -1 }),
      'EVT_SCHEMA',
      { faults: [{ path: 'data.lines' }, { path: 'data.total' }] },
    ],
  ])('%s', async (_, body, code, more) => {
    const refused = await text(body);
    expect(refused).toMatchObject(problem(400, code));
    expect(refused.body).toMatchObject(more);
  });

  test.each([
    ['B19: another type', { 'Content-Type': 'text/plain' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['B25: a compressed body', { 'Content-Encoding': 'gzip' }, 415, 'UNSUPPORTED_CODING'],
    ['B33: no key', { 'Idempotency-Key': '' }, 400, 'IDEMPOTENCY_KEY_MISSING'],
    ['B33: a list of keys', { 'Idempotency-Key': 'a, b' }, 400, 'IDEMPOTENCY_KEY_INVALID'],
    ['B33: a key that is too long', { 'Idempotency-Key': 'k'.repeat(256) }, 400, 'IDEMPOTENCY_KEY_INVALID'],
  ])('%s', async (_, headers, status, code) => {
    expect(await text(order, headers)).toMatchObject(problem(status, code));
  });

  test('B24: a body over the limit, of the function and of API Gateway', async () => {
    const large = await text(JSON.stringify({ ...ORDER, more: 'x'.repeat(262_144) }));
    expect(large).toMatchObject(problem(413, 'BODY_TOO_LARGE'));
    expect(large.body).toMatchObject({ limit: 262_144, actual: expect.any(Number) });
    const larger = await text('x'.repeat(10_485_761));
    expect(larger).toMatchObject(problem(413, 'REQUEST_TOO_LARGE'));
    expect(larger.body).toMatchObject({ limit: 10_485_760 });
  });

  test('B39: another method, another path', async () => {
    const refused = await shop.call('/commands/order.place', { method: 'DELETE' });
    expect(refused).toMatchObject(problem(405, 'METHOD_NOT_ALLOWED'));
    expect(refused.headers.get('allow')).toBe('POST');
    expect(await shop.call('/orders/HTTP-1')).toMatchObject(problem(405, 'METHOD_NOT_ALLOWED'));
    for (const path of [
      '/',
      '/orders',
      '/commands/ledger.post',
      '/commands/..%2forder.place',
      '/webhooks/bank',
    ])
      expect(await shop.call(path)).toMatchObject(problem(404, 'NOT_FOUND'));
  });

  test('nobody, somebody else, and somebody who may not', async () => {
    const path = '/commands/order.place';
    expect(await shop.call(path, { body: '{}' }, null)).toMatchObject(
      problem(403, 'MISSING_AUTHENTICATION_TOKEN'),
    );
    const forged = { ...ADMINISTRATOR, secretAccessKey: 'guessed' };
    expect(await shop.call('/orders/HTTP-1', { method: 'GET' }, forged)).toMatchObject(
      problem(403, 'INVALID_SIGNATURE'),
    );
    expect(await shop.call('/orders/HTTP-1', { method: 'GET' }, await powerless())).toMatchObject(
      problem(403, 'ACCESS_DENIED'),
    );
  });
});

/** The credentials of a role that may do nothing. */
async function powerless(): Promise<Credentials> {
  const { Role } = await shop.aws(IAMClient).send(
    new CreateRoleCommand({
      RoleName: 'Visitor',
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '000000000000' } }],
      }),
    }),
  );
  const { Credentials } = await shop
    .aws(STSClient)
    .send(new AssumeRoleCommand({ RoleArn: Role!.Arn, RoleSessionName: 'one' }));
  const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials!;
  return { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey!, sessionToken: SessionToken };
}

/** The JSON lines of a log group of the stack, by its logical id. */
async function logged(logicalId: string): Promise<Record<string, unknown>[]> {
  const { StackResources = [] } = await shop
    .aws(CloudFormationClient)
    .send(new DescribeStackResourcesCommand({ StackName: 'shop-dev' }));
  const { PhysicalResourceId: logGroupName } = StackResources.find(
    ({ LogicalResourceId, ResourceType }) =>
      ResourceType === 'AWS::Logs::LogGroup' && LogicalResourceId!.includes(logicalId),
  )!;
  const { events = [] } = await shop
    .aws(CloudWatchLogsClient)
    .send(new FilterLogEventsCommand({ logGroupName }));
  return events.flatMap(({ message = '' }) => (message.startsWith('{') ? [JSON.parse(message)] : []));
}

describe('afterwards', () => {
  test('I12: the access log has every request, why it was refused, and nothing that was said', async () => {
    const lines = await logged('AccessLog');
    expect(lines).toContainEqual(
      expect.objectContaining({ resource: '/commands/order.place', status: '202' }),
    );
    expect(lines).toContainEqual(expect.objectContaining({ status: '403', refusedAs: 'ACCESS_DENIED' }));
    expect(JSON.stringify(lines)).not.toMatch(/HTTP-1|127\.0\.0\.1|http-1/);
  });

  test('B40: while queues and bus are down a command is accepted all the same, and done when they are back', async () => {
    shop.local.world.faults.set([
      { fault: 'error', service: 'sqs', operation: 'SendMessage*' },
      { fault: 'error', service: 'events', operation: 'PutEvents' },
    ]);
    expect((await place({ ...ORDER, orderId: 'HTTP-8' }, { key: 'http-8' })).status).toBe(202);
    await shop.local.advance('2m');
    expect(await shop.call('/orders/HTTP-8', { method: 'GET' })).toMatchObject({ status: 404 });
    shop.local.world.faults.set([]);
    await shop.quiet();
    const { body } = await shop.call('/orders/HTTP-8', { method: 'GET' });
    expect(body).toMatchObject({ status: 'shipped' });
  });

  test('B40: without its table nothing is accepted, 503 says when to come again, and an alarm tells us', async () => {
    const TableName = shop.discovered.apis['checkout']!.table;
    await shop.aws(DynamoDBClient).send(new DeleteTableCommand({ TableName }));
    const { status, headers, body } = await place({ ...ORDER, orderId: 'HTTP-9' }, { key: 'http-9' });
    expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'STORE_UNAVAILABLE', '5']);
    await shop.local.advance('2m');
    const { MetricAlarms = [] } = await shop
      .aws(CloudWatchClient)
      .send(new DescribeAlarmsCommand({ StateValue: 'ALARM' }));
    expect(MetricAlarms.map(({ MetricName }) => MetricName)).toContain('5XXError');
  });
});
