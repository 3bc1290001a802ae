import { createHmac } from 'node:crypto';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { startApi } from './gateway.ts';

const OLD = Buffer.alloc(24, 1);
const NEW = Buffer.alloc(24, 2);
const BODY = '{"bill":"b-1",  "extra": 1.0}';

const { rig, instance, clear } = await startApi();
const ssm = rig.aws.client(SSMClient);
let ask: ReturnType<typeof instance>;
beforeEach(async () => {
  await clear();
  await keep(OLD);
  ask = instance();
});
afterAll(() => rig.stop());

const keep = (...secrets: Buffer[]) =>
  ssm.send(
    new PutParameterCommand({
      Name: '/bank/secret',
      Type: 'SecureString',
      Overwrite: true,
      Value: secrets.map((secret) => `whsec_${secret.toString('base64')}`).join(' '),
    }),
  );

const seconds = () => Math.floor(rig.ambient.now() / 1000);

const sign = (secret: Buffer, id: string, timestamp: number | string, body = BODY) =>
  `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')}`;

interface Hook {
  id?: string;
  timestamp?: number | string;
  signature?: string;
  body?: string;
  without?: string;
}

/** A webhook of the bank, signed with the old secret unless told otherwise. It needs neither key nor credentials. */
function deliver({ id = 'msg_1', timestamp = seconds(), signature, body = BODY, without }: Hook = {}) {
  const headers: Record<string, string | undefined> = {
    'Idempotency-Key': undefined,
    'Webhook-Id': id,
    'Webhook-Timestamp': String(timestamp),
    'Webhook-Signature': signature ?? sign(OLD, id, timestamp, BODY),
  };
  if (without) headers[without] = undefined;
  return ask({ resource: '/webhooks/bank', headers, body, identity: { userArn: null } });
}

test('a signed webhook is accepted as an event', async () => {
  const { status, body } = await deliver();
  expect(status).toBe(202);
  expect(await rig.outbox()).toMatchObject([{ id: body.id, type: 'bill.paid', data: { bill: 'b-1' } }]);
  expect((await rig.rows('o#'))[0]).toMatchObject({ kind: { S: 'events' } });
  expect(rig.lines).toMatchObject([{ client: 'webhooks/bank', outcome: 'accepted' }]);
});

test('B30, F09: delivered twice it is one event; with another body under its id it is refused', async () => {
  const first = await deliver();
  rig.ambient.waited += 60_000;
  expect(await deliver()).toEqual(first);
  const other = '{"bill":"b-2"}';
  const signature = sign(OLD, 'msg_1', seconds(), other);
  expect((await deliver({ body: other, signature })).status).toBe(422);
  expect(await rig.outbox()).toHaveLength(1);
});

test.each(['Webhook-Id', 'Webhook-Timestamp', 'Webhook-Signature'])(
  'B27: %s must be there',
  async (without) => {
    const { status, body } = await deliver({ without });
    expect(status).toBe(401);
    expect(body).toMatchObject({ code: 'SIGNATURE_MISSING', path: without.toLowerCase() });
  },
);

describe('B28: a signature that is none', () => {
  test.each([
    ['of another secret', (at: number) => sign(NEW, 'msg_1', at)],
    ['of another id', (at: number) => sign(OLD, 'msg_2', at)],
    ['of another time', (at: number) => sign(OLD, 'msg_1', at - 1)],
    ['of another version', (at: number) => sign(OLD, 'msg_1', at).replace('v1', 'v2')],
    ['without a version', (at: number) => sign(OLD, 'msg_1', at).slice(3)],
    ['cut', (at: number) => sign(OLD, 'msg_1', at).slice(0, 20)],
    ['empty', () => 'v1,'],
    ['the eleventh of a list', (at: number) => `${'v1,AAAA '.repeat(10)}${sign(OLD, 'msg_1', at)}`],
  ])('%s is refused, in the same words', async (_, signatureAt) => {
    const { status, body } = await deliver({ signature: signatureAt(seconds()) });
    expect(status).toBe(401);
    expect(body).toMatchObject({
      code: 'SIGNATURE_INVALID',
      detail: 'no signature is of a current secret',
    });
    expect(await rig.rows('')).toEqual([]);
  });

  test('B32: the body as it was sent is what is signed, to the last space', async () => {
    expect((await deliver({ body: JSON.stringify(JSON.parse(BODY)) })).status).toBe(401);
  });

  test('is told before the body is looked at', async () => {
    expect((await deliver({ body: '{' })).body.code).toBe('SIGNATURE_INVALID');
    expect((await deliver({ body: '{', signature: sign(OLD, 'msg_1', seconds(), '{') })).body.code).toBe(
      'BAD_JSON',
    );
  });
});

test.each([-300, 300])('F09: a signature %i seconds from now is accepted', async (away) => {
  expect((await deliver({ timestamp: seconds() + away })).status).toBe(202);
});

test.each([-301, 301])('B29: a signature %i seconds from now is refused', async (away) => {
  expect(await deliver({ timestamp: seconds() + away })).toMatchObject({
    status: 401,
    body: { code: 'TIMESTAMP_OUT_OF_RANGE', limit: '±300 s' },
  });
});

test.each(['1.5e9', 'soon', '-1', ' 1', ''])('B29: the time %j is none', async (timestamp) => {
  expect((await deliver({ timestamp })).status).toBe(401);
});

test('B31: while keys rotate, either is good, and one of two signatures suffices', async () => {
  await keep(NEW, OLD);
  expect((await deliver({ id: 'a' })).status).toBe(202);
  expect((await deliver({ id: 'b', signature: sign(NEW, 'b', seconds()) })).status).toBe(202);
  await keep(NEW);
  rig.ambient.waited += 5 * 60_000;
  expect((await deliver({ id: 'c' })).status).toBe(401);
  const both = `${sign(OLD, 'd', seconds())} ${sign(NEW, 'd', seconds())}`;
  expect((await deliver({ id: 'd', signature: both })).status).toBe(202);
});

test.each(['a.b', 'a\r\nb', 'a b', 'x'.repeat(129)])('B37: the id %j is refused', async (id) => {
  expect(await deliver({ id })).toMatchObject({ status: 400, body: { code: 'BAD_ID' } });
});

describe('a secret that cannot be read', () => {
  test('is 503, and said to us only', async () => {
    await ssm.send(
      new PutParameterCommand({ Name: '/bank/secret', Type: 'String', Overwrite: true, Value: 'CANARY' }),
    );
    const { status, body, headers } = await deliver();
    expect([status, body.code, headers['Retry-After']]).toEqual([503, 'SECRET_UNAVAILABLE', '60']);
    expect(JSON.stringify(body)).not.toContain('/bank/secret');
    expect(rig.lines).toMatchObject([
      { level: 'error', code: 'SECRET_UNAVAILABLE', message: '/bank/secret: TypeError' },
    ]);
    expect(JSON.stringify(rig.lines)).not.toContain('CANARY');
  });

  test('does not stop those whose secret is known', async () => {
    await deliver();
    await ssm.send(
      new PutParameterCommand({ Name: '/bank/secret', Type: 'String', Overwrite: true, Value: 'gone' }),
    );
    rig.ambient.waited += 5 * 60_000;
    expect((await deliver({ id: 'next' })).status).toBe(202);
  });
});
