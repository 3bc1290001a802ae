/** An API for clients with keys of their own and for signed webhooks, on an embedded AWS. */
import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { APIGatewayClient, GetApiKeyCommand } from '@aws-sdk/client-api-gateway';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { App, Stack } from 'aws-cdk-lib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Pipeline } from '../../infra/pipeline/index.ts';
import { startLocal, type Local } from '../../local/index.ts';
import { PaymentCaptured, PlaceOrder } from '../infra/shopfront/contracts.ts';
import { root } from '../infra/shopfront/index.ts';
import { ask } from './signed.ts';

const SECRET = Buffer.alloc(24, 7);

let local: Local;
let folder: string;
let base: string;
let api: { restApiId: string; table: string; clients: Record<string, string> };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'partners-'));
  local = await startLocal({ region: 'us-east-1' });
  await local.deploy(synthesized());
  const ssm = local.client(SSMClient);
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: '/spillway/shop/dev/api/partners' }));
  api = JSON.parse(Parameter!.Value!);
  const Value = `whsec_${SECRET.toString('base64')}`;
  await ssm.send(new PutParameterCommand({ Name: '/shop/bank', Type: 'SecureString', Value }));
  base = `${await local.listen(0)}/restapis/${api.restApiId}/dev/_user_request_`;
}, 60_000);
afterAll(async () => {
  await local.stop();
  rmSync(folder, { recursive: true });
});

function synthesized(): string {
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: Record<string, unknown> };
  const app = new App({ outdir: folder, context });
  const stack = new Stack(app, 'partners', { env: { account: '000000000000', region: 'us-east-1' } });
  const pipeline = new Pipeline(stack, 'Shop', { stage: 'dev', root });
  pipeline.consumer('checkout', { on: [PlaceOrder] });
  pipeline.consumer('audit', { on: [PaymentCaptured], stateless: true });
  pipeline.api('partners', {
    accepts: [PlaceOrder],
    clients: { acme: { rate: 1, burst: 3 }, globex: { rate: 1, burst: 3 } },
    tenant: 'orderId',
    webhooks: { bank: { accepts: PaymentCaptured, secret: '/shop/bank' } },
  });
  return app.synth().directory;
}

const accepted = async () => {
  const { Items = [] } = await local.client(DynamoDBClient).send(new ScanCommand({ TableName: api.table }));
  return Items.filter(({ pk }) => pk!.S!.startsWith('m#')).length;
};

async function place(client: string, orderId = client, key = 'same') {
  const { value } = await local
    .client(APIGatewayClient)
    .send(new GetApiKeyCommand({ apiKey: api.clients[client]!, includeValue: true }));
  return ask(`${base}/commands/order.place`, {
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key, 'x-api-key': value! },
    body: JSON.stringify({ orderId, total: 1 }),
  });
}

test('B36, B38: clients have keys of their own, and speak for themselves only', async () => {
  const before = await accepted();
  const acme = await place('acme');
  const globex = await place('globex');
  expect([acme.status, globex.status]).toEqual([202, 202]);
  expect(acme.body.id).not.toBe(globex.body.id);
  expect(await accepted()).toBe(before + 2);
  expect(await place('acme', 'globex', 'other')).toMatchObject({
    status: 403,
    body: { code: 'TENANT_MISMATCH' },
  });
  expect(await accepted()).toBe(before + 2);
});

test('without the key of a client API Gateway refuses, in the same form', async () => {
  const { status, type, body } = await ask(`${base}/commands/order.place`, { body: '{}' });
  expect([status, type, body.code]).toEqual([403, 'application/problem+json', 'INVALID_API_KEY']);
});

test('a client that is too fast is throttled, and others are not', async () => {
  await local.advance('10s');
  const statuses: number[] = [];
  for (let i = 0; i < 4; i++) statuses.push((await place('acme')).status);
  expect(statuses).toEqual([202, 202, 202, 429]);
  const { type, headers, body } = await place('acme');
  expect([type, headers.get('retry-after'), body.code]).toEqual([
    'application/problem+json',
    '1',
    'THROTTLED',
  ]);
  expect((await place('globex')).status).toBe(202);
  await local.advance('1s');
  expect((await place('acme')).status).toBe(202);
});

const PAYLOAD = '{ "orderId": "o-1", "total": 5 }';
const seconds = () => Math.floor(local.world.clock.now() / 1000);

/** As the bank sends a webhook, but for what is said otherwise. */
function webhook({ id = 'msg_1', at = seconds(), body = PAYLOAD, signed = PAYLOAD, first = '' } = {}) {
  const hmac = createHmac('sha256', SECRET).update(`${id}.${at}.${signed}`).digest('base64');
  const headers = {
    'Content-Type': 'application/json',
    'Webhook-Id': id,
    'Webhook-Timestamp': String(at),
    'Webhook-Signature': `${first} v1,${hmac}`.trim(),
  };
  return ask(`${base}/webhooks/bank`, { headers, body });
}

test('B30, B31: a webhook needs no key but a signature over what was sent, and counts once', async () => {
  const before = await accepted();
  const first = await webhook({ first: 'v1,AAAA' });
  expect(first).toMatchObject({ status: 202, body: { type: 'payment.captured' } });
  expect((await webhook()).body).toEqual(first.body);
  expect(await accepted()).toBe(before + 1);
});

test.each([
  ['B27: an id that is missing', { id: '' }, 401, 'SIGNATURE_MISSING'],
  ['B28: a signature over something else', { signed: 'other' }, 401, 'SIGNATURE_INVALID'],
  ['B29: a time that is over five minutes ago', { late: 301 }, 401, 'TIMESTAMP_OUT_OF_RANGE'],
  ['B29: a time that is over five minutes ahead', { late: -301 }, 401, 'TIMESTAMP_OUT_OF_RANGE'],
  ['B32: a body that was written anew', { body: '{"orderId":"o-1","total":5}' }, 401, 'SIGNATURE_INVALID'],
  ['B37: an id with a full stop', { id: 'msg.1' }, 400, 'BAD_ID'],
])('a webhook is refused: %s', async (_, { late = 0, ...sent }: Refused, status, code) => {
  const before = await accepted();
  const refused = await webhook({ ...sent, at: seconds() - late });
  expect(refused).toMatchObject({ status, type: 'application/problem+json', body: { code } });
  expect(await accepted()).toBe(before);
});

type Refused = Parameters<typeof webhook>[0] & { late?: number };
